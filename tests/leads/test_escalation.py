"""Leads on which their owners are late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from leads.escalation import TOLD, escalate
from leads.generation import generate
from leads.lifecycle import take
from store import leads, offers
from store.database import Database
from store.tables import Lead, Rep
from tests.leads.conftest import OFFER, ROUTED

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Paris


@pytest.fixture
def given(team: Database) -> Database:
    """Zoé was given a lead, to be accepted within 24 hours."""
    with team.session() as session:
        offers.add(session, OFFER.name, ROUTED.content, source="page", author="x")
    generate(team, ROUTED, NOW)
    return team


def step(database: Database, hours: float) -> list[tuple[str, str, str]]:
    """What is done on all leads that are late so long after."""
    now = NOW + timedelta(hours=hours)
    found: list[tuple[str, str, str]] = []
    with database.session() as session:
        for number in leads.who_is_late(session, now, TOLD):
            for one in escalate(session, session.get_one(Rep, number), now):
                found.append((one.kind, one.late.name, one.to.name if one.to else ""))
    return found


def lead(database: Database) -> Lead:
    with database.reading() as session:
        return leads.by_id(session, session.scalars(select(Lead.id).where(Lead.offer == OFFER.name)).one())


def test_who_is_late_is_reminded_then_another_has_it_then_the_managers_are_told(given: Database) -> None:
    assert lead(given).due_at == NOW + timedelta(hours=24)
    assert step(given, 23.9) == []
    assert step(given, 24) == [("reminded", "Zoe", "")]
    assert step(given, 27.9) == []
    assert step(given, 28) == [("passed", "Zoe", "Bob")]
    assert lead(given).due_at == NOW + timedelta(hours=52)
    assert step(given, 52) == [("reminded", "Bob", "")]
    assert step(given, 100) == [("escalated", "Bob", "")]  # Ann is in no team of the rules
    assert step(given, 999) == []
    with given.reading() as session:
        number = lead(given).id
        kinds = [one.kind for one in leads.events(session, [number])[number]]
    assert kinds == ["opened", "assigned", "reminded", "assigned", "reminded", "escalated"]


def test_what_was_accepted_or_returned_is_not_late(given: Database) -> None:
    with given.session() as session:
        there = leads.by_id(session, lead(given).id, to_change=True)
        take(session, there, session.get_one(Rep, there.owner_id), NOW)
    assert step(given, 30) == []
    assert step(given, 48) == [("reminded", "Zoe", "")]


def test_where_there_is_no_routing_the_managers_are_told_after_the_reminder(given: Database) -> None:
    with given.session() as session:
        offers.add(session, OFFER.name, None, source="page", author="x")
    assert step(given, 24) == [("reminded", "Zoe", "")]
    assert step(given, 30) == [("escalated", "Zoe", "")]
