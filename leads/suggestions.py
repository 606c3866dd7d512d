"""What outcomes of leads say of an offer's weights: suggestions, which a manager accepts or refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from scipy.stats import false_discovery_control, fisher_exact
from sqlalchemy.orm import Session

from leads import offers
from leads.offers import Offer
from leads.quality import Share
from signals.types import Taxonomy
from store import lead_figures, suggestions
from store.errors import Conflict, NotFound
from store.lead_figures import Meetings
from store.tables import OfferSuggestion

DAYS, RIPE_DAYS = 365, 14
"""Leads are counted that were opened within so many days, but for those too young to have led to anything."""
LEAST = 20  # leads made by signals of a type
MOST_FALSE = 0.1  # the share of suggestions that may come from chance alone
_PRIOR = 20  # leads of the mean rate that are added to a type's, so that few of them move its weight little
_STEP = 0.5, 2.0  # by how much a weight changes at once, at least and at most
_AGAIN = 1.5  # how many times more leads a refused suggestion needs to be made again


@dataclass(frozen=True)
class Suggestion:
    """Another weight for a type in an offer: of its leads `found` led to a meeting, of those of all others `others`."""

    type: str
    before: float
    after: float
    found: Share
    others: Share


class _Counted(NamedTuple):
    type: str
    found: Share
    others: Share


def suggestions_for(session: Session, offer: Offer, taxonomy: Taxonomy, now: datetime) -> list[Suggestion]:
    """The weights of types whose leads lead to meetings more or less often than the offer's others, clearest first.

    Clear is what chance would seldom do: Fisher's exact test for each type (Fisher 1922), of which with all the types
    that are asked at most one in ten is false (Benjamini and Hochberg 1995). What was accepted for a type is judged by
    the leads opened since; what was refused comes again when there are half as many leads more.
    """
    decided = suggestions.newest(session, offer.name)
    counted = [
        one
        for kind in lead_figures.types_of(session, offer.name, now - timedelta(days=DAYS))
        if kind in taxonomy.types and offer.factor(taxonomy.family_of(kind).family, kind) > 0
        if (one := _counted(session, offer.name, kind, decided, now)) is not None
    ]
    if not counted:
        return []
    chances = [fisher_exact([_row(one.found), _row(one.others)]).pvalue for one in counted]
    clear = false_discovery_control(chances)
    found = []
    for chance, one in sorted(zip(clear, counted, strict=True), key=lambda pair: float(pair[0])):
        before = offer.factor(taxonomy.family_of(one.type).family, one.type)
        after = round(before * _step(one), 1)
        if chance <= MOST_FALSE and after not in (0.0, round(before, 1)):
            found.append(Suggestion(one.type, before, after, one.found, one.others))
    return found


def _counted(
    session: Session, offer: str, kind: str, decided: Mapping[str, OfferSuggestion], now: datetime
) -> _Counted | None:
    """The leads of a type against all others; None where there are too few to say anything, or anything again."""
    last = decided.get(kind)
    since = now - timedelta(days=DAYS)
    if last is not None and last.accepted:
        since = max(since, last.decided_at)
    own, others = lead_figures.meetings(session, offer, kind, since, now - timedelta(days=RIPE_DAYS))
    needed = LEAST if last is None or last.accepted else max(LEAST, _AGAIN * last.leads)
    return _Counted(kind, _share(own), _share(others)) if own.leads >= needed and others.leads >= LEAST else None


def _share(counted: Meetings) -> Share:
    return Share(counted.meetings, counted.leads)


def _row(share: Share) -> tuple[int, int]:
    return share.part, share.whole - share.part


def _step(one: _Counted) -> float:
    """By how much the weight of a type is to change."""
    mean = (one.found.part + one.others.part) / (one.found.whole + one.others.whole)
    if not mean:
        return 1.0
    likely = (one.found.part + _PRIOR * mean) / (one.found.whole + _PRIOR)
    return min(_STEP[1], max(_STEP[0], likely / mean))


def with_weight(offer: Offer, suggestion: Suggestion) -> Offer:
    """The offer with the weight that is suggested."""
    return offer.model_copy(update={"types": {**offer.types, suggestion.type: suggestion.after}})


def decide(
    session: Session, offer: Offer, suggestion: Suggestion, author: str, now: datetime, note: str, *, accepted: bool
) -> OfferSuggestion:
    """Keep that a manager accepted or refused a suggestion; one that is accepted becomes a version of the offer.

    `note` says it in words, for the version.
    """
    version = offers.save(session, with_weight(offer, suggestion), author, note) if accepted else None
    return suggestions.add(
        session,
        OfferSuggestion(
            offer=offer.name,
            type=suggestion.type,
            before=suggestion.before,
            after=suggestion.after,
            meetings=suggestion.found.part,
            leads=suggestion.found.whole,
            other_meetings=suggestion.others.part,
            other_leads=suggestion.others.whole,
            decided_at=now,
            decided_by=author,
            accepted=accepted,
            version=version.number if version else None,
        ),
    )


def named(found: list[Suggestion], kind: str, after: float) -> Suggestion:
    """The suggestion for a type. Raises `NotFound` where there is none, `Conflict` where it is another by now."""
    one = next((one for one in found if one.type == kind), None)
    if one is None:
        raise NotFound(f"nothing is suggested for '{kind}'")
    if one.after != after:
        raise Conflict(f"for '{kind}' {one.after:g} is suggested by now, not {after:g}")
    return one
