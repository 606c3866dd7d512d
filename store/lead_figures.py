"""Figures of leads: what reps have and accepted, and what is in each stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import ColumnElement, String, case, cast, exists, false, func, literal, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from store.base import unsought
from store.leads import WITH
from store.tables import Company, Lead, LeadEvent, LeadMilestone, Rep, Score, Source


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
    asked = select(Lead.owner_id, *counts).join_from(LeadMilestone, Lead, Lead.id == LeadMilestone.lead_id)
    asked = asked.where(LeadMilestone.accepted_at >= since, LeadMilestone.in_time.is_not(None))
    rows = session.execute(asked.group_by(unsought(Lead.owner_id)))
    accepted = {number: (int(all_of_them), int(in_time)) for number, all_of_them, in_time in rows if number is not None}
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
        func.avg(_days(session, Lead.stage_since, literal(now, Lead.stage_since.type))),
        func.sum(case((or_(false(), *late), 1), else_=0)),
    )
    query = select(Lead.offer, Lead.stage, *columns).where(where, Lead.closed_at.is_(None))
    rows = session.execute(query.group_by(Lead.offer, Lead.stage))
    return [
        StageTotal(offer, stage, int(number), float(total), int(unknown), float(days or 0), int(over))
        for offer, stage, number, total, unknown, days, over in rows
    ]


def _days(session: Session, start: Any, end: Any) -> ColumnElement[Any]:
    """How many days lie between two moments."""
    if session.get_bind().dialect.name == "sqlite":
        return func.julianday(end) - func.julianday(start)
    return func.extract("epoch", end - start) / 86400.0


def longest(
    session: Session, where: ColumnElement[bool], any_of: Sequence[ColumnElement[bool]], *, limit: int
) -> list[Lead]:
    """Open leads for which one of the conditions holds, those that are in their stage for longest first."""
    order = (Lead.stage_since, Lead.id)
    query = select(Lead.id).where(where, or_(false(), *any_of), Lead.closed_at.is_(None))
    first = list(session.scalars(query.order_by(*order).limit(limit)))  # a sort of numbers alone
    return list(session.scalars(select(Lead).where(Lead.id.in_(first)).options(*WITH).order_by(*order)))


Step = Literal["accepted", "contacted", "qualified", "opportunity", "won"]
STEPS: tuple[Step, ...] = get_args(Step)
"""What a lead reaches, in this order; each is a share of all leads."""


class Outcome(NamedTuple):
    """A lead, and what it reached: `reached` has the bit n for the nth of `STEPS`, `returned` the reason of a return
    (None: there was none), `to_accept` and `to_act` the days from when it was given to somebody (or opened, where it
    was taken) until it was accepted, and from then to what its owner did first.
    """

    offer: str
    origin: str
    rep: str | None
    source: str | None
    type: str
    department: str | None
    country: str
    headcount: int | None
    headcount_band: str | None
    amount: float | None
    in_time: bool | None
    reached: int
    returned: str | None
    to_accept: float | None
    to_act: float | None


def outcomes(session: Session, since: datetime, until: datetime, *where: ColumnElement[bool]) -> list[Outcome]:
    """The leads that were opened from `since` to before `until`, of those that `where` chooses, the oldest first."""
    addresses, sources = (_names(session, of_it) for of_it in (Rep.email, Source.name))
    one = LeadMilestone
    reached = (case((getattr(one, f"{name}_at").is_not(None), 1 << bit), else_=0) for bit, name in enumerate(STEPS))
    columns = (
        *(Lead.offer, Lead.origin, Lead.owner_id, one.source_id, one.type),
        *(Company.department, Company.country, Company.headcount, Company.headcount_band),
        *(Lead.amount, one.in_time, reduce(add, reached)),
        case((one.returned_at.is_not(None), one.returned), else_=None),
        _days(session, func.coalesce(one.given_at, one.opened_at), one.accepted_at),
        _days(session, one.accepted_at, one.acted_at),
    )
    query = (
        select(*columns)
        .join_from(one, Lead, Lead.id == one.lead_id)
        .join(Company, Company.id == Lead.company_id)
        .where(one.opened_at >= since, one.opened_at < until, *where)
        .order_by(one.opened_at, one.lead_id)
    )
    return [
        Outcome(offer, origin, addresses.get(owner), sources.get(source), *rest)
        for offer, origin, owner, source, *rest in session.execute(query)
    ]


def _names(session: Session, column: InstrumentedAttribute[str]) -> dict[int, str]:
    """A name of each row of a small table, which is quicker than a join for each of many leads."""
    return dict(session.execute(select(column.class_.id, column)).all())


def is_settled(offer: str, before: datetime) -> ColumnElement[bool]:
    """Whether a lead for an offer was accepted, or given up, or opened before then."""
    is_over = LeadMilestone.accepted_at.is_not(None) | Lead.closed_at.is_not(None) | (LeadMilestone.opened_at < before)
    return (Lead.offer == offer) & is_over


@dataclass(frozen=True)
class CallCount:
    """The calls of somebody, by how they ended, and in how many hours of the clock they were made."""

    author: str
    results: dict[str, int]
    hours: int


def calls(session: Session, since: datetime, until: datetime) -> list[CallCount]:
    """Who made calls from `since` to before `until`."""
    if session.get_bind().dialect.name == "sqlite":
        hour: ColumnElement[Any] = func.substr(cast(LeadEvent.at, String), 1, len("2026-01-01 09"))
    else:
        hour = func.date_trunc("hour", LeadEvent.at)
    where = (LeadEvent.kind == "call", LeadEvent.at >= since, LeadEvent.at < until)
    results: defaultdict[str, dict[str, int]] = defaultdict(dict)
    by_code = select(LeadEvent.author, LeadEvent.code, func.count()).where(*where)
    for author, code, number in session.execute(by_code.group_by(LeadEvent.author, LeadEvent.code)):
        results[author][code] = number
    by_author = select(LeadEvent.author, func.count(hour.distinct())).where(*where).group_by(LeadEvent.author)
    return [CallCount(author, results[author], hours) for author, hours in session.execute(by_author)]


def won_from(session: Session, where: ColumnElement[bool], since: datetime) -> dict[str, tuple[int, int]]:
    """By stage, how many of the closed leads opened since then that reached it were won, and how many those are."""
    one, is_won = LeadMilestone, case((LeadMilestone.won_at.is_not(None), 1), else_=0)
    moments = {
        "marketing_qualified": one.opened_at,
        "sales_accepted": one.accepted_at,
        "sales_qualified": one.qualified_at,
        "opportunity": one.opportunity_at,
    }
    columns = [
        part
        for moment in moments.values()
        for part in (
            func.coalesce(func.sum(case((moment.is_not(None), is_won), else_=0)), 0),
            func.count(moment),
        )
    ]
    is_closed = one.won_at.is_not(None) | one.lost_at.is_not(None)
    chosen = exists().where(Lead.id == one.lead_id, where).correlate(one)  # twice as quick as a join
    query = select(*columns).where(is_closed, one.opened_at >= since, chosen)
    found = list(session.execute(query).one())
    return {stage: (int(found[2 * place]), int(found[2 * place + 1])) for place, stage in enumerate(moments)}


class Base(NamedTuple):
    """The companies that could be sold an offer, one for each, and how many of them became leads in a period."""

    leads: int
    companies: int


def base(session: Session, since: datetime, until: datetime, offer: str = "") -> Base:
    """The companies that are ranked for an offer (for any: empty), and those that became leads in the period."""
    became = select(Lead.offer, Lead.company_id).join(LeadMilestone, LeadMilestone.lead_id == Lead.id)
    became = became.where(LeadMilestone.opened_at >= since, LeadMilestone.opened_at < until).distinct()
    ranked = select(Score.offer, Score.company_id).where(Score.state.in_(("hot", "potential")))
    if offer:
        became, ranked = became.where(Lead.offer == offer), ranked.where(Score.offer == offer)
    each = (select(func.count()).select_from(one.subquery()) for one in (became, union(became, ranked)))
    return Base(*(session.scalar(one) or 0 for one in each))


def opened(session: Session, since: datetime) -> dict[str, int]:
    """How many leads were opened since then, by offer."""
    query = select(Lead.offer, func.count()).join(LeadMilestone, LeadMilestone.lead_id == Lead.id)
    return dict(session.execute(query.where(LeadMilestone.opened_at >= since).group_by(Lead.offer)).all())


class Meetings(NamedTuple):
    """How many leads, and how many of them led to a call that ended with a meeting agreed."""

    leads: int
    meetings: int


def leads_by_type(session: Session, offer: str, since: datetime, until: datetime) -> dict[str, int]:
    """How many of the leads for an offer, opened in that time, signals of each type made."""
    query = select(LeadMilestone.type, func.count()).join(Lead, Lead.id == LeadMilestone.lead_id)
    return dict(session.execute(query.where(*_made(offer, since, until)).group_by(LeadMilestone.type)).all())


def _made(offer: str, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    one = LeadMilestone
    return Lead.offer == offer, one.type != "", one.opened_at >= since, one.opened_at < until


def meetings(
    session: Session, offer: str, kinds: Collection[str], since: datetime, until: datetime
) -> tuple[Meetings, Meetings]:
    """The leads for an offer that signals of some types made, and that others made, opened in that time."""
    met = exists().where(LeadEvent.lead_id == Lead.id, LeadEvent.kind == "call", LeadEvent.code == "meeting")
    is_own = LeadMilestone.type.in_(kinds)
    query = select(is_own, func.count(), func.sum(case((met, 1), else_=0)))
    query = query.join_from(LeadMilestone, Lead, Lead.id == LeadMilestone.lead_id).where(*_made(offer, since, until))
    found = {bool(own): Meetings(int(leads), int(met)) for own, leads, met in session.execute(query.group_by(is_own))}
    return found.get(True, Meetings(0, 0)), found.get(False, Meetings(0, 0))
