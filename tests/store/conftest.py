from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database import Database


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """What is stored is stored alike by both."""
    return str(request.param)


@pytest.fixture
def unmigrated(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a table."""
    postgres = request.getfixturevalue("postgres") if engine == "postgresql" else None
    opened = Database(postgres.create(migrated=False) if postgres else f"sqlite:///{tmp_path / 'empty.db'}")
    yield opened
    opened.close()
