from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from store import companies, documents, outbox, reps, sources
from store.base import Base
from store.companies import CompanyRow
from store.copying import copy_all
from store.database import Database
from store.documents import Article, Page
from store.errors import Conflict
from store.migrate import upgrade
from store.sources import SourceEntry
from store.tables import Document, Source

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def filled(tmp_path: Path) -> Database:
    """A SQLite database with something of most kinds: days, bytes, lists, truth values, signs of all scripts."""
    opened = Database(f"sqlite:///{tmp_path / 'old.db'}")
    upgrade(opened)
    with opened.session() as session:
        sources.synchronise(session, [SourceEntry(f"https://presse.example/{n}", f"Prësse {n} 😀") for n in range(3)])
        source = session.scalars(select(Source).limit(1)).one()
        found = [Article(f"https://presse.example/a{n}", "Titre", notice={"n": [n]}) for n in range(30)]
        made = documents.announce(session, source, found)
        documents.complete(session, made[0], Page("T", "Text", None, NOW, "text/html", b"\x00\xff" * 99))
        outbox.add(session, [made[0].id])
        reps.save(session, "a@example.org", "Zoé", "fr")
        companies.save(session, [CompanyRow("Velmora", {"velmora": "Velmora"}, "732829320")])
    with opened.session() as session:
        session.execute(delete(Document).where(Document.url.endswith("a29")))  # its number is never given again
    return opened


def test_everything_is_copied_and_numbers_go_on(filled: Database, unmigrated: Database) -> None:
    told = []
    counts = copy_all(filled, unmigrated, lambda table, done, total: told.append((table, done, total)))
    assert (counts["document"], counts["source"], counts["company"], counts["rep"]) == (29, 3, 1, 1)
    assert ("document", 29, 29) in told
    for table in Base.metadata.sorted_tables:
        query = select(table).order_by(*table.primary_key.columns)
        with filled.engine.connect() as old, unmigrated.engine.connect() as new:
            assert old.execute(query).all() == new.execute(query).all()
    with unmigrated.session() as session:
        source = session.scalars(select(Source).limit(1)).one()
        (document,) = documents.announce(session, source, [Article("https://presse.example/new", "Neuf")])
        assert document.id > 29


def test_a_database_that_is_not_empty_is_left_as_it_is(filled: Database, database: Database) -> None:
    with database.session() as session:
        reps.save(session, "b@example.org", "B", "fr")
    with pytest.raises(Conflict, match="not empty: there are rows in 'rep'"):
        copy_all(filled, database)
    with database.session() as session:
        assert session.scalars(select(Source)).all() == []


def test_nothing_is_kept_when_it_breaks_off(filled: Database, unmigrated: Database) -> None:
    def breaks(table: str, done: int, _: int) -> None:
        if table == "document" and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_all(filled, unmigrated, breaks)
    with unmigrated.session() as session:
        assert session.scalars(select(Source)).all() == []
    assert copy_all(filled, unmigrated)["source"] == 3
