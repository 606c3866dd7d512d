from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from companies.importing import import_file
from companies.linker import open_linker
from index.embedded import EmbeddedIndex
from index.feed import feed
from index.query import Query
from index.signals import Asked, SignalQuery
from signals.analyse import analyse_collected
from signals.criteria import indexed
from signals.types import default_extractor
from store import documents, outbox, sources
from store.database import Database
from store.documents import Article
from store.sources import SourceEntry
from store.tables import Document, Source


@pytest.fixture
def filled(database: Database, tmp_path: Path) -> Database:
    """One article on a company of the Rhône, collected and analysed."""
    register(database, tmp_path, "69")
    with database.session() as session:
        sources.synchronise(session, [SourceEntry("https://presse.example/rss", "Presse", "fr")])
        source = session.scalars(select(Source)).one()
        article = Article(
            "https://presse.example/1", "Velmora lève 12 millions d'euros", "", None, datetime(2026, 3, 2, tzinfo=UTC)
        )
        (document,) = documents.announce(session, source, [article])
        documents.complete(session, document, None)
    analyse_collected(database, default_extractor(), open_linker(database, tmp_path))
    return database


def register(database: Database, folder: Path, department: str) -> None:
    file = folder / "companies.csv"
    file.write_text(f"name,siren,department\nVelmora,732829320,{department}\n", "utf-8")
    import_file(database, file)


def test_the_outbox_fills_the_index_and_is_emptied(filled: Database, tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index")
    assert feed(filled, index, indexed) == 1
    assert index.search(Query("velmora", type="funding", department="69")).total == 1
    assert feed(filled, index, indexed) == 0


def test_a_lost_index_is_built_anew(filled: Database, tmp_path: Path) -> None:
    feed(filled, EmbeddedIndex(tmp_path / "index"), indexed)
    other = EmbeddedIndex(tmp_path / "other")
    assert feed(filled, other, indexed) == 1
    assert other.search(Query("velmora")).total == 1


def test_a_company_that_moves_is_found_in_its_new_department(filled: Database, tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index")
    feed(filled, index, indexed)
    register(filled, tmp_path, "38")
    assert feed(filled, index, indexed) == 1
    assert index.search(Query(department="38")).total == 1
    assert index.search(Query(department="69")).total == 0


def test_a_signal_is_found_by_what_its_company_has_become(filled: Database, tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index")
    feed(filled, index, indexed)
    asked = SignalQuery(criteria=(Asked("headcount", low=50), Asked("naf", frozenset({"23"}))))
    assert index.find(asked) == []
    file = tmp_path / "more.csv"
    file.write_text("name,siren,headcount,naf\nVelmora,732829320,80,23.11Z\n", "utf-8")
    import_file(filled, file)
    assert feed(filled, index, indexed) == 1
    assert len(index.find(asked)) == 1
    assert len(index.find(SignalQuery(types=frozenset({"funding"}), places=frozenset({"69"})))) == 1


def test_an_erased_document_leaves_the_index(filled: Database, tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index")
    feed(filled, index, indexed)
    with filled.session() as session:
        outbox.add(session, session.scalars(select(Document.id)))
        session.execute(delete(Document))
    feed(filled, index, indexed)
    assert index.search(Query()).total == 0


def test_what_changes_while_the_index_is_written_is_read_the_next_time(filled: Database, tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index")
    with filled.session() as session:
        last, ids = outbox.waiting(session, limit=10)
        outbox.add(session, ids)
    with filled.session() as session:
        outbox.done(session, last)
    assert feed(filled, index, indexed) == 1
