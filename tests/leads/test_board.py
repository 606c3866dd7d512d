"""All companies scored at once: the same sums as the ledgers give one by one."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leads.board import read_board
from leads.offers import Offer
from leads.scoring import fit, timing, total
from signals.types import default_taxonomy
from store import signals
from store.database import Database
from store.tables import Company, Document, Signal, Source, Story

TODAY = date(2026, 3, 10)
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
TAXONOMY = default_taxonomy()
OFFER = Offer.model_validate(
    {
        "name": "o",
        "fit": [
            {"criterion": "naf", "in": ["28", "25.1"], "points": 30},
            {"criterion": "headcount", "min": 50, "points": 20},
            {"criterion": "headcount", "unknown": True, "points": -5},
            {"criterion": "turnover", "max": 1e6, "points": 7},
            {"criterion": "turnover", "unknown": True, "points": -3},
            {"criterion": "age", "min": 5, "max": 30, "points": 11},
            {"criterion": "digital_presence", "in": ["site"], "points": 4},
            {"criterion": "site_type", "in": ["entrepôt"], "points": 9},
        ],
        "families": {"difficulty": -1, "buzz": 0},
        "types": {"hiring": 2},
        "half_lives": {"hiring": 3},
        "territory": ["25", "DE"],
    }
)


def _company(random_: random.Random) -> Company:
    one = random_.choice
    return Company(
        name="A",
        department=one(["25", "39", None]),
        country=one(["FR", "DE"]),
        naf=one([None, "2841Z", "2511Z", "6201Z"]),
        headcount=one([None, None, 49, 50, 900]),
        headcount_band=one([None, "21", "11"]),
        turnover=one([None, 1e6, 2e6, -5.0]),
        created_on=one([None, date(1990, 3, 10), date(2021, 3, 10), date(2021, 3, 11), date(2027, 1, 1)]),
        site=one([None, "a.example"]),
        site_type=one([None, "usine; Entrepôt", "bureau"]),
    )


def _signals(session: Session, random_: random.Random, company: Company, source: Source) -> None:
    for kind in random_.sample(["hiring", "insolvency", "funding", "opening", "award"], 3):
        status = random_.choice(["done", "done", "planned", "rumoured", "denied"])
        story = Story(company_id=company.id, type=kind, status=status, confidence=0.93, sources=2)
        story.first_at = story.last_at = datetime(2026, 3, 1, tzinfo=UTC)
        session.add(story)
        session.flush()
        for _ in range(random_.randint(1, 3)):
            _signal(session, random_, company, source, kind, story if random_.random() < 0.8 else None)


def _signal(
    session: Session, random_: random.Random, company: Company, source: Source, kind: str, story: Story | None
) -> None:
    published = datetime(2026, 3, 11, 9, tzinfo=UTC) - timedelta(days=random_.choice([0, 1, 5, 40, 90, 400]))
    document = session.scalars(select(Document).order_by(Document.id.desc())).first()
    if document is None or random_.random() < 0.6:  # some sentences tell several types
        document = Document(source=source, url=f"http://x/{random_.random()}", title="t", text="")
        session.add(document)
        session.flush()
    session.add(
        Signal(
            document_id=document.id,
            company_id=company.id,
            type=kind,
            families=[],
            status=random_.choice(["done", "done", "planned", "rumoured", "denied"]),
            sentence="t",
            subject=str(random_.random()),
            start=0,
            end=1,
            slots={},
            event_date=random_.choice([None, None, published.date() - timedelta(days=3)]),
            published_at=random_.choice([published, published, published, None]),
            found_at=min(published, datetime(2026, 3, 10, tzinfo=UTC)),
            confidence=random_.uniform(0.4, 1),
            link_confidence=random_.uniform(0.4, 1),
            impact=random_.choice([1, 1.5]),
            version="v",
            story_id=story.id if story else None,
        )
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_sums_are_those_of_the_ledgers(database: Database, seed: int) -> None:
    random_ = random.Random(seed)
    with database.session() as session:
        source = Source(url="http://x/feed", name="x")
        session.add(source)
        many = [_company(random_) for _ in range(60)]
        session.add_all(many)
        session.flush()
        for company in many[::2]:
            _signals(session, random_, company, source)
    with database.session() as session:
        there = read_board(session, TAXONOMY, SINCE, OFFER)
        facts, told = there.facts, there.columns
        fits = facts.fit(OFFER, TODAY)
        timings = told.timing(OFFER, TAXONOMY, TODAY, len(facts.ids))
        stored = signals.of_companies(session, [int(one) for one in facts.ids], SINCE)
        some = 0
        assert {one.type for many in stored.values() for one in many} <= set(TAXONOMY.types)
        for at, number in enumerate(facts.ids):
            company = session.get_one(Company, int(number))
            lines = timing(OFFER, stored.get(company.id, []), TAXONOMY, TODAY)
            some += any(line.points for line in lines)
            assert timings[at] == pytest.approx(total(lines, "timing"), abs=0.021)
            if OFFER.covers(company.department, company.country):
                assert fits[at] == total(fit(OFFER, company, TODAY), "fit")
            else:
                assert fits[at] == -float("inf")
        assert some > 10
        assert there.rows[:, 4].min() >= SINCE.toordinal()  # the years of an undated story would be weighed one by one
