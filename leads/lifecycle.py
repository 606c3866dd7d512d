"""The life of a lead: opened, taken, worked on, moved from stage to stage, closed. Every step leaves an event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, get_args

from sqlalchemy.orm import Session

from leads.contract import Contract
from leads.offers import of_leads
from leads.points import ACTIVITY, NAME
from leads.stages import (
    ACCEPTED,
    ASKED,
    CLOSED,
    FIRST,
    STAGES,
    TEMPERATURES,
    Condition,
    Known,
    missing,
    missing_of_a_project,
    next_stages,
)
from store import leads
from store.errors import Conflict, Invalid
from store.milestones import TALKED
from store.tables import Company, Lead, LeadEvent, Rep, Signal

Result = Literal["not_reached", "gatekeeper", "talked", "meeting", "call_back", "refused"]
RESULTS: tuple[Result, ...] = get_args(Result)
"""How a call ended."""


class Lacking(Invalid):
    """A step that a lead cannot take yet, for `conditions` that do not hold."""

    def __init__(self, said: str, conditions: Sequence[Condition]) -> None:
        super().__init__(f"{said}; missing: {', '.join(conditions)}")
        self.conditions = tuple(conditions)


TEXTS = ("decision_maker", "phone", "need", "timeframe", "told_by")
AMOUNTS = ("budget", "amount")
PURCHASES = ("simple", "framework")
_MOST = 1e12  # euros


def open_lead(
    session: Session,
    company: Company,
    offer: str,
    signals: Sequence[Signal],
    *,
    origin: str,
    author: str,
    now: datetime,
    told_by: str = "",
) -> tuple[Lead, bool]:
    """The open lead of a company for an offer, which is opened where there is none, and whether it was.

    The signals join it in both cases.
    """
    lead = leads.open_ones(session, [company.id], offer).get((company.id, offer))
    is_new = lead is None
    if lead is None:
        lead = Lead(company_id=company.id, offer=offer, stage=FIRST, origin=origin, told_by=told_by)
        lead.opened_at = lead.stage_since = now
        leads.add(session, lead, author, now, origin=origin, signals=[one.id for one in signals])
        leads.join(session, lead, signals, now)
    else:
        join(session, lead, signals, now)
    return lead, is_new


def join(session: Session, lead: Lead, signals: Sequence[Signal], now: datetime) -> bool:
    """Let signals join a lead that is open already. Whether any of them is new to it."""
    new = leads.join(session, lead, signals, now)
    if new:
        leads.note(session, lead, "joined", "", now, signals=[one.id for one in new])
    return bool(new)


def take(session: Session, lead: Lead, rep: Rep, now: datetime) -> None:
    """Let a rep take a lead: it is theirs, and accepted by sales. Raises `Conflict` where another has taken it."""
    if lead.owner_id not in (None, rep.id):
        raise Conflict(f"lead #{lead.id} was taken by {lead.owner.email if lead.owner else 'another rep'}")
    assign(session, lead, rep, rep.email, now)
    if lead.stage == FIRST:
        move(session, lead, ACCEPTED, rep.email, now)


def assign(
    session: Session,
    lead: Lead,
    rep: Rep | None,
    author: str,
    now: datetime,
    contract: Contract | None = None,
    **details: Any,
) -> bool:
    """Give a lead to a rep, or to nobody; the event keeps the `details` of why. Whether it was another's.

    `contract` is that of its offer, where it was read already.
    """
    if lead.owner_id == (rep.id if rep else None):
        return False
    kept = {"to": rep.name if rep else "", **details}
    changed = leads.change(session, lead, author, "assigned", kept, now, owner_id=rep.id if rep else None)
    lead.assigned_at = now if rep else None
    _ask(session, lead, now, contract)
    return changed


def _ask(session: Session, lead: Lead, now: datetime, contract: Contract | None = None) -> None:
    """Set until when the owner is to accept a lead, or to act on one that was accepted; elsewhere nothing is due."""
    lead.due_at, lead.reminders = None, 0
    if lead.owner_id is not None and lead.stage in ASKED:
        contract = contract or of_leads(session, lead.offer).contract
        hours = contract.accept_hours if lead.stage == FIRST else contract.act_hours
        lead.due_at = contract.until(now, hours, session.get_one(Rep, lead.owner_id).zone)


def _has_acted(lead: Lead) -> None:
    """Nothing is due any more on a lead that was accepted and on which its owner acted."""
    if lead.stage != FIRST and lead.due_at is not None:
        lead.due_at, lead.reminders = None, 0


def known_of(lead: Lead, happened: Iterable[LeadEvent], reason: str = "") -> Known:
    """What is known of a lead that is to move, to which all this `happened`."""
    has_talked = any(one.kind == "call" and one.details.get("result") in TALKED for one in happened)
    return Known(
        lead.owner_id is not None,
        has_talked,
        lead.decision_maker,
        lead.need,
        lead.timeframe,
        lead.amount,
        reason,
    )


def move(
    session: Session,
    lead: Lead,
    stage: str,
    author: str,
    now: datetime,
    *,
    reason: str = "",
    returned: str = "",
    returns_on: date | None = None,
    points: Mapping[str, float] | None = None,
) -> None:
    """Move a lead to another stage, for a `reason` in words, or `returned` for one of `leads.contract.RETURNS`.

    Vigie itself moves one whose `points` (`total`) are below a `minimum`, or reach what lets it `comes_back`.

    One that is nurtured comes back by itself on the day `returns_on`, or when something new joins it.

    Raises `Invalid` where there is no such stage, move or reason of the offer's contract, and `Lacking` where
    conditions do not hold.
    """
    if stage not in STAGES:
        raise Invalid(f"'{stage}' is no stage; there are {', '.join(STAGES)}")
    if returned and returned not in (allowed := of_leads(session, lead.offer).contract.returns):
        raise Invalid(f"'{returned}' is no reason to return a lead for '{lead.offer}'; there are {', '.join(allowed)}")
    happened = leads.events(session, [lead.id])[lead.id]
    lacking = missing(lead.stage, stage, known_of(lead, happened, reason or returned or str(points or "")))
    if lacking is None:
        goals = ", ".join(next_stages(lead.stage)) or "nowhere: it is closed"
        raise Invalid(f"a lead does not move from {lead.stage} to {stage}; from there it moves to {goals}")
    if lacking:
        raise Lacking(f"lead #{lead.id} cannot move to {stage} yet", lacking)
    closed_at = now if stage in CLOSED else None
    values: dict[str, Any] = {"stage": stage, "stage_since": now, "closed_at": closed_at, "returns_on": returns_on}
    kept: dict[str, Any] = {"why": reason, **({"returned": returned} if returned else {})}
    kept |= {"points": dict(points)} if points else {}
    if lead.stage == FIRST and stage == ACCEPTED and lead.due_at and lead.assigned_at != now:
        kept["in_time"] = now <= lead.due_at  # what a rep takes of themselves was asked of nobody
    leads.change(session, lead, author, "moved", kept, now, **values)
    _ask(session, lead, now)


def make_project(session: Session, lead: Lead, author: str, now: datetime | None = None) -> None:
    """Let a tip be a project. Raises `Lacking` with what is not known yet."""
    lacking = missing_of_a_project(known_of(lead, ()))
    if lacking:
        raise Lacking(f"lead #{lead.id} is no project yet", lacking)
    leads.change(session, lead, author, at=now, kind="project")


def call(session: Session, lead: Lead, author: str, result: str, text: str = "", now: datetime | None = None) -> None:
    """Note a call and how it ended. Raises `Invalid` for a result there is not."""
    if result not in RESULTS:
        raise Invalid(f"'{result}' is no result of a call; there are {', '.join(RESULTS)}")
    leads.note(session, lead, "call", author, now, result=result, text=text.strip())
    _has_acted(lead)


def plan(session: Session, lead: Lead, author: str, action: str, day: date | None, now: datetime | None = None) -> bool:
    """Say what the owner is to do next, and when; nothing and no day: nothing more. Whether that is new."""
    changed = leads.change(session, lead, author, "planned", at=now, next_action=action.strip(), next_on=day)
    if changed and action.strip():
        _has_acted(lead)
    return changed


def tell(session: Session, lead: Lead, author: str, text: str, now: datetime | None = None) -> None:
    """Write a note on a lead. Raises `Invalid` when it is empty."""
    if not text.strip():
        raise Invalid("the note is empty")
    leads.note(session, lead, "note", author, now, text=text.strip())
    _has_acted(lead)


def activity(
    session: Session, lead: Lead, author: str, name: str, text: str = "", now: datetime | None = None
) -> LeadEvent:
    """Note what another system tells of a lead, by a name that rules for points may ask for.

    Raises `Invalid` when that is no such name.
    """
    if not re.fullmatch(NAME, name):
        raise Invalid(f"'{name}' is no name of an activity: a-z, 0-9 and _, beginning with a letter, at most 40")
    return leads.note(session, lead, ACTIVITY, author, now, name=name, **({"text": text.strip()} if text else {}))


def fill_in(session: Session, lead: Lead, author: str, now: datetime | None = None, **values: Any) -> bool:
    """Write down what became known of a lead. Whether anything is new.

    Raises `Invalid` for what is no column to be filled in, an amount that cannot be, or a temperature there is not.
    """
    for name, value in values.items():
        if name in TEXTS:
            values[name] = str(value).strip()
        elif name in AMOUNTS:
            if value is not None and not 0 <= float(value) <= _MOST:
                raise Invalid(f"{name} must be a number of euros from 0 to {_MOST:.0f}")
        elif name == "purchase":
            if value not in PURCHASES:
                raise Invalid(f"purchase must be one of {', '.join(PURCHASES)}, not '{value}'")
        elif name == "temperature":
            if value not in TEMPERATURES:
                raise Invalid(f"temperature must be one of {', '.join(TEMPERATURES)}, not '{value}'")
        else:
            known = ", ".join((*TEXTS, *AMOUNTS, "temperature", "purchase"))
            raise Invalid(f"'{name}' cannot be filled in; there are {known}")
    return leads.change(session, lead, author, at=now, **values)
