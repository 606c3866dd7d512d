from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def file(tmp_path: Path, migrated: Path) -> Path:
    """A configuration that keeps everything in the test's folder, with an empty database."""
    file = tmp_path / "config.yaml"
    file.write_text(f"data: {tmp_path / 'var'}", "utf-8")
    (tmp_path / "var").mkdir()
    shutil.copy(migrated, tmp_path / "var" / "vigie.db")
    return file
