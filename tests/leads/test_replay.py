"""What another version of an offer would have told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from leads.offers import Offer
from leads.replay import Replay, replay
from signals.types import default_taxonomy
from store import companies
from store.database import Database
from tests.leads.conftest import OFFER, TODAY
from tests.leads.support import board_of, rank

Moves = dict[str, tuple[str, tuple[int, int]]]


def changed(change: dict[str, object]) -> Offer:
    return Offer.model_validate(OFFER.content | change)


def moves(database: Database, found: Replay) -> Moves:
    with database.session() as session:
        known = companies.by_ids(session, [one.company_id for one in found.moved])
        return {known[one.company_id].name: (one.move, one.days) for one in found.moved}


@pytest.mark.parametrize(
    ("change", "expected", "hot"),
    [
        ({}, {}, (1, 1)),
        ({"fit": [{"criterion": "country", "in": ["FR"], "points": 40}]}, {"Pixadel": ("enters", (0, 4))}, (1, 2)),
        ({"types": {"funding": 0}}, {"Velmora": ("leaves", (4, 0))}, (1, 0)),
        ({"keywords": {"exclude": ["12 millions"]}}, {"Velmora": ("leaves", (4, 0))}, (1, 0)),
        ({"territory": ["DE"]}, {"Velmora": ("leaves", (4, 0))}, (1, 0)),
        ({"types": {"funding": 2}}, {"Velmora": ("rises", (4, 4))}, (1, 1)),
        ({"types": {"funding": 0.9}}, {"Velmora": ("falls", (4, 4))}, (1, 1)),
    ],
)
def test_companies_enter_leave_rise_and_fall(
    ranked: Database, change: dict[str, object], expected: Moves, hot: tuple[int, int]
) -> None:
    with ranked.session() as session:
        after = changed(change)
        found = replay(session, board_of(session, OFFER, after), OFFER, after, default_taxonomy(), TODAY)
    assert moves(ranked, found) == expected
    assert found.leads["hot"] == hot


def test_each_day_is_scored_by_what_was_published_until_then(ranked: Database) -> None:
    later, offer = TODAY + timedelta(days=80), changed({"thresholds": {"timing": 8}})
    with ranked.session() as session:
        (one,) = replay(session, board_of(session, offer), None, offer, default_taxonomy(), later).of("enters")
    assert one.since == date(2026, 3, 7)
    hot = 0
    for back in range(90):
        day = later - timedelta(days=back)
        if day >= one.since:
            hot += rank(ranked, offer, default_taxonomy(), day)["hot"]
    assert one.days == (0, hot)
    assert 5 < hot < 80


def test_nothing_before_the_days_that_are_replayed_is_told(ranked: Database) -> None:
    with ranked.session() as session:
        assert replay(session, board_of(session, OFFER), None, OFFER, default_taxonomy(), date(2028, 1, 1)).moved == []
