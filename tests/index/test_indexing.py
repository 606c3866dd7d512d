from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from companies.criteria import indexed
from companies.importing import import_file
from companies.linker import open_linker
from index.embedded import EmbeddedIndex
from index.indexing import reindex, update_index
from index.query import Entry, Query, SearchIndex
from index.signals import Asked, SignalQuery
from signals.analyse import analyse_collected
from signals.rules import default_extractor
from store import documents, outbox, sources
from store.database import Database
from store.documents import Article
from store.errors import Unavailable
from store.locks import only_one
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


def test_the_outbox_fills_the_index_and_is_emptied(filled: Database, empty: SearchIndex) -> None:
    assert update_index(filled, empty, indexed) == 1
    assert empty.search(Query("velmora", type="funding", department="69")).total == 1
    assert update_index(filled, empty, indexed) == 0


def test_a_lost_index_is_built_anew(filled: Database, tmp_path: Path, empty: SearchIndex) -> None:
    update_index(filled, empty, indexed)
    other = EmbeddedIndex(tmp_path / "other")
    assert update_index(filled, other, indexed) == 1
    assert other.search(Query("velmora")).total == 1


def test_a_company_that_moves_is_found_in_its_new_department(
    filled: Database, tmp_path: Path, empty: SearchIndex
) -> None:
    update_index(filled, empty, indexed)
    register(filled, tmp_path, "38")
    assert update_index(filled, empty, indexed) == 1
    assert empty.search(Query(department="38")).total == 1
    assert empty.search(Query(department="69")).total == 0


def test_a_signal_is_found_by_what_its_company_has_become(filled: Database, tmp_path: Path, empty: SearchIndex) -> None:
    update_index(filled, empty, indexed)
    asked = SignalQuery(criteria=(Asked("headcount", low=50), Asked("naf", frozenset({"23"}))))
    assert empty.find(asked) == []
    file = tmp_path / "more.csv"
    file.write_text("name,siren,headcount,naf\nVelmora,732829320,80,23.11Z\n", "utf-8")
    import_file(filled, file)
    assert update_index(filled, empty, indexed) == 1
    assert len(empty.find(asked)) == 1
    assert len(empty.find(SignalQuery(types=frozenset({"funding"}), places=frozenset({"69"})))) == 1


def test_an_erased_document_leaves_the_index(filled: Database, empty: SearchIndex) -> None:
    update_index(filled, empty, indexed)
    with filled.session() as session:
        outbox.add(session, session.scalars(select(Document.id)))
        session.execute(delete(Document))
    update_index(filled, empty, indexed)
    assert empty.search(Query()).total == 0


def test_what_changes_while_the_index_is_written_is_read_the_next_time(filled: Database, empty: SearchIndex) -> None:
    with filled.session() as session:
        read = outbox.waiting(session, limit=10)
        outbox.add(session, set(read.values()))
    with filled.session() as session:
        outbox.done(session, read)
    assert update_index(filled, empty, indexed) == 1


def test_one_process_feeds_the_index_at_a_time(filled: Database, empty: SearchIndex) -> None:
    with only_one(filled, "index"), pytest.raises(Unavailable, match="another process"):
        update_index(filled, empty, indexed)
    assert update_index(filled, empty, indexed) == 1


def more(database: Database, numbers: range) -> None:
    with database.session() as session:
        source = session.scalars(select(Source)).one()
        found = [Article(f"https://presse.example/{number}", f"Une usine n° {number}") for number in numbers]
        for document in documents.announce(session, source, found):
            documents.complete(session, document, None)


def test_an_index_is_built_anew_while_the_live_one_is_searched_and_written(
    filled: Database, empty: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.indexing._BATCH", 4)
    more(filled, range(10, 30))
    update_index(filled, empty, indexed)
    empty.write([Entry(4000, "Fantôme d'usine", "", "fr", None, frozenset())], set())  # which the store knows not
    seen = []

    def meanwhile(done: int, total: int) -> None:
        seen.append((done, empty.search(Query("usine")).total))
        if done == 8:  # one that is written already goes, and new ones come
            more(filled, range(50, 52))
            with filled.session() as session:
                first = session.scalars(select(Document).where(Document.url.endswith("/10"))).one()
                outbox.add(session, [first.id])
                session.delete(first)
        if done == 16:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reindex(filled, empty, indexed, progress=meanwhile)
    assert [done for done, _ in seen] == [4, 8, 12, 16]
    assert seen[0][1] == 21  # the live one has answered all along
    assert empty.search(Query("fantome")).total == 1
    more(filled, range(60, 61))
    update_index(filled, empty, indexed)
    assert reindex(filled, empty, indexed, progress=lambda done, total: seen.append((done, total))) == 23
    assert seen[4][0] == 19  # it went on where it stopped: 16 were written, of which one is gone
    assert empty.search(Query("usine")).total == 22
    assert empty.search(Query("fantome")).total == 0
    assert len(empty.find(SignalQuery())) == 1
    more(filled, range(70, 71))
    assert update_index(filled, empty, indexed) == 1
    assert empty.search(Query("usine")).total == 23
    assert reindex(filled, empty, indexed) == 24
