"""Fit and timing of a company for an offer, each the sum of its ledger. Pure: data in, ledger out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from signals.offers import Criterion, Offer
from signals.types import Taxonomy
from store.tables import Company, Signal

Part = Literal["fit", "timing"]
SAME_EVENT_DAYS = 30  # signals of one type on one company this near to each other are taken for one event
FADED = 0.05  # below this share of its weight a signal is history
_STATUS = {"done": 1.0, "planned": 0.8, "rumoured": 0.4, "denied": 0.0}


@dataclass(frozen=True)
class Line:
    """One reason: what it adds to fit or timing, and what is needed to say it in words.

    `kind` is a criterion's name for fit; `signal`, or `undated` when its day is unknown, for timing.
    """

    part: Part
    points: float
    kind: str
    values: dict[str, Any] = field(default_factory=dict)
    signal_id: int | None = None


def _meets(criterion: Criterion, value: object) -> bool:
    if value is None:
        return criterion.unknown
    if criterion.unknown:
        return False
    if isinstance(value, int | float):
        above = criterion.min is None or value >= criterion.min
        return above and (criterion.max is None or value <= criterion.max)
    text = str(value).casefold()
    if criterion.criterion == "naf":
        return text.replace(".", "").startswith(tuple(v.casefold().replace(".", "") for v in criterion.values))
    return text in {wanted.casefold() for wanted in criterion.values}


def fit(offer: Offer, company: Company) -> list[Line]:
    """A line for each criterion met, and one of no points for each that cannot be judged."""
    lines = []
    for criterion in offer.fit:
        value = getattr(company, criterion.criterion)
        if _meets(criterion, value):
            lines.append(Line("fit", criterion.points, criterion.criterion, {"value": value}))
        elif value is None:
            lines.append(Line("fit", 0, criterion.criterion, {"value": None}))
    return lines


def day_of(signal: Signal) -> date | None:
    """The day a signal counts from: of the event when it is done, else of its publication; unknown stays unknown."""
    if signal.event_date and signal.status == "done":
        return signal.event_date
    return signal.published_at.date() if isinstance(signal.published_at, datetime) else None


def _points(offer: Offer, taxonomy: Taxonomy, signal: Signal, age: int) -> float:
    kind = taxonomy.types[signal.type]
    factor = offer.factor(taxonomy.family_of(signal.type).family, signal.type)
    faded: float = 0.5 ** (age / kind.half_life)
    if faded < FADED:
        return 0.0
    return kind.weight * factor * faded * _STATUS[signal.status] * signal.confidence * signal.link_confidence


def _events(signals: Iterable[Signal]) -> list[list[Signal]]:
    """Signals grouped into events, the newest signal of each first."""
    events: list[list[Signal]] = []
    for signal in sorted(signals, key=lambda one: (one.type, day_of(one) or date.min), reverse=True):
        last = events[-1][-1] if events else None
        if last is not None and last.type == signal.type:
            newer, older = day_of(last), day_of(signal)
            if newer == older or (newer and older and (newer - older).days <= SAME_EVENT_DAYS):
                events[-1].append(signal)
                continue
        events.append([signal])
    return events


def timing(offer: Offer, signals: Sequence[Signal], taxonomy: Taxonomy, today: date) -> list[Line]:
    """A line for each event that still counts: of several articles on it, the one that adds most.

    A day in the future (a plan) counts as today: no age is negative. An undated signal adds nothing, and says so.
    """
    lines = []
    for event in _events(one for one in signals if one.type in taxonomy.types):
        day = day_of(event[0])
        told = {"type": event[0].type, "status": event[0].status, "articles": len(event)}
        if day is None:
            lines.append(Line("timing", 0, "undated", told, event[0].id))
            continue
        ages = {one.id: max(0, (today - (day_of(one) or day)).days) for one in event}
        best = max(event, key=lambda one: abs(_points(offer, taxonomy, one, ages[one.id])))
        points = _points(offer, taxonomy, best, ages[best.id])
        if points:
            told |= {"status": best.status, "day": (day_of(best) or day).isoformat()}
            lines.append(Line("timing", round(points, 2), "signal", told, best.id))
    return sorted(lines, key=lambda line: -abs(line.points))


def total(lines: Iterable[Line], part: Part) -> float:
    """The sum of a part's lines."""
    return round(sum(line.points for line in lines if line.part == part), 2)


def state(offer: Offer, lines: Sequence[Line]) -> Literal["hot", "potential", "none"]:
    """Hot: fit and timing both reach their thresholds; potential: fit alone does."""
    if total(lines, "fit") < offer.thresholds.fit:
        return "none"
    return "hot" if total(lines, "timing") >= offer.thresholds.timing else "potential"
