"""Points of a lead by rules of one's own on what happens to it, each a line of its ledger. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from leads.conditions import Strict
from leads.stages import FIRST
from store.milestones import TALKED
from store.tables import LeadEvent

ACTIVITY = "activity"
"""The kind of an event that another system tells of a lead; its code is the name that rules ask for."""
NAME = r"^[a-z][a-z0-9_]{0,39}$"
Name = Annotated[str, Field(pattern=NAME)]
_Points = Annotated[float, Field(ge=-100, le=100)]


class PointRule(Strict):
    """Points each time that something happens to a lead, at most so many `times`.

    `event` is how a call ended (`meeting`, `refused`, …), the stage that it moved to (`nurturing`: it was returned),
    `joined` or `retracted` of signals, `note`, or the name of an activity that another system tells (`mail_opened`).
    """

    event: Name
    points: _Points
    times: int | None = Field(default=None, ge=1)


class Silence(Strict):
    """Points for every `days` in which nobody at the company answered, at most so many `times`."""

    days: int = Field(ge=1, le=730)
    points: _Points
    times: int = Field(default=1, ge=1)


class Decay(Strict):
    """Points that are lost a week after so many days in which nothing happened, until none are left."""

    after_days: int = Field(ge=1, le=730)
    a_week: float = Field(gt=0, le=100)


class LeadScoring(Strict):
    """Rules of an offer's own on what happens to its leads.

    A lead that nobody qualified yet and of which the points fall below `minimum` goes to nurturing; one that is
    nurtured comes back when its points since then reach `comes_back`.
    """

    rules: tuple[PointRule, ...] = ()
    silence: Silence | None = None
    decay: Decay | None = None
    minimum: float | None = None
    comes_back: float | None = Field(default=None, gt=0)

    def __bool__(self) -> bool:
        return bool(self.rules or self.silence or self.decay)


@dataclass(frozen=True)
class PointLine:
    """Points for what happened `at` a moment: `what` is the `event` of a rule, `silence` or `decay`."""

    what: str
    points: float
    at: datetime


def happened(event: LeadEvent) -> str:
    """What a rule asks for to be about an event."""
    return event.code if event.kind in ("call", "moved", ACTIVITY) else event.kind


def lines(scoring: LeadScoring, events: Sequence[LeadEvent], now: datetime) -> list[PointLine]:
    """The ledger of a lead to which this happened, the oldest first.

    What happened before it last went to nurturing, or came back from there, counts no more: it begins anew.
    """
    if not scoring or not events:
        return []
    starts = [place for place, one in enumerate(events) if one.kind == "moved" and one.code in (FIRST, "nurturing")]
    events = events[starts[-1] :] if starts else events
    asked, counted = {one.event: one for one in scoring.rules}, Counter[str]()
    found = []
    for event in events:
        rule = asked.get(happened(event))
        if rule is not None and (rule.times is None or counted[rule.event] < rule.times):
            counted[rule.event] += 1
            found.append(PointLine(rule.event, rule.points, event.at))
    found += _silence(scoring.silence, events, now)
    return found + _decay(scoring.decay, events, total(found), now)


def _silence(asked: Silence | None, events: Sequence[LeadEvent], now: datetime) -> list[PointLine]:
    if asked is None:
        return []
    answers = (one.at for one in events if one.kind == ACTIVITY or (one.kind == "call" and one.code in TALKED))
    since = max(answers, default=events[0].at)
    times = min(asked.times, (now - since) // timedelta(days=asked.days))
    return [
        PointLine("silence", asked.points, since + timedelta(days=asked.days * (step + 1))) for step in range(times)
    ]


def _decay(asked: Decay | None, events: Sequence[LeadEvent], points: float, now: datetime) -> list[PointLine]:
    if asked is None or points <= 0:
        return []
    since = max(one.at for one in events) + timedelta(days=asked.after_days)
    lost = min(points, asked.a_week * (now - since) / timedelta(weeks=1))
    return [PointLine("decay", -round(lost, 1), since)] if lost >= 0.1 else []


def total(found: Iterable[PointLine]) -> float:
    """The sum of a ledger."""
    return round(sum(one.points for one in found), 1)
