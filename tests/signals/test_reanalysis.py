"""Reading stored articles anew: what would change is told first, and no mail tells old news."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from companies.folding import name_key
from companies.linker import open_linker
from signals.analyse import analyse_collected
from signals.reanalysis import Pages, Reanalysis, reanalyse
from signals.rules import default_extractor
from store import companies, documents, reps, sources, watchlists
from store.base import utcnow
from store.companies import CompanyRow
from store.database import Database
from store.documents import Article, Page
from store.reps import Fresh
from store.sources import SourceEntry
from store.tables import Company, Document, Signal, Source

NOW = utcnow() - timedelta(hours=5)
RAISES = "Voltrix lève 12 millions d'euros auprès de deux fonds pour construire son usine."
OPENS = "Oxalys Industrie ouvre une usine à Metz, où travailleront quarante personnes."


def page(text: str, **facts: object) -> Page:
    return Page("", text, None, None, "text/html", b"<p>x</p>", **facts)  # type: ignore[arg-type]


@pytest.fixture
def read(database: Database, tmp_path: Path) -> Database:
    """Two articles that were read, with a rep who follows whom they are about."""
    with database.session() as session:
        known = {"Voltrix": "732829320", "Oxalys Industrie": "005650007"}
        companies.save(session, [CompanyRow(name=n, names={name_key(n): n}, siren=s) for n, s in known.items()])
        sources.synchronise(session, [SourceEntry("https://presse.example/rss", "Presse", "fr")])
        session.flush()
        rep = reps.save(session, "ann@example.org", "Ann", "fr")
        watchlists.add(session, watchlists.save(session, rep, ""), session.scalars(select(Company.id)))
        source = session.scalars(select(Source)).one()
        told = (("Une levée de fonds", RAISES), ("Il fera beau", "Rien à dire."))
        articles = [
            Article(f"https://presse.example/{n}", title, published_at=NOW) for n, (title, _) in enumerate(told)
        ]
        for document, (_, text) in zip(documents.announce(session, source, articles), told, strict=True):
            documents.complete(session, document, page(text))
    analyse_collected(database, default_extractor(), open_linker(database, tmp_path))
    return database


def again(database: Database, folder: Path, texts: dict[int, Page], *, apply: bool) -> Reanalysis:
    def pages(batch: Sequence[Document]) -> dict[int, Page]:
        return {one.id: texts[one.id] for one in batch if one.id in texts}

    with database.session() as session:
        ids = documents.analysed_since(session, datetime(2020, 1, 1, tzinfo=UTC))
    reading: Pages = pages
    return reanalyse(database, ids, reading, default_extractor(), open_linker(database, folder), apply=apply)


def types(database: Database) -> list[str]:
    with database.session() as session:
        return list(session.scalars(select(Signal.type).order_by(Signal.id)))


def unsent(database: Database) -> list[str]:
    with database.session() as session:
        rep = reps.by_email(session, "ann@example.org")
        return [one.type for one in reps.unsent(session, rep, Fresh(NOW - timedelta(days=1)))]


def test_what_would_appear_and_go_is_shown_and_nothing_is_changed(read: Database, tmp_path: Path) -> None:
    before = types(read)
    found = again(read, tmp_path, {1: page(OPENS), 2: page(RAISES)}, apply=False)
    assert (found.documents, found.different) == (2, 2)
    appear = {(one.type, one.who, one.url) for one in found.told if one.what == "appears"}
    assert ("opening", "Oxalys Industrie", "https://presse.example/0") in appear
    assert ("funding", "Voltrix", "https://presse.example/1") in appear
    assert {(one.type, one.url) for one in found.told if one.what == "goes"} >= {
        ("funding", "https://presse.example/0")
    }
    assert types(read) == before
    with read.session() as session:
        assert session.get_one(Document, 1).text == RAISES


def test_with_the_same_rules_nothing_is_different(read: Database, tmp_path: Path) -> None:
    found = again(read, tmp_path, {}, apply=False)
    assert (found.documents, found.different, found.told) == (2, 0, [])


def test_applied_it_is_told_so_and_no_mail_tells_what_is_found_only_now(read: Database, tmp_path: Path) -> None:
    was = unsent(read)
    assert "funding" in was
    again(read, tmp_path, {2: page(OPENS)}, apply=True)
    assert "opening" in types(read)
    assert unsent(read) == was, "what waited for the next mail still does, and nothing more"
    with read.session() as session:
        assert session.get_one(Document, 2).text == OPENS
        opening = session.scalars(select(Signal).where(Signal.type == "opening")).one()
        assert opening.story is not None


def test_a_page_that_is_for_subscribers_by_todays_rules_is_let_go(read: Database, tmp_path: Path) -> None:
    again(read, tmp_path, {1: page(RAISES, access="paywalled")}, apply=True)
    with read.session() as session:
        document = session.get_one(Document, 1)
        assert (document.text, document.page, document.access) == ("", None, "paywalled")


def test_what_the_source_said_is_kept_where_the_page_gives_little(read: Database, tmp_path: Path) -> None:
    again(read, tmp_path, {1: page("Nous utilisons des cookies.")}, apply=True)
    with read.session() as session:
        assert session.get_one(Document, 1).text == RAISES
