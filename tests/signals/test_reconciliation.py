"""An edited article: what it tells now takes the place of what it told, and nobody is told twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from companies.importing import import_file
from companies.linker import open_linker
from signals.analyse import analyse_collected
from signals.rules import default_extractor
from store import documents, reps, sources, watchlists
from store.base import utcnow
from store.database import Database
from store.documents import Article, Page
from store.reps import Fresh
from store.sources import SourceEntry
from store.tables import Delivery, Document, Rep, Signal, Source, Story

URL = "https://presse.example/1"
NOW = utcnow()


@pytest.fixture
def told(database: Database, tmp_path: Path) -> Database:
    """A rep follows Velmora and was told that it raises money."""
    file = tmp_path / "companies.csv"
    file.write_text("name,headcount\nVelmora,120\nCastelor,80\n", "utf-8")
    import_file(database, file)
    with database.session() as session:
        sources.synchronise(session, [SourceEntry("https://presse.example/rss", "Presse", "fr")])
        source = session.scalars(select(Source)).one()
        article = Article(URL, "Velmora lève 12 millions d'euros", "", None, NOW - timedelta(hours=2))
        for document in documents.announce(session, source, [article]):
            documents.complete(session, document, None)
        rep = reps.save(session, "zoe@example.org", "Zoé", "fr")
        watchlists.add(session, watchlists.save(session, rep, ""), [1, 2])
    analyse(database, tmp_path)
    with database.session() as session:
        reps.record_sent(session, session.scalars(select(Rep)).one(), session.scalars(select(Signal)), NOW)
    return database


def analyse(database: Database, folder: Path) -> None:
    analyse_collected(database, default_extractor(), open_linker(database, folder))


def edit(database: Database, folder: Path, title: str, text: str) -> list[tuple[int, str, str]]:
    """The signals after the edition (id, type, sentence), and whether the rep would be told any."""
    with database.session() as session:
        document = session.scalars(select(Document)).one()
        page = Page(title, text, None, None, "text/html", b"x")
        documents.revise(session, document, title, page, utcnow())
    analyse(database, folder)
    with database.session() as session:
        assert session.scalars(select(Document.state)).one() == "analysed"
        return [(one.id, one.type, one.sentence) for one in session.scalars(select(Signal).order_by(Signal.id))]


def untold(database: Database) -> list[str]:
    with database.session() as session:
        return [
            one.type for one in reps.unsent(session, session.scalars(select(Rep)).one(), Fresh(NOW - timedelta(days=7)))
        ]


def test_the_same_event_in_other_words_stays_the_same_signal(told: Database, tmp_path: Path) -> None:
    (before,) = edit(told, tmp_path, "Levée de fonds", "Un grand jour pour la ville. Velmora lève 14 millions d'euros.")
    assert before[:2] == (1, "funding")
    assert "14 millions" in before[2]
    with told.session() as session:
        signal = session.scalars(select(Signal)).one()
        document = session.scalars(select(Document)).one()
        assert document.full_text[signal.start : signal.end] == signal.sentence
        assert document.version == 2
        assert len(session.scalars(select(Story)).all()) == 1
    assert untold(told) == []


def test_another_event_of_the_company_is_kept_and_told_nobody_who_was_told_of_the_article(
    told: Database, tmp_path: Path
) -> None:
    text = "Velmora lève 12 millions d'euros. L'entreprise Velmora ouvre une usine à Dole."
    found = edit(told, tmp_path, "Velmora lève 12 millions d'euros", text)
    assert {kind for _, kind, _ in found} >= {"funding", "opening"}
    assert untold(told) == []
    with told.session() as session:
        assert len(session.scalars(select(Delivery)).all()) == len(found)


def test_what_is_told_no_more_goes_and_a_company_named_at_last_is_news(told: Database, tmp_path: Path) -> None:
    found = edit(told, tmp_path, "Castelor lève 12 millions d'euros", "Le montant est confirmé.")
    assert [kind for _, kind, _ in found] == ["funding"]
    with told.session() as session:
        assert session.scalars(select(Signal.company_id)).one() == 2
        assert [story.company_id for story in session.scalars(select(Story))] == [2]
