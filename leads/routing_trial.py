"""Whose the leads of the last days would have been by other rules; nothing is stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from leads.assignment import cases_of, sellers_of
from leads.offers import Offer
from leads.routing import Routed
from store import leads
from store.tables import Lead

DAYS = 90


@dataclass(frozen=True)
class Trial:
    """Each lead, the oldest first, with to whom it would have gone (None: to nobody, it would wait to be taken)."""

    leads: tuple[tuple[Lead, Routed | None], ...]

    @property
    def reps(self) -> list[tuple[str, int, int]]:
        """How many each rep has, and how many they would have been given, by name."""
        has = Counter(lead.owner.name for lead, _ in self.leads if lead.owner)
        would = Counter(routed.seller.name for _, routed in self.leads if routed)
        return [(name, has[name], would[name]) for name in sorted(has.keys() | would.keys())]

    @property
    def waiting(self) -> int:
        """How many would have gone to nobody."""
        return sum(routed is None for _, routed in self.leads)


def try_routing(session: Session, offer: Offer, now: datetime) -> Trial:
    """Give out the leads for an offer that were opened in the last 90 days, one after the other, as its rules say.

    Each rep begins with none, as what they had to do then is not known; so nobody has more than their share of these.
    """
    those = leads.opened_since(session, offer.name, now - timedelta(days=DAYS))
    there, cases = sellers_of(session, offer, fresh=True), cases_of(session, offer, those)
    found = []
    for lead in those:
        routed = there.route(offer.routing, cases[lead.id], lead.opened_at)
        if routed:
            there.give(routed.seller, lead.opened_at)
        found.append((lead, routed))
    return Trial(tuple(found))
