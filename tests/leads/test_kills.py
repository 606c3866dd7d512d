"""Work on leads that is killed at any point: no event is lost, and no stage moved twice."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import select

from leads.stages import MOVES
from store import leads, milestones, reps
from store.database import Database
from store.tables import Lead, LeadEvent, LeadMilestone

_LEADS, _KILLS = 3, 3


def _milestones(database: Database) -> list[tuple[object, ...]]:
    columns = [one for one in LeadMilestone.__table__.columns if one.name not in ("type", "source_id")]
    with database.reading() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(LeadMilestone.lead_id))]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_what_is_killed_loses_no_event_and_moves_no_stage_twice(database: Database) -> None:
    with database.session() as session:
        reps.save(session, "ann@example.org", "Ann Oak", "en")
    chance, kept = Random(7), 0
    url = database.url.render_as_string(hide_password=False)
    for _ in range(_KILLS):
        command = [sys.executable, "-m", "tests.leads.worker", url, str(_LEADS)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            for _ in range(chance.randint(5, 40)):  # it is killed in the middle of what comes next
                kept = int(worker.stdout.readline() or 0) or kept
            worker.kill()
            last = [int(line) for line in worker.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
            kept = max([kept, *last])
        with database.reading() as session:
            assert session.get(LeadEvent, kept) is not None
    with database.reading() as session:
        happened = leads.events(session, range(1, _LEADS + 1))
        for number, events in happened.items():
            moves = [one for one in events if one.kind == "moved"]
            stages = ["marketing_qualified", *(one.code for one in moves)]
            assert all(pair in MOVES for pair in pairwise(stages)), stages
            assert [one.details["before"]["stage"] for one in moves] == stages[:-1]
            assert session.get_one(Lead, number).stage == stages[-1]
            assert [one.id for one in events] == sorted({one.id for one in events})
        assert {one.kind for events in happened.values() for one in events} >= {"opened", "assigned", "moved", "call"}
    before = _milestones(database)
    with database.session() as session:
        assert milestones.recount(session) == _LEADS
    assert _milestones(database) == before
