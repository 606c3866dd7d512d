"""When each lead reached what, as its events say: kept with every event, and counted anew from all of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from store.base import in_chunks
from store.tables import Document, Lead, LeadEvent, LeadMilestone, LeadSignal, Signal

MOVED = {
    "sales_accepted": "accepted_at",
    "sales_qualified": "qualified_at",
    "opportunity": "opportunity_at",
    "won": "won_at",
    "lost": "lost_at",
    "nurturing": "returned_at",
}
"""The moment that is kept when a lead moves to a stage for the first time."""
TALKED = ("talked", "meeting")
"""How calls ended in which somebody was talked to, and the need can have been confirmed."""
ACTS = ("call", "note", "planned")
"""The events by which an owner acts on a lead."""


def code_of(kind: str, details: dict[str, Any]) -> str:
    """What is asked most of an event: how a call ended, the name of an activity, to which stage a lead moved."""
    if kind in ("call", "activity"):
        return str(details.get("result") or details.get("name") or "")
    return str(details.get("after", {}).get("stage", "")) if kind == "moved" else ""


def follow(session: Session, event: LeadEvent) -> None:
    """Let an event that was just added change what its lead has reached."""
    row = session.get(LeadMilestone, event.lead_id)
    if row is None:
        row = LeadMilestone(lead_id=event.lead_id, opened_at=event.at, calls=0, returned="", type="")
        session.add(row)
    moment = ""
    if event.kind == "moved":
        moment = MOVED.get(event.code, "")
        if event.code == "nurturing":
            row.returned = str(event.details.get("returned", ""))
        if event.code == "sales_accepted" and row.in_time is None:
            row.in_time = event.details.get("in_time")
    elif event.kind == "assigned" and event.details.get("after", {}).get("owner_id") is not None:
        moment = "given_at"
    elif event.kind in ACTS and row.accepted_at is not None:
        moment = "acted_at"
    if event.kind == "call":
        row.calls += 1
        if event.code in TALKED and row.contacted_at is None:
            row.contacted_at = event.at
    if moment and getattr(row, moment) is None:
        setattr(row, moment, event.at)


def made_by(session: Session, lead: Lead, signals: list[Signal]) -> None:
    """Note what made a lead: the type and the source of the first of its signals, the best first."""
    row = session.get(LeadMilestone, lead.id)
    if row is not None and signals and not row.type:
        document = session.get(Document, signals[0].document_id)
        row.type, row.source_id = signals[0].type, document.source_id if document else None


def recount(session: Session) -> int:
    """Count all anew from the events of all leads; how many leads."""
    session.execute(delete(LeadMilestone))
    ids = list(session.scalars(select(Lead.id).order_by(Lead.id)))
    for chunk in in_chunks(ids):
        events = select(LeadEvent).where(LeadEvent.lead_id.in_(chunk)).order_by(LeadEvent.id)
        for event in session.scalars(events):
            follow(session, event)
        session.flush()
        firsts = select(func.min(LeadSignal.joined_at), LeadSignal.lead_id, func.min(LeadSignal.signal_id))
        rows = session.execute(firsts.where(LeadSignal.lead_id.in_(chunk)).group_by(LeadSignal.lead_id))
        for _, lead_id, signal_id in rows:
            made_by(session, session.get_one(Lead, lead_id), [session.get_one(Signal, signal_id)])
        session.flush()
    return len(ids)
