"""To whom leads go, and why."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from leads.routing import Case, Rule, Seller, Sellers
from store.tables import Company

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
LYON = Company(name="Velmora", department="69", country="FR", headcount=120)


def case(**facts: object) -> Case:
    return Case(**{"company": LYON, "kind": "tip", "origin": "ranking", **facts})  # type: ignore[arg-type]


def seller(number: int, **facts: object) -> Seller:
    return Seller(number, f"Rep {number}", f"r{number}@x.example", **facts)  # type: ignore[arg-type]


def rule(**content: object) -> Rule:
    return Rule.model_validate(content)


@pytest.mark.parametrize(
    ("asked", "facts", "is_for"),
    [
        ({}, {}, True),
        ({"territory": ["69"]}, {}, True),
        ({"territory": ["BE"]}, {}, False),
        ({"company": [{"criterion": "headcount", "min": 100}]}, {}, True),
        ({"company": [{"criterion": "headcount", "min": 200}]}, {}, False),
        ({"company": [{"criterion": "turnover", "min": 1}]}, {}, False),
        ({"kind": "project"}, {}, False),
        ({"kind": "project"}, {"kind": "project"}, True),
        ({"min_points": 40}, {"points": 39.5}, False),
        ({"min_points": 40}, {"points": 40}, True),
        ({"customer": "repeat"}, {}, False),
        ({"customer": "framework"}, {"customer": "framework"}, True),
        ({"origin": "api"}, {}, False),
    ],
)
def test_the_first_rule_that_is_for_a_lead_counts(
    asked: dict[str, object], facts: dict[str, object], is_for: bool
) -> None:
    there = Sellers([seller(1, team="A"), seller(2, team="B")])
    found = there.route([rule(team="A", name="eux", **asked), rule(team="B")], case(**facts), NOW)
    assert found
    assert (found.seller.id, found.number, found.rule) == ((1, 1, "eux") if is_for else (2, 2, ""))


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        ({"channels": ["partner"]}, 2),
        ({"skills": ["Fibre"]}, 3),
        ({"reps": ["r2@x.example"]}, 2),
        ({"choose": "load"}, 1),
        ({"choose": "turn"}, 2),
        ({"choose": "cost"}, 3),
        ({"team": "nowhere"}, None),
    ],
)
def test_whom_a_rule_chooses(asked: dict[str, object], chosen: int | None) -> None:
    people = [
        seller(1, open=1, last_given=NOW),
        seller(2, open=2, channel="partner"),
        seller(3, open=9, channel="inside", skills=("fibre", "cloud"), last_given=NOW),
        seller(4, open=0, territory=("75",)),
        seller(5, open=0, most_open=0),
    ]
    found = Sellers(people, {"field": 200, "inside": 50, "partner": 90}).route([rule(**asked)], case(), NOW)
    assert (found.seller.id if found else None) == chosen


def test_leads_go_round_among_equals_and_nobody_is_given_more_than_they_may_have() -> None:
    there = Sellers([seller(1), seller(2), seller(3, most_open=1)])
    given = []
    for minute in range(7):
        now = NOW + timedelta(minutes=minute)
        found = there.route([rule(choose="turn")], case(), now)
        assert found
        there.give(found.seller, now)
        given.append(found.seller.id)
    assert given == [1, 2, 3, 1, 2, 1, 2]


def test_who_is_away_hands_over_and_who_was_late_is_passed_over() -> None:
    away = (date(2026, 3, 1), date(2026, 3, 4))
    there = Sellers([seller(1, away=away, stand_in=2, team="A"), seller(2, team="B", open=5), seller(3, away=away)])
    found = there.route([rule(team="A")], case(), NOW)
    assert found
    assert (found.seller.id, found.instead_of, found.facts["open"]) == (2, "Rep 1", 5)
    assert there.route([rule()], case(), NOW, without={2}) is None
    later = there.route([rule(team="A")], case(), NOW + timedelta(days=1))
    assert later
    assert (later.seller.id, later.instead_of) == (1, "")
