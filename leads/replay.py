"""What another version of an offer would have told over the last days: which companies enter, leave, rise and fall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
from sqlalchemy.orm import Session

from leads.board import Board, leads
from leads.facts import Floats, Ints
from leads.keywords import KeywordFilter
from leads.offers import Offer
from leads.ranking import apply_keywords
from signals.types import Taxonomy

DAYS = 90
Move = Literal["enters", "leaves", "rises", "falls"]


@dataclass(frozen=True)
class Moved:
    """A company that would have been told otherwise: on how many days it was and would be hot, and its points today.

    `since` is the first day on which it would be hot (of one that leaves: was hot).
    """

    company_id: int
    move: Move
    days: tuple[int, int]
    fit: tuple[float, float]
    timing: tuple[float, float]
    since: date


@dataclass(frozen=True)
class Replay:
    """What moves, what counts most first; and how many companies are leads today, before and after, by their state."""

    moved: list[Moved]
    leads: dict[str, tuple[int, int]]

    def of(self, move: Move) -> list[Moved]:
        """The companies that move so."""
        return [one for one in self.moved if one.move == move]


@dataclass(frozen=True)
class _Run:
    """An offer over the days: fit and timing today, days on which each company was hot, and the first (0: never)."""

    fit: Floats
    timing: Floats
    days: Ints
    first: Ints
    count: dict[str, int]


def _run(
    session: Session, offer: Offer, taxonomy: Taxonomy, there: Board, today: date, worded: KeywordFilter | None
) -> _Run:
    facts, columns = there.facts, there.columns
    size = len(facts.ids)
    days, first = np.zeros(size, np.int64), np.zeros(size, np.int64)
    fit = facts.fit(offer, today)
    counted = apply_keywords(session, offer, columns, fit >= offer.thresholds.fit, worded)
    ages = any(criterion.criterion == "age" for criterion in offer.fit)  # the only one that changes by the day
    timing = np.zeros(size)
    for back in range(DAYS - 1, -1, -1):
        day = today - timedelta(days=back)
        fit = facts.fit(offer, day) if ages else fit
        timing = columns.timing(offer, taxonomy, day, size, counted)
        hot = (fit >= offer.thresholds.fit) & (timing >= offer.thresholds.timing)
        days += hot
        first[hot & (first == 0)] = day.toordinal()
    return _Run(fit, timing, days, first, leads(offer, fit, timing, 0).count)


def replay(
    session: Session,
    there: Board,
    before: Offer | None,
    after: Offer,
    taxonomy: Taxonomy,
    today: date,
    worded: Callable[[Offer], KeywordFilter | None] = lambda offer: None,
) -> Replay:
    """Score the last 90 days by both versions, each day by what was published until then; nothing is stored.

    `before` is None for an offer that is new: all its companies enter. `there` is what is known of all companies
    today, from the first signal on that counts on any of the days. `worded` tells of which signals the articles may
    have an offer's words; None: all may.
    """
    old = before or after
    new = _run(session, after, taxonomy, there, today, worded(after))
    was = _run(session, old, taxonomy, there, today, worded(old)) if before else _never(new)
    found = []
    for at in np.flatnonzero((new.days > 0) | (was.days > 0)).tolist():
        days = int(was.days[at]), int(new.days[at])
        if days[0] != days[1] or was.timing[at] != new.timing[at]:
            found.append(_moved(int(there.facts.ids[at]), at, days, was, new))
    found.sort(key=lambda one: (-abs(one.days[1] - one.days[0]), -abs(one.timing[1] - one.timing[0]), one.company_id))
    counts = {state: (was.count[state], new.count[state]) for state in new.count}
    return Replay(found, counts)


def _moved(company_id: int, at: int, days: tuple[int, int], was: _Run, new: _Run) -> Moved:
    move: Move
    if not days[0]:
        move = "enters"
    elif not days[1]:
        move = "leaves"
    else:
        up = days[1] > days[0] or (days[1] == days[0] and new.timing[at] > was.timing[at])
        move = "rises" if up else "falls"
    fit = float(was.fit[at]), float(new.fit[at])
    timing = round(float(was.timing[at]), 2), round(float(new.timing[at]), 2)
    first = int(new.first[at]) or int(was.first[at])
    return Moved(company_id, move, days, fit, timing, date.fromordinal(first))


def _never(run: _Run) -> _Run:
    none = np.zeros_like(run.days)
    nothing = np.zeros_like(run.fit)
    return _Run(nothing, nothing, none, none, dict.fromkeys(run.count, 0))
