"""Figures of leads: what reps have and accepted, and what is in each stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, false, func, literal, or_, select
from sqlalchemy.orm import Session

from store.leads import WITH
from store.tables import Company, Lead, LeadEvent, LeadMilestone, Rep, Source


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


class Outcome(NamedTuple):
    """A lead, and what it reached."""

    offer: str
    origin: str
    amount: float | None
    rep: str | None
    type: str
    source: str | None
    department: str | None
    country: str
    headcount: int | None
    headcount_band: str | None
    opened_at: datetime
    given_at: datetime | None
    accepted_at: datetime | None
    acted_at: datetime | None
    contacted_at: datetime | None
    qualified_at: datetime | None
    opportunity_at: datetime | None
    won_at: datetime | None
    returned_at: datetime | None
    returned: str
    in_time: bool | None


def outcomes(session: Session, since: datetime, until: datetime, *where: ColumnElement[bool]) -> Iterator[Outcome]:
    """The leads that were opened from `since` to before `until`, of those that `where` chooses."""
    reached = LeadMilestone
    columns = (
        *(Lead.offer, Lead.origin, Lead.amount, Rep.email, reached.type, Source.name),
        *(Company.department, Company.country, Company.headcount, Company.headcount_band),
        *(reached.opened_at, reached.given_at),
        *(reached.accepted_at, reached.acted_at, reached.contacted_at, reached.qualified_at, reached.opportunity_at),
        *(reached.won_at, reached.returned_at, reached.returned, reached.in_time),
    )
    query = (
        select(*columns)
        .join_from(reached, Lead, Lead.id == reached.lead_id)
        .join(Company, Company.id == Lead.company_id)
        .outerjoin(Rep, Rep.id == Lead.owner_id)
        .outerjoin(Source, Source.id == reached.source_id)
        .where(reached.opened_at >= since, reached.opened_at < until, *where)
    )
    return (Outcome._make(row) for row in session.execute(query))


def calls(session: Session, since: datetime, until: datetime) -> list[tuple[str, str, int, int]]:
    """Who made calls from `since` to before `until`: the address, how they ended, the hour (of the clock), how many."""
    if session.get_bind().dialect.name == "sqlite":
        hour: ColumnElement[Any] = func.strftime("%Y%m%d%H", LeadEvent.at)
    else:
        hour = func.to_char(func.timezone("UTC", LeadEvent.at), "YYYYMMDDHH24")
    where = (LeadEvent.kind == "call", LeadEvent.at >= since, LeadEvent.at < until)
    query = select(LeadEvent.author, LeadEvent.code, hour, func.count()).where(*where)
    rows = session.execute(query.group_by(LeadEvent.author, LeadEvent.code, hour))
    return [(author, code, int(at), int(number)) for author, code, at, number in rows]
