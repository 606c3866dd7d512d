"""Leads on which their owners are late: they are reminded, then the next rep has it, then the managers are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from leads import offers
from leads.assignment import cases_of, hand, sellers_of
from leads.contract import Contract
from leads.routing import Sellers
from store import leads
from store.tables import Lead, Rep

StepKind = Literal["reminded", "passed", "escalated", "retracted"]
REMINDED, TOLD = 1, 2
"""How often its owner was reminded of a lead: once, and then it was passed on, or the managers were told."""


@dataclass(frozen=True)
class Step:
    """What was done on a lead with which `late` was late: `to` is who has it now, when it was passed on.

    Of one that lost signals that spoke for it (`retracted`) its owner is told, late or not.
    """

    lead: Lead
    kind: StepKind
    late: Rep
    to: Rep | None = None


def escalate(session: Session, owner: Rep, now: datetime) -> list[Step]:
    """Take the next step on every lead of which something was due from its owner; each leaves an event.

    An owner who is reminded has `grace_hours` more. Whom the routing finds next among those who never had the lead is
    given it after these; where there is nobody, it stays where it is, and the managers are told.
    """
    found = []
    known = {one.name: one for one in offers.current(session)}
    sellers: dict[str, Sellers] = {}
    for lead in leads.late(session, owner.id, now, TOLD):
        offer = known.get(lead.offer)
        contract = offer.contract if offer else Contract()
        if lead.reminders < REMINDED:
            leads.note(session, lead, "reminded", "", now, to=owner.name)
            lead.reminders = REMINDED
            lead.due_at = contract.until(now, contract.grace_hours, owner.zone)
            found.append(Step(lead, "reminded", owner))
            continue
        to = None
        if offer and offer.routing:
            if offer.name not in sellers:
                sellers[offer.name] = sellers_of(session, offer)
            to = _next(session, offer, sellers[offer.name], lead, now)
        if to:
            found.append(Step(lead, "passed", owner, to))
        else:
            leads.note(session, lead, "escalated", "", now)
            lead.reminders = TOLD
            found.append(Step(lead, "escalated", owner))
    session.flush()
    return found


def tell_of_losses(session: Session, owner: Rep, now: datetime) -> list[Step]:
    """The owner's leads that lost signals since they were last told so; it is noted that they are now."""
    found = leads.that_lost(session, owner.id, now)
    for lead in found:
        leads.note(session, lead, leads.TOLD_OF_LOSS, "", now, to=owner.name)
    return [Step(lead, "retracted", owner) for lead in found]


def _next(session: Session, offer: offers.Offer, there: Sellers, lead: Lead, now: datetime) -> Rep | None:
    """Who has the lead now, of those who never had it; None where nobody is found."""
    case, had = cases_of(session, offer, [lead])[lead.id], leads.owners_ever(session, lead)
    return hand(session, lead, offer, there, case, now, had, late=True)
