"""When an event took place or will, and whether the text only tells it again."""

from __future__ import annotations

import re
from datetime import date, timedelta

from companies.folding import fold_text
from nlp.dates import Moment, moments
from nlp.events import Event

OLD = timedelta(days=92)
"""An event that ended so long before the publication is no news."""

_BREAK = re.compile(r"[;:()\n«»]|, (?!(?:19|20)\d\d)")
# What a figure is compared with, or what a state has lasted since: not when the event took place.
_COMPARED = re.compile(
    r"(?:depuis|contre|par rapport a|compare a|qu'|qu|que|a fin|since|than|from|versus|vs|against|compared (?:to|with))"
    r"(?: (?:en|in|au|the|le))?\s*$"
)
_AIM = re.compile(r"\b(?:d'ici|horizon|by|objectif|target|vise|ambition)\b")


def _apart(event: Event, moment: Moment) -> int | None:
    """How far a moment stands from what tells the event, in characters; None in another part of the sentence.

    A moment that opens the sentence goes with all of it.
    """
    start, end = event.at[0] - event.start, event.at[1] - event.start
    if moment.end <= start:
        between = event.sentence[moment.end : start]
        if moment.start <= 4:
            between = re.sub(r"^\s*,", "", between)
    else:
        between = event.sentence[end : moment.start]
    return None if _BREAK.search(between) else len(between)


def moment_of(event: Event) -> Moment | None:
    """The moment of an event: the nearest in its part of the sentence that nothing is compared with."""
    near = [
        (apart, moment)
        for moment in event.moments
        if not _COMPARED.search(fold_text(event.sentence[: moment.start + _lead(event, moment)]))
        and (apart := _apart(event, moment)) is not None
    ]
    return min(near, key=lambda one: one[0])[1] if near else None


def _lead(event: Event, moment: Moment) -> int:
    """How many characters of a moment are its preposition, which is part of its own text (`depuis 2019`)."""
    text = event.sentence[moment.start : moment.end]
    first, _, rest = text.partition(" ")
    return len(first) if rest and first.isalpha() else 0


def is_retold(moment: Moment | None, published: date | None) -> bool:
    """Whether an event that is told as done ended long before the publication."""
    return moment is not None and published is not None and moment.last < published - OLD


def is_ahead(moment: Moment | None, published: date | None) -> bool:
    """Whether an event that is told as done begins after the publication: it is planned."""
    return moment is not None and published is not None and moment.first > published


def latest_year(text: str) -> date | None:
    """The end of the latest year that a text without a date names, aims left out: it was not written before.

    None where it names fewer than two years: one alone may be the past it tells.
    """
    named = [m.last.year for m in moments(text, None) if not _AIM.search(fold_text(text[max(0, m.start - 12) : m.end]))]
    return date(max(named), 12, 31) if len(set(named)) > 1 else None
