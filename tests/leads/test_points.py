"""Points by rules of one's own on what happens to leads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from leads import lifecycle
from leads.generation import generate
from leads.offers import Offer
from leads.points import LeadScoring, PointLine, lines, total
from store import leads, reps
from store.database import Database
from store.tables import Company, Lead, LeadEvent
from tests.conftest import Tell

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def day(number: float) -> datetime:
    return NOW - timedelta(days=number)


def event(kind: str, code: str, days_ago: float) -> LeadEvent:
    return LeadEvent(kind=kind, code=code, at=day(days_ago), details={}, author="")


def ledger(events: list[LeadEvent], **scoring: Any) -> list[PointLine]:
    return lines(LeadScoring.model_validate(scoring), events, NOW)


def test_rules_give_points_for_what_happened_at_most_so_many_times() -> None:
    rules = [
        {"event": "meeting", "points": 20},
        {"event": "not_reached", "points": -2, "times": 2},
        {"event": "recruitment_page", "points": -5},
        {"event": "joined", "points": 4},
    ]
    events = [event("opened", "", 9), *(event("call", "not_reached", 8 - step) for step in range(3))]
    events += [event("call", "meeting", 4), event("activity", "recruitment_page", 3), event("joined", "", 2)]
    found = ledger(events, rules=rules)
    assert [(one.what, one.points) for one in found] == [
        ("not_reached", -2),
        ("not_reached", -2),
        ("meeting", 20),
        ("recruitment_page", -5),
        ("joined", 4),
    ]
    assert total(found) == 15
    assert ledger(events) == []


def test_silence_takes_points_since_the_last_answer() -> None:
    silence = {"days": 30, "points": -10, "times": 3}
    called = [event("opened", "", 100), event("call", "not_reached", 95)]
    assert [(one.what, one.points, one.at) for one in ledger(called, silence=silence)] == [
        ("silence", -10, day(70)),
        ("silence", -10, day(40)),
        ("silence", -10, day(10)),
    ]
    assert len(ledger([*called, event("call", "talked", 35)], silence=silence)) == 1
    assert len(ledger([*called, event("activity", "mail_opened", 5)], silence=silence)) == 0


def test_points_decay_when_nothing_happens_but_not_below_none() -> None:
    scoring = {"rules": [{"event": "meeting", "points": 20}], "decay": {"after_days": 14, "a_week": 5}}
    assert total(ledger([event("call", "meeting", 14)], **scoring)) == 20
    assert total(ledger([event("call", "meeting", 28)], **scoring)) == 10
    assert total(ledger([event("call", "meeting", 90)], **scoring)) == 0
    assert ledger([event("opened", "", 90)], **scoring) == []


def test_what_came_back_begins_anew() -> None:
    events = [event("call", "refused", 60), event("moved", "nurturing", 60), event("moved", "marketing_qualified", 5)]
    assert ledger(events, rules=[{"event": "refused", "points": -30}]) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"rules": [{"event": "Le mail", "points": 1}]},
        {"rules": [{"event": "meeting", "points": 900}]},
        {"silence": {"days": 0, "points": -1}},
        {"decay": {"after_days": 3, "a_week": -5}},
        {"maximum": 3},
    ],
)
def test_what_cannot_be_a_rule_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        LeadScoring.model_validate(wrong)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_a_lead_whose_points_fall_too_low_goes_to_nurturing_and_says_why(tell: Tell, database: Database) -> None:
    rules = [{"event": "refused", "points": -15}, {"event": "meeting", "points": 20}]
    offer = Offer.model_validate({"name": "Fibre", "scoring": {"rules": rules, "minimum": -10}})
    with database.session() as session:
        ann = reps.by_email(session, "ann@example.org")
        for number, result in ((1, "refused"), (2, "meeting")):
            company = session.get_one(Company, number)
            lead, _ = lifecycle.open_lead(session, company, "Fibre", [], origin="page", author="", now=day(3))
            lifecycle.take(session, lead, ann, day(2))
            lifecycle.call(session, lead, ann.email, result, now=day(1))
    assert generate(database, offer, NOW).cooled == 1
    assert generate(database, offer, NOW).cooled == 0
    with database.reading() as session:
        found = {one.company_id: one for one in leads.listed(session, limit=9)}
        assert {number: one.stage for number, one in found.items()} == {1: "nurturing", 2: "sales_accepted"}
        last = leads.events(session, [found[1].id])[found[1].id][-1]
        assert last.details["points"] == {"total": -15, "minimum": -10}
        assert isinstance(found[1], Lead)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_a_nurtured_lead_that_gets_enough_points_comes_back_and_begins_anew(tell: Tell, database: Database) -> None:
    rules = [{"event": "visited", "points": 6}]
    offer = Offer.model_validate({"name": "Fibre", "scoring": {"rules": rules, "comes_back": 10}})
    with database.session() as session:
        company = session.get_one(Company, 1)
        lead, _ = lifecycle.open_lead(session, company, "Fibre", [], origin="page", author="", now=day(10))
        number = lead.id
        lifecycle.activity(session, lead, "", "visited", now=day(9))
        lifecycle.move(session, lead, "nurturing", "ann@example.org", day(8), reason="later")
        lifecycle.activity(session, lead, "", "visited", now=day(7))
    generate(database, offer, NOW)
    with database.session() as session:
        lead = session.get_one(Lead, number)
        assert lead.stage == "nurturing"  # what it had before does not count
        lifecycle.activity(session, lead, "", "visited", now=day(6))
    generate(database, offer, NOW)
    with database.reading() as session:
        lead = session.get_one(Lead, number)
        happened = leads.events(session, [number])[number]
        assert lead.stage == "marketing_qualified"
        assert happened[-1].details["points"] == {"total": 12, "comes_back": 10}
        assert lines(offer.scoring, happened, NOW) == []
