"""Leads that nobody has are given to reps, as the routing of their offers says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from leads.lifecycle import assign
from leads.offers import Offer
from leads.routing import Case, Seller, Sellers
from leads.stages import FIRST
from store import leads, offers, scores, users
from store.tables import Lead, Rep


def sellers_of(session: Session, offer: Offer, *, fresh: bool = False) -> Sellers:
    """Those to whom an offer was given, with how they sell and how much they have to do; `fresh`: with nothing yet.

    Who may sign in no more is given nothing.
    """
    gone = users.disabled(session)
    profiles, loads = leads.profiles(session), {} if fresh else leads.loads(session)
    found = []
    for rep in (one for one in offers.given(session).get(offer.name, ()) if one.id not in gone):
        profile, (number, last) = profiles.get(rep.id) or leads.unsaid(rep.id), loads.get(rep.id, (0, None))
        seller = Seller(
            *(rep.id, rep.name, rep.email, profile.team, profile.channel),
            skills=tuple(profile.skills),
            territory=tuple(profile.territory),
            most_open=profile.most_open,
            open=number,
            last_given=last,
            away=(profile.away_from, profile.away_until),
            stand_in=profile.stand_in_id,
        )
        found.append(seller)
    return Sellers(found, offer.channel_costs)


def cases_of(session: Session, offer: Offer, routed: Collection[Lead]) -> dict[int, Case]:
    """What is known of leads for an offer that are to be routed, by their ids."""
    ids = {one.company_id for one in routed}
    points = {one.company_id: one.fit + one.timing for one in scores.of_companies(session, offer.name, ids)}
    bought = leads.purchases(session, ids)
    return {
        one.id: Case(
            one.company,
            one.kind,
            one.origin,
            points.get(one.company_id, 0.0),
            customer(bought.get(one.company_id, ())),
        )
        for one in routed
    }


def customer(bought: Collection[str]) -> str:
    """What kind of customer bought that: by a framework contract, something before, or nothing yet."""
    if "framework" in bought:
        return "framework"
    return "repeat" if bought else "simple"


def give_out(session: Session, offer: Offer, those: Sequence[Lead], now: datetime) -> int:
    """Give leads that nobody has to reps; how many. Where no rule finds anybody a lead stays to be taken."""
    free = [one for one in those if one.owner_id is None and one.stage == FIRST] if offer.routing else []
    if not free:
        return 0
    there, cases = sellers_of(session, offer), cases_of(session, offer, free)
    given = (hand(session, one, offer, there, cases[one.id], now) for one in free)
    return sum(rep is not None for rep in given)


def hand(
    session: Session,
    lead: Lead,
    offer: Offer,
    there: Sellers,
    case: Case,
    now: datetime,
    without: Collection[int] = (),
    **details: Any,
) -> Rep | None:
    """Give a lead to whom the offer's rules find, but those `without`; None where they find nobody.

    The event keeps the `details`, and why it is whose.
    """
    routed = there.route(offer.routing, case, now, without)
    if routed is None:
        return None
    there.give(routed.seller, now)
    rep = session.get_one(Rep, routed.seller.id)
    assign(session, lead, rep, "", now, offer.contract, routed=routed.facts, **details)
    return rep
