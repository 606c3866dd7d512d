"""Surges of mentions: which counts are one, and what is stored of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from companies.linker import open_linker
from leads.wording import Words
from signals.analyse import analyse_collected
from signals.mention_spikes import expected, is_spike
from signals.rules import default_extractor
from signals.types import default_taxonomy
from store import companies, documents, sources
from store.companies import CompanyRow
from store.database import Database
from store.documents import Article
from store.mentions import Volume
from store.sources import SourceEntry
from store.tables import Company, Mention, Signal, Source

NOW = datetime.now(UTC).replace(hour=0, minute=1)


@pytest.mark.parametrize(
    ("mentions", "articles", "past_mentions", "past_articles", "spike"),
    [
        (12, 200, 3, 2800, True),
        (5, 200, 0, 2800, True),
        (4, 200, 0, 2800, False),  # too few, whatever the past
        (12, 200, 160, 2800, False),  # it is named as often every day
        (30, 200, 160, 2800, True),
        (30, 2000, 160, 2800, False),  # the day has ten times the articles
        (12, 200, 0, 40, False),  # there is no past to speak of
    ],
)
def test_a_surge_is_far_above_the_share_of_the_past_days(
    mentions: int, articles: int, past_mentions: int, past_articles: int, spike: bool
) -> None:
    assert is_spike(Volume(mentions, articles, past_mentions, past_articles)) is spike


def test_what_is_expected_follows_the_number_of_articles() -> None:
    assert expected(Volume(0, 200, 279, 2799)) == pytest.approx(200 * 279.5 / 2800)


def collect(database: Database, folder: Path, titles: list[str], published: datetime) -> int:
    with database.session() as session:
        source = session.scalars(select(Source)).one()
        stamp = f"{published:%d%H%M}"
        articles = [
            Article(f"https://presse.example/{stamp}/{n}", title, "Un texte.", published_at=published)
            for n, title in enumerate(titles)
        ]
        for document in documents.announce(session, source, articles):
            documents.complete(session, document, None)
    return analyse_collected(database, default_extractor(), open_linker(database, folder))


@pytest.fixture
def known(database: Database) -> Database:
    """A register with two companies known for a month."""
    with database.session() as session:
        sources.synchronise(session, [SourceEntry("https://presse.example/rss", "Presse", "fr")])
        companies.save(session, [CompanyRow(name, {name.lower(): name}) for name in ("Velmora", "Castelor")])
        session.execute(update(Company).values(added_at=NOW - timedelta(days=30)))
    return database


def test_a_surge_becomes_one_signal_with_its_numbers(known: Database, tmp_path: Path) -> None:
    for days in range(1, 15):
        collect(known, tmp_path, ["Il fera beau demain"] * 10, NOW - timedelta(days=days))
    assert collect(known, tmp_path, ["Velmora et Castelor font parler d'eux"] * 4, NOW) == 0
    assert collect(known, tmp_path, ["Velmora et Castelor encore"] * 4, NOW + timedelta(minutes=1)) == 2
    assert collect(known, tmp_path, ["Velmora et Castelor toujours"] * 4, NOW + timedelta(minutes=2)) == 0
    with known.session() as session:
        first, second = session.scalars(select(Signal).order_by(Signal.company_id))
        assert (first.type, first.families, first.subject, second.subject) == (
            "volume_spike",
            ["buzz"],
            "Velmora",
            "Castelor",
        )
        assert first.document.full_text[first.start : first.end] == first.sentence == "Velmora et Castelor encore"
        assert first.slots == {"mentions": 8, "expected": 0.03}
        said = Words("fr", default_taxonomy(), NOW.date()).volume(first.slots)
        assert said == " : 8 articles en un jour, pour 0,03 attendus"
        assert len(session.scalars(select(Mention)).all()) == 24


def test_a_company_that_came_yesterday_has_no_surge(known: Database, tmp_path: Path) -> None:
    with known.session() as session:
        session.execute(update(Company).values(added_at=NOW - timedelta(days=1)))
    for days in range(1, 15):
        collect(known, tmp_path, ["Il fera beau demain"] * 10, NOW - timedelta(days=days))
    assert collect(known, tmp_path, ["Velmora et Castelor font parler d'eux"] * 12, NOW) == 0
