"""Facts on companies that their own signals tell: the countries where they have opened a site or a subsidiary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from store import companies, outbox, signals
from store.tables import Signal

SOURCE = "observed"
_TYPES = ("foreign_expansion", "opening", "extension", "site_takeover", "creation")
_FACT = "international_presence"


def _countries(signal: Signal) -> set[str]:
    places = (place for place in signal.slots.get("place", ()) if isinstance(place, dict))
    return {place["country"] for place in places if place.get("country")}


def add_presence(session: Session, company_ids: Iterable[int], today: date) -> int:
    """Write down the countries abroad in which companies are seen to be; returns for how many there are new ones.

    What a register or a person says of it stays.
    """
    seen: defaultdict[int, set[str]] = defaultdict(set)
    for signal in signals.published(session, company_ids, _TYPES):
        if signal.company_id and signal.status == "done":
            seen[signal.company_id] |= _countries(signal)
    changed = []
    for company in companies.by_ids(session, seen).values():
        source = company.sources.get(_FACT, [""])[0]
        if company.international_presence and source != SOURCE:
            continue
        known = set((company.international_presence or "").split("; ")) - {""}
        abroad = known | seen[company.id] - {company.country}
        if abroad != known:
            company.international_presence = "; ".join(sorted(abroad))
            company.sources = {**company.sources, _FACT: [SOURCE, today.isoformat()]}
            changed.append(company.id)
    outbox.add_of_companies(session, changed)
    return len(changed)
