"""Leads: found, added, and changed with an event each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from store import milestones
from store.base import in_chunks, one_of, utcnow
from store.errors import NotFound
from store.tables import Company, Lead, LeadEvent, LeadSignal, SalesProfile, Signal, Story

_MOST_CALLS = 200  # leads to be called at once
_NONE: Mapping[str, Any] = MappingProxyType({})
_LATELY = timedelta(days=7)  # of what was lost before nobody is told any more
_LONGEST = 300  # characters of a sentence that is kept when its signal goes
TOLD_OF_LOSS = "told of loss"
"""The kind of event that says that the owner was told which signals speak for a lead no more."""
CHANGED = "changed"
"""The kind of event that gives what was before and what is after, by column."""


def by_id(session: Session, number: int, *, to_change: bool = False) -> Lead:
    """One lead; one that is `to_change` nobody else changes until this transaction ends. Raises `NotFound`."""
    query = select(Lead).where(Lead.id == number).options(*WITH)
    found = session.scalar(query.with_for_update(of=Lead) if to_change else query)
    if found is None:
        raise NotFound(f"there is no lead #{number}")
    return found


WITH = (joinedload(Lead.company), joinedload(Lead.owner))


def _listed(*where: ColumnElement[bool]) -> Select[Lead]:
    """Leads: first what is late, then what is planned for today or before, then what is to be done soonest."""
    now = utcnow()
    urgency = case((Lead.due_at <= now, 0), (Lead.next_on <= now.date(), 1), else_=2)
    soonest = (Lead.due_at.is_(None), Lead.due_at, Lead.next_on.is_(None), Lead.next_on, Lead.stage_since, Lead.id)
    order = (urgency, *soonest)
    return select(Lead).where(*where).options(*WITH).order_by(*order)


def open_ones(session: Session, company_ids: Collection[int], offer: str | None = None) -> dict[tuple[int, str], Lead]:
    """The open leads of companies by company and offer."""
    found: dict[tuple[int, str], Lead] = {}
    where = [Lead.closed_at.is_(None), *([] if offer is None else [Lead.offer == offer])]
    for chunk in in_chunks(list(company_ids)):
        query = _listed(Lead.company_id.in_(chunk), *where)
        found |= {(one.company_id, one.offer): one for one in session.scalars(query)}
    return found


def open_for(session: Session, offer: str) -> list[Lead]:
    """The open leads for an offer."""
    return list(session.scalars(_listed(Lead.offer == offer, Lead.closed_at.is_(None))))


def opened_since(session: Session, offer: str, since: datetime) -> list[Lead]:
    """The leads for an offer that were opened since then, the oldest first."""
    query = select(Lead).where(Lead.offer == offer, Lead.opened_at >= since).options(*WITH)
    return list(session.scalars(query.order_by(Lead.opened_at, Lead.id)))


def last_closed(session: Session, offer: str) -> dict[int, datetime]:
    """When the last closed lead of each company for an offer was closed."""
    query = select(Lead.company_id, func.max(Lead.closed_at)).where(Lead.offer == offer, Lead.closed_at.is_not(None))
    return {number: at for number, at in session.execute(query.group_by(Lead.company_id)) if at is not None}


def owned_by(rep_id: int) -> ColumnElement[bool]:
    """Whether a lead is a rep's."""
    return Lead.owner_id == rep_id


def to_be_taken(sold: Collection[str] | None = None) -> ColumnElement[bool]:
    """Whether a lead is nobody's, and for one of these offers (None: whatever it is for)."""
    is_nobodys = Lead.owner_id.is_(None)
    return is_nobodys if sold is None else is_nobodys & Lead.offer.in_(sold)


def wanted(
    *where: ColumnElement[bool], stage: str | None = None, offer: str | None = None, temperature: str | None = None
) -> list[ColumnElement[bool]]:
    """The conditions of open leads, or those of a stage whatever it is, of an offer and of a temperature."""
    conditions = [*where, Lead.closed_at.is_(None) if stage is None else Lead.stage == stage]
    conditions += [] if offer is None else [Lead.offer == offer]
    return conditions + ([] if temperature is None else [Lead.temperature == temperature])


def listed(session: Session, *where: ColumnElement[bool], limit: int, skip: int = 0) -> list[Lead]:
    """Leads, what is to be done soonest first."""
    ordered = _listed(*where).with_only_columns(Lead.id)  # a sort of numbers alone
    first = list(session.scalars(ordered.offset(skip).limit(limit)))
    return list(session.scalars(_listed(one_of(Lead.id, first))))


def is_to_be_done() -> ColumnElement[bool]:
    """Whether somebody is to do something on a lead: to accept it or act on it, or what was planned."""
    return Lead.due_at.is_not(None) | (Lead.next_action != "") | Lead.next_on.is_not(None)


def is_due(now: datetime, today: date) -> ColumnElement[bool]:
    """Whether something is to be done on a lead by the end of a day: it is late, falls due, or is planned for then."""
    return (Lead.due_at < now + timedelta(days=1)) | (Lead.next_on <= today)


def before(session: Session, number: int | None, *where: ColumnElement[bool], limit: int) -> list[Lead]:
    """Leads with a lower number than that (None: all), the highest first."""
    wanted = [*where, *([] if number is None else [Lead.id < number])]
    query = select(Lead).where(*wanted).options(*WITH).order_by(Lead.id.desc())
    return list(session.scalars(query.limit(limit)))


def newest_events(session: Session, *where: ColumnElement[bool], limit: int) -> list[LeadEvent]:
    """The newest events of leads that `where` chooses, the newest first."""
    query = select(LeadEvent).join(Lead, Lead.id == LeadEvent.lead_id).where(*where)
    return list(session.scalars(query.order_by(LeadEvent.id.desc()).limit(limit)))


def events_after(session: Session, number: int, *where: ColumnElement[bool], limit: int) -> list[LeadEvent]:
    """The events with a higher number than that of leads that `where` chooses, the lowest first."""
    query = select(LeadEvent).join(Lead, Lead.id == LeadEvent.lead_id).where(LeadEvent.id > number, *where)
    return list(session.scalars(query.order_by(LeadEvent.id).limit(limit)))


def by_stage(session: Session, *where: ColumnElement[bool]) -> dict[str, int]:
    """How many leads are in each stage that has any."""
    query = select(Lead.stage, func.count(Lead.id)).where(*where).group_by(Lead.stage)
    return dict(session.execute(query).all())


def loads(session: Session) -> dict[int, tuple[int, datetime | None]]:
    """How many open leads each rep has, but for those that are nurtured, and when they were last given one."""
    count = func.sum(case((Lead.stage != "nurturing", 1), else_=0))
    query = select(Lead.owner_id, count, func.max(Lead.assigned_at)).where(Lead.closed_at.is_(None))
    rows = session.execute(query.where(Lead.owner_id.is_not(None)).group_by(Lead.owner_id))
    return {number: (int(open_ones), last) for number, open_ones, last in rows if number is not None}


def purchases(session: Session, company_ids: Collection[int]) -> dict[int, set[str]]:
    """What each of some companies bought, as the leads that were won say."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for chunk in in_chunks(list(company_ids)):
        query = select(Lead.company_id, Lead.purchase).where(Lead.company_id.in_(chunk), Lead.stage == "won")
        for number, purchase in session.execute(query):
            found[number].add(purchase)
    return found


def who_is_late(session: Session, now: datetime, reminders: int) -> list[int]:
    """The reps of whom something is due on a lead, and who were reminded fewer times than that."""
    query = select(Lead.owner_id).where(*_is_late(now, reminders), Lead.owner_id.is_not(None)).distinct()
    return [number for number in session.scalars(query.order_by(Lead.owner_id)) if number is not None]


def late(session: Session, owner_id: int, now: datetime, reminders: int) -> list[Lead]:
    """The leads on which something is due from their owner, reminded fewer times than that. They are locked."""
    query = select(Lead).where(Lead.owner_id == owner_id, *_is_late(now, reminders)).order_by(Lead.due_at, Lead.id)
    return list(session.scalars(query.options(*WITH).with_for_update(of=Lead)))


def _is_late(now: datetime, reminders: int) -> tuple[ColumnElement[bool], ...]:
    return (is_late(now), Lead.reminders < reminders, Lead.closed_at.is_(None))


def is_late(now: datetime) -> ColumnElement[bool]:
    """Whether something is due from a lead's owner, or was when the managers were told."""
    return Lead.due_at <= now


def count(session: Session, *where: ColumnElement[bool], stage: str) -> int:
    """How many leads are in a stage."""
    return session.scalar(select(func.count(Lead.id)).where(*where, Lead.stage == stage)) or 0


def owners_ever(session: Session, lead: Lead) -> set[int]:
    """Who has a lead, or had it."""
    query = select(LeadEvent.details).where(LeadEvent.lead_id == lead.id, LeadEvent.kind == "assigned")
    had = {details.get("after", {}).get("owner_id") for details in session.scalars(query)}
    return {number for number in (*had, lead.owner_id) if number is not None}


def team_of(session: Session, rep_id: int) -> set[int]:
    """The reps of a rep's team; nobody where the rep is in none."""
    team = select(SalesProfile.team).where(SalesProfile.rep_id == rep_id, SalesProfile.team != "").scalar_subquery()
    return set(session.scalars(select(SalesProfile.rep_id).where(SalesProfile.team == team)))


def unsaid(rep_id: int) -> SalesProfile:
    """How a rep sells of whom nobody said it."""
    return SalesProfile(rep_id=rep_id, team="", channel="field", skills=[], territory=[])


def profile_of(session: Session, rep_id: int) -> SalesProfile:
    """How a rep sells, to be changed; what nobody said yet is as it is for everybody."""
    found = session.get(SalesProfile, rep_id)
    if found is None:
        found = unsaid(rep_id)
        session.add(found)
    return found


def profiles(session: Session) -> dict[int, SalesProfile]:
    """How reps sell, as far as somebody said so."""
    return {one.rep_id: one for one in session.scalars(select(SalesProfile))}


def to_be_called(session: Session, owner_id: int, since: datetime, today: date) -> list[Lead]:
    """The open leads of a rep that nobody called since then, and that are not planned for a later day."""
    called = exists().where(LeadEvent.lead_id == Lead.id, LeadEvent.kind == "call", LeadEvent.at >= since)
    is_now = Lead.next_on.is_(None) | (Lead.next_on <= today)
    where = (Lead.owner_id == owner_id, Lead.closed_at.is_(None), Lead.stage != "nurturing", is_now, ~called)
    return list(session.scalars(_listed(*where).limit(_MOST_CALLS)))


def calls_since(session: Session, author: str, since: datetime) -> int:
    """How many calls somebody made since then."""
    where = (LeadEvent.kind == "call", LeadEvent.at >= since, LeadEvent.author == author)
    return session.scalar(select(func.count(LeadEvent.id)).where(*where)) or 0


def add(session: Session, lead: Lead, author: str, at: datetime | None = None, **details: Any) -> Lead:
    """Add a lead with its first event. Raises `Conflict` when its company has an open one for the offer."""
    session.add(lead)
    session.flush()
    note(session, lead, "opened", author, at, stage=lead.stage, owner=lead.owner_id, **details)
    return lead


def note(session: Session, lead: Lead, kind: str, author: str, at: datetime | None = None, **details: Any) -> LeadEvent:
    """Write down that something happened to a lead, now if it is not said when; an empty author is Vigie itself."""
    code = milestones.code_of(kind, details)
    event = LeadEvent(lead_id=lead.id, kind=kind, code=code, author=author, details=details, at=at or utcnow())
    session.add(event)
    milestones.follow(session, event)
    session.flush()
    return event


def change(
    session: Session,
    lead: Lead,
    author: str,
    event: str = CHANGED,
    details: Mapping[str, Any] = _NONE,
    at: datetime | None = None,
    **values: Any,
) -> bool:
    """Give columns of a lead other values, with an event that keeps the old ones. Whether any was different.

    It happened `at` that moment, or now. `details` are kept with the event: `why`, `to` (the name of whom it is given
    to) and what else is known of it.
    """
    before = {name: getattr(lead, name) for name, value in values.items() if getattr(lead, name) != value}
    if not before:
        return False
    for name in before:
        setattr(lead, name, values[name])
    after = {name: values[name] for name in before}
    note(session, lead, event, author, at, **details, before=_plain(before), after=_plain(after))
    return True


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """As JSON has it."""
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


def events(session: Session, lead_ids: Iterable[int]) -> dict[int, list[LeadEvent]]:
    """All that happened to leads, the oldest first."""
    found: defaultdict[int, list[LeadEvent]] = defaultdict(list)
    for chunk in in_chunks(list(lead_ids)):
        query = select(LeadEvent).where(LeadEvent.lead_id.in_(chunk)).order_by(LeadEvent.id)
        for one in session.scalars(query):
            found[one.lead_id].append(one)
    return found


def join(session: Session, lead: Lead, signals: Sequence[Signal], at: datetime) -> list[Signal]:
    """Let signals join a lead; those that had not."""
    has = set(session.scalars(select(LeadSignal.signal_id).where(LeadSignal.lead_id == lead.id)))
    new = [one for one in signals if one.id not in has]
    session.add_all(LeadSignal(lead_id=lead.id, signal_id=one.id, joined_at=at) for one in new)
    milestones.made_by(session, lead, new)
    session.flush()
    return new


def follow_merge(session: Session, kept: Company, other: Company) -> None:
    """Let the leads of a company be those of the one that stands for it from now on.

    Of two open ones for an offer that which was opened first takes in the other, which is closed as its duplicate.
    """
    there = open_ones(session, [kept.id])
    for lead in session.scalars(select(Lead).where(Lead.company_id == other.id).order_by(Lead.id)):
        twin = there.get((kept.id, lead.offer)) if lead.closed_at is None else None
        if twin is not None:
            first, second = sorted((twin, lead), key=lambda one: (one.opened_at, one.id))
            join(session, first, [signal for signal, _ in signals_of(session, second)], utcnow())
            change(session, second, "", "merged", {"into": first.id}, stage="lost", closed_at=utcnow())
            second.due_at = None
            note(session, first, "took in", "", other=second.id)
        change(session, lead, "", "company", {"from": other.id}, company_id=kept.id)


def follow_parting(session: Session, kept: Company, other: Company) -> None:
    """Give a company the leads back that it had when another record began to stand for it."""
    query = select(LeadEvent).join(Lead, Lead.id == LeadEvent.lead_id)
    moved = query.where(LeadEvent.kind == "company", Lead.company_id == kept.id).order_by(LeadEvent.id)
    for event in session.scalars(moved):
        lead = by_id(session, event.lead_id)
        if event.details.get("from") != other.id or lead.company_id != kept.id:
            continue
        if lead.closed_at is not None or (other.id, lead.offer) not in open_ones(session, [other.id]):
            change(session, lead, "", "company", {"from": kept.id}, company_id=other.id)


def signals_of(session: Session, lead: Lead) -> list[tuple[Signal, LeadSignal]]:
    """The signals of a lead with when each joined it and was retracted, the oldest first."""
    query = select(Signal, LeadSignal).join(LeadSignal, LeadSignal.signal_id == Signal.id)
    rows = session.execute(query.where(LeadSignal.lead_id == lead.id).order_by(Signal.published_at, Signal.id))
    return [(signal, joined) for signal, joined in rows]


def lose(session: Session, signals: Iterable[Signal], at: datetime) -> None:
    """Note on the open leads for which signals speak that these are told no more, before they are taken away."""
    gone = {one.id: one for one in signals}
    query = select(LeadSignal, Lead).join(Lead, Lead.id == LeadSignal.lead_id).where(Lead.closed_at.is_(None))
    lost: defaultdict[Lead, list[int]] = defaultdict(list)
    for chunk in in_chunks(list(gone)):
        still = (LeadSignal.signal_id.in_(chunk), LeadSignal.retracted_at.is_(None))
        for joined, lead in session.execute(query.where(*still).order_by(LeadSignal.signal_id)):
            lost[lead].append(joined.signal_id)
    for lead, numbers in lost.items():
        said = "; ".join(gone[number].sentence[:_LONGEST] for number in numbers)
        note(session, lead, "retracted", "", at, signals=numbers, text=said)


def _lost(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Whether a lead lost signals lately, and its owner was not told since."""
    told = aliased(LeadEvent)
    later = exists().where(told.lead_id == LeadEvent.lead_id, told.kind == TOLD_OF_LOSS, told.id > LeadEvent.id)
    lately = (LeadEvent.kind == "retracted", LeadEvent.at > now - _LATELY)
    return (*lately, Lead.closed_at.is_(None), Lead.owner_id.is_not(None), ~later)


def who_lost(session: Session, now: datetime) -> list[int]:
    """The reps who have leads that lost signals, of which they were not told yet."""
    query = select(Lead.owner_id).join(LeadEvent, LeadEvent.lead_id == Lead.id).where(*_lost(now)).distinct()
    return [number for number in session.scalars(query.order_by(Lead.owner_id)) if number is not None]


def that_lost(session: Session, owner_id: int, now: datetime) -> list[Lead]:
    """The leads of a rep that lost signals, of which they were not told yet. They are locked."""
    lost = select(LeadEvent.lead_id).join(Lead, Lead.id == LeadEvent.lead_id).where(*_lost(now))
    query = select(Lead).where(Lead.id.in_(lost), Lead.owner_id == owner_id).order_by(Lead.id)
    return list(session.scalars(query.options(*WITH).with_for_update(of=Lead)))


def retract(session: Session, offer: str, at: datetime) -> dict[Lead, list[int]]:
    """Mark the signals of the open leads for an offer that speak for them no more; the new ones by lead.

    One was denied, as its story or by itself, or is about another company, or about none that is known.
    """
    stands = func.coalesce(Company.merged_into, Company.id)
    is_gone = (Signal.status == "denied") | stands.is_distinct_from(Lead.company_id)
    query = (
        select(Lead, LeadSignal)
        .join(LeadSignal, LeadSignal.lead_id == Lead.id)
        .join(Signal, Signal.id == LeadSignal.signal_id)
        .outerjoin(Company, Company.id == Signal.company_id)
        .outerjoin(Story, Story.id == Signal.story_id)
        .where(Lead.offer == offer, Lead.closed_at.is_(None), LeadSignal.retracted_at.is_(None))
        .where(is_gone | (Story.status == "denied"))
        .order_by(LeadSignal.lead_id, LeadSignal.signal_id)
    )
    found: defaultdict[Lead, list[int]] = defaultdict(list)
    for lead, joined in session.execute(query):
        joined.retracted_at = at
        found[lead].append(joined.signal_id)
    for lead, numbers in found.items():
        note(session, lead, "retracted", "", signals=numbers)
    return found
