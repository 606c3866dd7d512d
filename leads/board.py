"""All signals in columns, so that all companies are scored for an offer at once.

The sums are those of `leads.scoring`, without its ledgers; the points of fit come from `leads.facts`.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import cast

import numpy as np
from sqlalchemy.orm import Session

from leads.facts import Facts, Flags, Floats, Ints
from leads.offers import Offer
from leads.scoring import FADED, LOST_A_DAY, MOST_LOST, QUIET_DAYS, STATUS, day_of
from signals.types import Taxonomy
from store import signals
from store.tables import Signal

_PART = 200_000  # signals that are weighed together
COMPANY, DAY = 1, 4
"""Columns of the rows that `rows_of` gives."""
_STORY, _SENTENCE, _WEIGHT = 2, 6, 7


@dataclass(frozen=True)
class _Worth:
    """What signals are worth for an offer on a day: a table of types by ages, without signs, laid out in a row."""

    table: Floats
    against: Flags
    today: int


class _Part:
    """The signals of some companies that stand beside each other, so many that they fit into the processor's cache."""

    def __init__(self, columns: SignalColumns, rows: slice, newest: int, oldest: int) -> None:
        company, story, self.kind = columns.company[rows], columns.story[rows], columns.kind[rows]
        self.rows, self.weight, self.known = rows, columns.weight[rows], columns.known[rows]
        self.day = columns.day[rows].astype(np.int32)
        self.cell = (self.kind * (oldest + 1) + newest - self.day).astype(np.int32)
        self.stories = _starts(company, story)
        self.firsts = _starts(company[self.stories])
        self.since = self.stories[self.firsts]
        self.told_of, self.kind_of = company[self.since], self.kind[self.stories]
        self.last_known = int(self.known.max())
        order = np.argsort(columns.sentence[rows], kind="stable")
        sorted_ = columns.sentence[rows][order]
        alike = np.concatenate([[False], sorted_[1:] == sorted_[:-1]])
        shared = alike | np.append(alike[1:], False)
        self.shared, self.sentences = order[shared], _starts(sorted_[shared])

    def timing(self, worth: _Worth, counted: Flags | None, found: Floats) -> None:
        """Write the sum of each company to its place in `found`."""
        points = worth.table.take(self.cell)
        points *= self.weight
        if self.last_known > worth.today:
            points[self.known > worth.today] = 0
        if counted is not None:
            points[~counted[self.rows]] = 0
        self._count_sentences_once(points)
        best = np.maximum.reduceat(points, self.stories)
        days = np.where(points > 0, self.day, 0)
        speaks = best
        if worth.against.any():
            days[worth.against[self.kind]] = 0
            best = best * np.where(worth.against, -1, 1)[self.kind_of]
            speaks = np.maximum(best, 0)
        quiet = np.maximum(worth.today - QUIET_DAYS - np.maximum.reduceat(days, self.since), 0)
        lost = np.minimum(MOST_LOST, LOST_A_DAY * quiet) * np.add.reduceat(speaks, self.firsts)
        found[self.told_of] = np.add.reduceat(best, self.firsts) - lost

    def _count_sentences_once(self, points: Floats) -> None:
        """Of the signals that one sentence tells, let the strongest count."""
        if not len(self.shared):
            return
        there = points[self.shared]
        lengths = np.diff(np.append(self.sentences, len(there)))
        is_best = there == np.repeat(np.maximum.reduceat(there, self.sentences), lengths)
        sentence = np.repeat(np.arange(len(lengths)), lengths)
        first = np.flatnonzero(is_best)[np.unique(sentence[is_best], return_index=True)[1]]  # of equals one
        there[np.setdiff1d(np.arange(len(there)), first, assume_unique=True)] = 0
        points[self.shared] = there


@dataclass(frozen=True)
class SignalColumns:
    """Signals, by company and story; `company` counts the companies of the facts. A row has no day before `known`.

    Those of a story are of one type; those of the same `sentence` are told by one; `weight` is what each has but for
    its age, its type and the offer.
    """

    id: Ints
    company: Ints
    story: Ints
    kind: Ints
    day: Ints
    known: Ints
    sentence: Ints
    weight: Floats
    kinds: tuple[str, ...]

    @cached_property
    def _days(self) -> tuple[int, int]:
        """The newest day, and how many days before it the oldest is."""
        newest = int(self.day.max(initial=0))
        return newest, newest - int(self.day.min(initial=newest))

    @cached_property
    def _parts(self) -> list[_Part]:
        starts = _starts(self.company)
        cuts = np.unique(starts[np.searchsorted(starts, np.arange(0, len(self.id), _PART), "right") - 1])
        ends = [*cuts[1:].tolist(), len(self.id)]
        return [_Part(self, slice(*one), *self._days) for one in zip(cuts.tolist(), ends, strict=True)]

    def timing(self, offer: Offer, taxonomy: Taxonomy, today: date, size: int, counted: Flags | None = None) -> Floats:
        """The points of timing of each of `size` companies, of what was known on that day; not rounded line by line.

        `counted` are the signals that the offer's words let count; None: all.
        """
        found = np.zeros(size)
        if len(self.id):
            worth = self._worth(offer, taxonomy, today)
            with ThreadPoolExecutor(os.cpu_count()) as threads:
                list(threads.map(lambda part: part.timing(worth, counted, found), self._parts))
        return found

    def _worth(self, offer: Offer, taxonomy: Taxonomy, today: date) -> _Worth:
        newest, oldest = self._days
        age = np.maximum(today.toordinal() - newest + np.arange(oldest + 1), 0)
        factors = np.array([offer.factor(taxonomy.family_of(name).family, name) for name in self.kinds])
        table = np.zeros((len(self.kinds), oldest + 1))
        for number, name in enumerate(self.kinds):
            faded = 0.5 ** (age / offer.half_life(taxonomy, name))
            table[number] = np.where(faded < FADED, 0, taxonomy.types[name].weight * abs(factors[number]) * faded)
        return _Worth(table.ravel(), factors < 0, today.toordinal())


def _starts(*keys: Ints) -> Ints:
    """Where a new value of any key begins."""
    if not len(keys[0]):
        return np.empty(0, np.int64)
    new = np.zeros(len(keys[0]), np.bool_)
    new[0] = True
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(new)


def rows_of(
    session: Session, taxonomy: Taxonomy, since: datetime, company_ids: Collection[int] | None = None
) -> Floats:
    """The signals that were published since then, of events since then that may count, by company, story and day.

    A row is the numbers of the signal, its company, its story and its type, its day, the day it was known, the number
    of its sentence, and its weight: exact for whole numbers to 2 ** 53. `company_ids` are the companies that are read;
    None: all.
    """
    number = {name: one for one, name in enumerate(taxonomy.types)}
    rows: list[tuple[int, int, int, int, int, int, int, float]] = []
    sentences: dict[tuple[int, int, int], int] = {}
    for row in signals.rows_since(session, since, company_ids):
        kind = number.get(row.type)
        if kind is not None and row.told != "denied":
            day = day_of(cast(Signal, row))
            known = min(row.published_at or row.found_at, row.found_at).date()  # a day to come is known already
            sure = max(row.confidence, row.together) if row.told == row.status else row.confidence
            weight = row.impact * STATUS[row.status] * sure * row.link_confidence
            story = row.story_id or -row.id
            sentence = sentences.setdefault((row.company_id, row.document_id, row.start), row.id)
            days = (day.toordinal() if day else 0, known.toordinal())
            rows.append((row.id, row.company_id, story, kind, *days, sentence, weight))
    table = np.array(rows, np.float64).reshape(-1, _WEIGHT + 1)
    table = table[np.lexsort((table[:, DAY], table[:, _STORY], table[:, COMPANY]))]
    starts = _starts(table[:, COMPANY].astype(np.int64), table[:, _STORY].astype(np.int64))
    if len(starts):  # an undated article counts from the story's newest day; what is older than all else adds nothing
        dated = table[:, DAY]
        newest = np.repeat(np.maximum.reduceat(dated, starts), np.diff(np.append(starts, len(table))))
        table[:, DAY] = np.where(dated == 0, newest, dated)
        table = table[table[:, DAY] >= since.date().toordinal()]
    return table


def _placed(rows: Floats, ids: Ints, kinds: tuple[str, ...]) -> SignalColumns:
    """The rows on companies that are there, each with its company's place."""
    company = rows[:, COMPANY].astype(np.int64)
    there = np.append(ids, -1)[np.searchsorted(ids, company)] == company
    if not there.all():
        rows, company = rows[there], company[there]
    number, _, story, kind, day, known, sentence = np.ascontiguousarray(rows[:, :_WEIGHT].T.astype(np.int64))
    place, weight = np.searchsorted(ids, company), rows[:, _WEIGHT].copy()
    return SignalColumns(number, place, story, kind, day, known, sentence, weight, kinds)


class Board:
    """The facts of all companies, and the signals on them as `rows_of` gives them."""

    def __init__(self, facts: Facts, rows: Floats, kinds: tuple[str, ...]) -> None:
        self.facts, self.rows, self._kinds = facts, rows, kinds

    @cached_property
    def columns(self) -> SignalColumns:
        """The signals that may count: dated, and not denied at last."""
        return _placed(self.rows, self.facts.ids, self._kinds)


def read_board(session: Session, taxonomy: Taxonomy, since: datetime, *offers: Offer) -> Board:
    """The facts that offers ask for, and the signals that were published since then, read from the database."""
    facts = Facts({one.criterion for offer in offers for one in offer.fit})
    facts.read(session)
    return Board(facts, rows_of(session, taxonomy, since), tuple(taxonomy.types))


@dataclass(frozen=True)
class Leads:
    """Which companies of the facts are leads, those with the most timing first, then fit; and how many in all."""

    hot: Ints
    potential: Ints
    count: dict[str, int]


def leads(offer: Offer, fit: Floats, timing: Floats, most: int) -> Leads:
    """The hot leads and the potential ones, at most so many of each."""
    fits = fit >= offer.thresholds.fit
    hot = fits & (timing >= offer.thresholds.timing)
    first, second = (_first(np.flatnonzero(mask), timing, fit, most) for mask in (hot, fits & ~hot))
    return Leads(first, second, {"hot": int(hot.sum()), "potential": int(fits.sum() - hot.sum())})


def _first(places: Ints, timing: Floats, fit: Floats, most: int) -> Ints:
    """The best `most` of some companies in order; those of equal points by their ids."""
    if len(places) > most:
        key = timing[places] * 1e4 + fit[places]  # fit is below ten thousand, timing has two decimals
        places = np.sort(places[np.argpartition(-key, most)[:most]])
    return places[np.lexsort((-fit[places], -timing[places]))]
