"""What outcomes of leads say of an offer's weights: suggestions, which a manager accepts or refuses."""

from __future__ import annotations

from collections.abc import Iterator
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
    """Another weight for a type or a family in an offer: of its leads so many led to a meeting, and of all others.

    A family stands for those of its types that have too few leads to be told apart, and no weight of their own.
    """

    kind: str
    before: float
    after: float
    found: Share
    others: Share


class _Counted(NamedTuple):
    kind: str
    before: float
    found: Share
    others: Share


def suggestions_for(session: Session, offer: Offer, taxonomy: Taxonomy, now: datetime) -> list[Suggestion]:
    """The weights of types and families whose leads lead to meetings more or less often than others, clearest first.

    Clear is what chance would seldom do: Fisher's exact test for each (Fisher 1922), of which with all that are asked
    at most one in ten is false (Benjamini and Hochberg 1995). What was accepted is judged by the leads opened since;
    what was refused comes again when there are half as many leads more.
    """
    counted = list(_all_counted(session, offer, taxonomy, now))
    if not counted:
        return []
    chances = [fisher_exact([_row(one.found), _row(one.others)]).pvalue for one in counted]
    clear = false_discovery_control(chances)
    found = []
    for chance, one in sorted(zip(clear, counted, strict=True), key=lambda pair: float(pair[0])):
        after = round(one.before * _step(one), 1)
        if chance <= MOST_FALSE and after not in (0.0, round(one.before, 1)):
            found.append(Suggestion(one.kind, one.before, after, one.found, one.others))
    return found


def _all_counted(session: Session, offer: Offer, taxonomy: Taxonomy, now: datetime) -> Iterator[_Counted]:
    """The leads of each type against all others, and of each family's other types where these have too few."""
    until = now - timedelta(days=RIPE_DAYS)
    decided = suggestions.newest(session, offer.name)
    numbers = lead_figures.leads_by_type(session, offer.name, now - timedelta(days=DAYS), until)
    asked: dict[str, list[str]] = {}
    for kind in taxonomy.types.keys() & numbers:
        is_own = numbers[kind] >= LEAST or kind in offer.types
        asked.setdefault(kind if is_own else taxonomy.family_of(kind).family, []).append(kind)
    for key, kinds in sorted(asked.items()):
        before = offer.factor(taxonomy.family_of(kinds[0]).family, kinds[0])
        last = decided.get(key)
        since = now - timedelta(days=DAYS)
        if last is not None and last.accepted:
            since = max(since, last.decided_at)
        own, others = lead_figures.meetings(session, offer.name, kinds, since, until)
        needed = LEAST if last is None or last.accepted else max(LEAST, _AGAIN * last.leads)
        if before > 0 and own.leads >= needed and others.leads >= LEAST:
            yield _Counted(key, before, _share(own), _share(others))


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


def with_weight(offer: Offer, suggestion: Suggestion, taxonomy: Taxonomy) -> Offer:
    """The offer with the weight that is suggested."""
    key = "families" if suggestion.kind in taxonomy.families else "types"
    return offer.model_copy(update={key: {**getattr(offer, key), suggestion.kind: suggestion.after}})


def decide(
    session: Session,
    changed: Offer,
    suggestion: Suggestion,
    author: str,
    now: datetime,
    note: str,
    *,
    accepted: bool,
) -> OfferSuggestion:
    """Keep that a manager accepted or refused a suggestion; one that is accepted becomes a version of the offer.

    `changed` is the offer with it; `note` says it in words, for the version.
    """
    version = offers.save(session, changed, author, note) if accepted else None
    return suggestions.add(
        session,
        OfferSuggestion(
            offer=changed.name,
            kind=suggestion.kind,
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
    """The suggestion for a type or family. Raises `NotFound` where there is none, `Conflict` where it changed."""
    one = next((one for one in found if one.kind == kind), None)
    if one is None:
        raise NotFound(f"nothing is suggested for '{kind}'")
    if one.after != after:
        raise Conflict(f"for '{kind}' {one.after:g} is suggested by now, not {after:g}")
    return one
