"""What leads have reached, as their events say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import select

from leads import lifecycle
from store import leads, milestones, reps
from store.base import utcnow
from store.database import Database
from store.tables import Company, LeadMilestone, Signal
from tests.conftest import Tell
from tests.store.test_store import move

pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
NAMES = [one.name for one in LeadMilestone.__table__.columns]
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def rows(database: Database) -> list[dict[str, object]]:
    with database.reading() as session:
        found = session.scalars(select(LeadMilestone).order_by(LeadMilestone.lead_id))
        return [{name: getattr(one, name) for name in NAMES} for one in found]


def test_they_follow_every_event_and_are_the_same_when_counted_anew(database: Database, tell: Tell) -> None:
    tell("hiring", "Velmora recrute.", NOW)
    with database.session() as session:
        ann = reps.by_email(session, "ann@example.org")
        signals = session.scalars(select(Signal)).all()
        first, _ = lifecycle.open_lead(
            session, session.get_one(Company, 1), "Fibre", signals, origin="ranking", author="", now=NOW
        )
        second, _ = lifecycle.open_lead(
            session, session.get_one(Company, 1), "Cloud", [], origin="page", author="x", now=NOW
        )
        lifecycle.assign(session, first, ann, "", NOW)
        lifecycle.take(session, first, ann, NOW + timedelta(hours=1))
        lifecycle.call(session, first, ann.email, "not_reached")
        lifecycle.call(session, first, ann.email, "talked")
        lifecycle.fill_in(session, first, ann.email, need="fibre", decision_maker="DSI", timeframe="juin")
        lifecycle.move(session, first, "sales_qualified", ann.email, NOW)
        lifecycle.move(session, first, "nurturing", ann.email, NOW, returned="no_budget")
        lifecycle.move(session, second, "lost", "x", NOW, reason="déjà équipés")
    one, other = rows(database)
    assert (one["type"], one["source_id"], one["calls"], one["returned"], one["in_time"]) == (
        *("hiring", 1, 2, "no_budget"),
        True,
    )
    assert all(one[f"{name}_at"] for name in ("given", "accepted", "acted", "contacted", "qualified", "returned"))
    assert not any(one[f"{name}_at"] for name in ("opportunity", "won", "lost"))
    assert (other["lost_at"] is not None, other["type"], other["calls"]) == (True, "", 0)
    before = rows(database)
    with database.session() as session:
        assert milestones.recount(session) == 2
    assert rows(database) == before
    move(database, command.downgrade, "0060")
    move(database, command.upgrade, "head")
    unknown = ("acted_at", "type", "source_id", "returned", "in_time")
    made = [{name: value for name, value in one.items() if name not in unknown} for one in rows(database)]
    assert made[0] == {name: value for name, value in before[0].items() if name not in unknown} | {
        "opened_at": made[0]["opened_at"]
    }
    with database.session() as session:
        assert leads.calls_since(session, "ann@example.org", utcnow() - timedelta(days=1)) == 2
