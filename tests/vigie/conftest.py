from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A configuration that keeps everything in the test's folder."""
    file = tmp_path / "config.yaml"
    file.write_text(f"data: {tmp_path / 'var'}", "utf-8")
    return file
