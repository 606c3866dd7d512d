from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database import Database
from store.migrate import upgrade


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A fresh database with the newest schema."""
    opened = Database(f"sqlite:///{tmp_path / 'test.db'}")
    upgrade(opened)
    yield opened
    opened.close()
