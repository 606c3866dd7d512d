"""Figures of leads: what reps have and accepted, and what is in each stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, false, func, literal, or_, select
from sqlalchemy.orm import Session

from store.leads import WITH
from store.tables import Lead, LeadMilestone


@dataclass(frozen=True)
class Load:
    """What a rep has: open leads, those on which they are late, and of the leads they accepted how many in time."""

    open: int = 0
    late: int = 0
    accepted: int = 0
    in_time: int = 0


def team_loads(session: Session, now: datetime, since: datetime) -> dict[int, Load]:
    """What each rep has now, and accepted since then."""
    is_late, is_worked = (Lead.due_at <= now, 1), (Lead.stage != "nurturing", 1)
    columns = (func.sum(case(is_worked, else_=0)), func.sum(case(is_late, else_=0)))
    query = select(Lead.owner_id, *columns).where(Lead.closed_at.is_(None), Lead.owner_id.is_not(None))
    held = {
        number: (int(open_ones), int(late))
        for number, open_ones, late in session.execute(query.group_by(Lead.owner_id))
    }
    counts = (func.count(), func.sum(case((LeadMilestone.in_time.is_(True), 1), else_=0)))
    asked = select(Lead.owner_id, *counts).join(LeadMilestone, LeadMilestone.lead_id == Lead.id)
    asked = asked.where(LeadMilestone.accepted_at >= since, LeadMilestone.in_time.is_not(None))
    rows = session.execute(asked.where(Lead.owner_id.is_not(None)).group_by(Lead.owner_id))
    accepted = {number: (int(all_of_them), int(in_time)) for number, all_of_them, in_time in rows}
    return {
        number: Load(*held.get(number, (0, 0)), *accepted.get(number, (0, 0)))
        for number in held.keys() | accepted.keys()
    }


@dataclass(frozen=True)
class StageTotal:
    """The open leads of an offer in a stage: how many, their worth in euros, those without one, the mean days in the
    stage, and how many are late in it.
    """

    offer: str
    stage: str
    number: int
    worth: float
    unknown: int
    days: float
    late: int


def stage_totals(
    session: Session, where: ColumnElement[bool], now: datetime, late: Sequence[ColumnElement[bool]]
) -> list[StageTotal]:
    """The open leads of each offer in each stage; what a lead is worth is its amount, or else its budget.

    `late` are the conditions of which one holds for those that are in their stage for too long.
    """
    worth: ColumnElement[Any] = func.coalesce(Lead.amount, Lead.budget)
    columns = (
        func.count(),
        func.coalesce(func.sum(worth), 0.0),
        func.sum(case((worth.is_(None), 1), else_=0)),
        func.avg(_days_before(session, now)),
        func.sum(case((or_(false(), *late), 1), else_=0)),
    )
    query = select(Lead.offer, Lead.stage, *columns).where(where, Lead.closed_at.is_(None))
    rows = session.execute(query.group_by(Lead.offer, Lead.stage))
    return [
        StageTotal(offer, stage, int(number), float(total), int(unknown), float(days or 0), int(over))
        for offer, stage, number, total, unknown, days, over in rows
    ]


def _days_before(session: Session, now: datetime) -> ColumnElement[Any]:
    """For how many days a lead was in its stage at a moment."""
    if session.get_bind().dialect.name == "sqlite":
        return func.julianday(literal(now.strftime("%Y-%m-%d %H:%M:%S"))) - func.julianday(Lead.stage_since)
    return func.extract("epoch", literal(now) - Lead.stage_since) / 86400.0


def longest(
    session: Session, where: ColumnElement[bool], any_of: Sequence[ColumnElement[bool]], *, limit: int
) -> list[Lead]:
    """Open leads for which one of the conditions holds, those that are in their stage for longest first."""
    query = select(Lead).where(where, or_(false(), *any_of), Lead.closed_at.is_(None)).options(*WITH)
    return list(session.scalars(query.order_by(Lead.stage_since, Lead.id).limit(limit)))
