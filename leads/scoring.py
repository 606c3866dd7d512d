"""Fit and timing of a company for an offer, each the sum of its ledger. Pure: data in, ledger out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from companies.criteria import band_of, value_of
from leads.keywords import left_out
from leads.offers import Offer
from signals.types import Taxonomy
from store.tables import Company, Signal

Part = Literal["fit", "timing"]
FADED = 0.05  # below this share of its weight a signal is history
QUIET_DAYS = 30
LOST_A_DAY, MOST_LOST = 0.2 / 30, 0.6  # of the points, for each day without news after that
_RULED_OUT = {"territory", "closed"}
STATUS = {"done": 1.0, "planned": 0.8, "rumoured": 0.4, "denied": 0.0}


@dataclass(frozen=True)
class Line:
    """One reason: what it adds to fit or timing, and what is needed to say it in words.

    `kind` is a criterion's name for fit, or what takes all its points: `territory` outside the offer's, `closed` for a
    company that trades no more; for timing `signal`, `undated` when its day is unknown, `keyword` when the
    offer's words leave the article out, or `silence`.
    """

    part: Part
    points: float
    kind: str
    values: dict[str, Any] = field(default_factory=dict)
    signal_id: int | None = None


def fit(offer: Offer, company: Company, today: date) -> list[Line]:
    """A line for each criterion met, one of no points for each that cannot be judged, and one for what rules it out."""
    lines = []
    for criterion in offer.fit:
        value = value_of(company, criterion.criterion, today)
        if criterion.met_by(value):
            band = band_of(company, criterion.criterion)
            facts = {"value": value} | ({"band": list(band)} if band else {})
            lines.append(Line("fit", criterion.points, criterion.criterion, facts))
        elif value is None:
            lines.append(Line("fit", 0, criterion.criterion, {"value": None}))
    if company.closed or not offer.covers(company.department, company.country):
        why, place = "closed" if company.closed else "territory", company.department or company.country
        lines.append(Line("fit", -total(lines, "fit"), why, {"value": place}))
    return lines


def day_of(signal: Signal) -> date | None:
    """The day a signal counts from: of the event when it is done, else of its publication; unknown stays unknown."""
    if signal.event_date and signal.status == "done":
        return signal.event_date
    return signal.published_at.date() if isinstance(signal.published_at, datetime) else None


def _points(offer: Offer, taxonomy: Taxonomy, signal: Signal, age: int) -> float:
    kind = taxonomy.types[signal.type]
    factor = offer.factor(taxonomy.family_of(signal.type).family, signal.type)
    faded: float = 0.5 ** (age / offer.half_life(taxonomy, signal.type))
    if faded < FADED:
        return 0.0
    # Independent sources strengthen each other; a rumour stays as sure as its own words.
    story = signal.story
    sure = max(signal.confidence, story.confidence) if story and story.status == signal.status else signal.confidence
    return kind.weight * signal.impact * factor * faded * STATUS[signal.status] * sure * signal.link_confidence


def _stories(signals: Iterable[Signal]) -> list[list[Signal]]:
    """Signals by the story they tell, the newest of each first; one without a story is told alone.

    What was denied at last is left out.
    """
    told: dict[int, list[Signal]] = {}
    for signal in sorted(signals, key=lambda one: day_of(one) or date.min, reverse=True):
        told.setdefault(signal.story_key, []).append(signal)
    return [group for group in told.values() if not (group[0].story and group[0].story.status == "denied")]


def _once_a_sentence(signals: Iterable[Signal], weighed: dict[int, float]) -> None:
    """Let a sentence count once, by the strongest of the types that it tells: the others of it weigh nothing."""
    strongest: dict[tuple[int, int], Signal] = {}
    for one in signals:
        if one.document_id is None or one.id not in weighed:
            continue
        best = strongest.setdefault((one.document_id, one.start), one)
        if best is not one:
            weaker, stronger = sorted((best, one), key=lambda either: abs(weighed[either.id]))
            strongest[one.document_id, one.start] = stronger
            weighed[weaker.id] = 0.0


def _counted(offer: Offer, event: Sequence[Signal]) -> tuple[Sequence[Signal], str | None]:
    """The signals of a story that the offer's words let count, and why the others do not."""
    if not offer.keywords:
        return event, None
    reasons = [left_out(offer.keywords, one.document.full_text) for one in event]
    return [one for one, why in zip(event, reasons, strict=True) if why is None], reasons[0]


def _weighed(offer: Offer, taxonomy: Taxonomy, events: Sequence[Sequence[Signal]], today: date) -> dict[int, float]:
    """The points of each signal of the stories that have a day."""
    weighed = {}
    for event in events:
        day = day_of(event[0])
        if day is None:
            continue
        for one in event:
            weighed[one.id] = _points(offer, taxonomy, one, max(0, (today - (day_of(one) or day)).days))
    _once_a_sentence((one for event in events for one in event), weighed)
    return weighed


def timing(offer: Offer, signals: Sequence[Signal], taxonomy: Taxonomy, today: date) -> list[Line]:
    """A line for each story that still counts: of several articles on it, the one that adds most.

    A sentence that tells several types counts for the strongest.

    A day in the future (a plan) counts as today: no age is negative. An undated signal adds nothing, and says so; so
    does a story of which the offer's words leave every article out.
    """
    lines = []
    events = _stories(one for one in signals if one.type in taxonomy.types)
    weighed = _weighed(offer, taxonomy, events, today)
    for event in events:
        day = day_of(event[0])
        told = {"type": event[0].type, "status": event[0].status, "articles": len(event), "story": event[0].story_key}
        if day is None:
            lines.append(Line("timing", 0, "undated", told, event[0].id))
            continue
        if not any(weighed[one.id] for one in event):
            continue
        counted, word = _counted(offer, event)
        best = max(counted or event, key=lambda one: abs(weighed[one.id]))
        points = weighed[best.id]
        if points:
            told |= {"status": best.status, "day": (day_of(best) or day).isoformat()}
            if counted:
                last = max(day_of(one) or day for one in counted if weighed[one.id])
                told |= {"last": last.isoformat()}
                lines.append(Line("timing", round(points, 2), "signal", told, best.id))
            else:
                lines.append(Line("timing", 0, "keyword", told | {"word": word}, best.id))
    return [*sorted(lines, key=lambda line: -abs(line.points)), *_silence(lines, today)]


def _silence(lines: Iterable[Line], today: date) -> Iterator[Line]:
    """A line that takes a share of what speaks for a company of which nothing was told for long."""
    counted = [line for line in lines if line.kind == "signal" and line.points > 0]
    if not counted:
        return
    since = max(date.fromisoformat(line.values["last"]) for line in counted)
    quiet = (today - since).days - QUIET_DAYS
    if quiet > 0:
        lost = min(MOST_LOST, LOST_A_DAY * quiet) * sum(line.points for line in counted)
        yield Line("timing", -round(lost, 2), "silence", {"day": since.isoformat()})


def total(lines: Iterable[Line], part: Part) -> float:
    """The sum of a part's lines."""
    return round(sum(line.points for line in lines if line.part == part), 2)


def state(offer: Offer, lines: Sequence[Line]) -> Literal["hot", "potential", "none"]:
    """Hot: fit and timing both reach their thresholds; potential: fit alone does; neither where a line rules it out."""
    if total(lines, "fit") < offer.thresholds.fit or any(line.kind in _RULED_OUT for line in lines):
        return "none"
    return "hot" if total(lines, "timing") >= offer.thresholds.timing else "potential"
