"""Every company's facts and signals in columns, so that all are scored for an offer at once.

The sums are those of `signals.scoring`, without its ledgers.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from signals.conditions import Condition
from signals.criteria import FIGURES, value_of
from signals.offers import Offer
from signals.scoring import FADED, LOST_A_DAY, MOST_LOST, QUIET_DAYS, STATUS, day_of
from signals.types import Taxonomy
from store import companies, signals
from store.tables import Company, Signal

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
_Number = TypeVar("_Number", np.float64, np.int64, np.int32)

_PART = 200_000  # signals that are weighed together
_PLAIN = FIGURES - {"age", "headcount"}  # kept as the numbers they are
_RAW = {
    "age": ("created_on",),
    "headcount": ("headcount", "headcount_band"),
    "digital_presence": ("digital_presence", "site"),
}


def _raw(criterion: str) -> tuple[str, ...]:
    """The columns of a company that a criterion is read from."""
    return _RAW.get(criterion, (criterion,))


def _joined(parts: list[NDArray[_Number]], kind: type[_Number]) -> NDArray[_Number]:
    """A column that came in parts, which are joined when it is first asked for."""
    if len(parts) != 1:
        parts[:] = [np.concatenate(parts) if parts else np.empty(0, kind)]
    return parts[0]


class _Codes:
    """A column of few distinct values: each company has the number of its value."""

    def __init__(self) -> None:
        self._known: dict[tuple[Hashable, ...], int] = {}
        self._parts: list[NDArray[np.int32]] = []

    def add(self, values: Iterable[tuple[Hashable, ...]]) -> None:
        known = self._known
        self._parts.append(np.fromiter((known.setdefault(one, len(known)) for one in values), np.int32))

    @property
    def values(self) -> list[tuple[Hashable, ...]]:
        return list(self._known)

    @property
    def codes(self) -> NDArray[np.int32]:
        return _joined(self._parts, np.int32)


class Facts:
    """What companies are, by the criteria that were asked for."""

    def __init__(self, criteria: Collection[str]) -> None:
        self._columns = list(dict.fromkeys(("department", "country", *(c for one in criteria for c in _raw(one)))))
        self._figures: dict[str, list[Floats]] = {one: [] for one in criteria if one in _PLAIN}
        coded = {one: _raw(one) for one in criteria if one not in _PLAIN}
        self._coded = {one: (raw, _Codes()) for one, raw in (coded | {"place": ("department", "country")}).items()}
        self._ids: list[Ints] = []

    def read(self, session: Session) -> Facts:
        """Read every company that trades."""
        for rows in companies.columns(session, self._columns):
            ids, _, *values = zip(*rows, strict=True)
            self.add(np.array(ids, np.int64), dict(zip(self._columns, values, strict=True)))
        return self

    def add(self, ids: Ints, columns: Mapping[str, Sequence[Any] | NDArray[Any]]) -> None:
        """Companies in the order of their ids, with a value of each column."""
        self._ids.append(ids)
        for name, parts in self._figures.items():
            parts.append(np.array(columns[name], np.float64))  # None becomes nan
        for raw, codes in self._coded.values():
            codes.add(zip(*(columns[one] for one in raw), strict=True))

    @property
    def ids(self) -> Ints:
        return _joined(self._ids, np.int64)

    def _by_value(self, name: str, judge: Callable[[Any], bool]) -> Flags:
        """Which companies have a value of which the judge says yes; each distinct value is judged once."""
        raw, codes = self._coded[name]
        judged = [
            judge(SimpleNamespace(**dict(zip(raw, cast("tuple[Any]", one), strict=True)))) for one in codes.values
        ]
        return np.array(judged, np.bool_)[codes.codes]

    def covered(self, offer: Offer) -> Flags:
        """Which companies are in the offer's territory."""
        return self._by_value("place", lambda one: offer.covers(one.department, one.country))

    def meet(self, condition: Condition, today: date) -> Flags:
        """Which companies meet a condition."""
        name = condition.criterion
        if name not in self._figures:
            return self._by_value(name, lambda one: condition.met_by(value_of(cast(Company, one), name, today)))
        values = _joined(self._figures[name], np.float64)
        if condition.unknown:
            return np.isnan(values)
        low = -np.inf if condition.min is None else condition.min
        high = np.inf if condition.max is None else condition.max
        return (values >= low) & (values <= high)

    def fit(self, offer: Offer, today: date) -> Floats:
        """The points of fit of each company; minus infinity outside the territory."""
        found = np.where(self.covered(offer), 0.0, -np.inf)
        for criterion in offer.fit:
            found += criterion.points * self.meet(criterion, today)
        return found


@dataclass(frozen=True)
class _Worth:
    """What signals are worth for an offer on a day: a table of types by ages, without signs, laid out in a row."""

    table: Floats
    against: Flags
    today: int


class _Part:
    """The signals of some companies that stand beside each other, so many that they fit into the processor's cache."""

    def __init__(self, told: Told, rows: slice, newest: int, oldest: int) -> None:
        company, story, self.kind = told.company[rows], told.story[rows], told.kind[rows]
        self.rows, self.weight, self.known = rows, told.weight[rows], told.known[rows]
        self.day = told.day[rows].astype(np.int32)
        self.cell = (self.kind * (oldest + 1) + newest - self.day).astype(np.int32)
        self.stories = _starts(company, story)
        self.firsts = _starts(company[self.stories])
        self.since = self.stories[self.firsts]
        self.told_of, self.kind_of = company[self.since], self.kind[self.stories]
        self.last_known = int(self.known.max())

    def timing(self, worth: _Worth, counted: Flags | None, found: Floats) -> None:
        """Write the sum of each company to its place in `found`."""
        points = worth.table.take(self.cell)
        points *= self.weight
        if self.last_known > worth.today:
            points[self.known > worth.today] = 0
        if counted is not None:
            points[~counted[self.rows]] = 0
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


@dataclass(frozen=True)
class Told:
    """Signals, by company and story; `company` counts the companies of the facts. A row has no day before `known`.

    Those of a story are of one type; `weight` is what each has but for its age, its type and the offer.
    """

    id: Ints
    company: Ints
    story: Ints
    kind: Ints
    day: Ints
    known: Ints
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


def told(
    session: Session, ids: Ints, taxonomy: Taxonomy, since: datetime, among: Collection[int] | None = None
) -> Told:
    """The signals on these companies that were published since then and may count: dated, and not denied at last.

    `among` are the ids of companies that have any that counts; None: all may.
    """
    kinds = tuple(taxonomy.types)
    number = {name: one for one, name in enumerate(kinds)}
    rows: list[tuple[int, int, int, int, int, int, float]] = []
    places = {one: place for place, one in enumerate(ids.tolist()) if among is None or one in among}
    for row in signals.rows_since(session, since):
        place, kind = places.get(row.company_id), number.get(row.type)
        if place is not None and kind is not None and row.told != "denied":
            day = day_of(cast(Signal, row))
            known = min(row.published_at or row.found_at, row.found_at).date()  # a day to come is known already
            sure = max(row.confidence, row.together) if row.told == row.status else row.confidence
            weight = row.impact * STATUS[row.status] * sure * row.link_confidence
            story = row.story_id or -row.id
            rows.append((row.id, place, story, kind, day.toordinal() if day else 0, known.toordinal(), weight))
    table = np.array(rows, np.float64).reshape(-1, 7)  # exact for whole numbers to 2 ** 53
    table = table[np.lexsort((table[:, 4], table[:, 2], table[:, 1]))]
    whole, sure_of = table[:, :6].astype(np.int64), table[:, 6]
    number_of, company, story, kind_of, day_at, known_at = np.ascontiguousarray(whole.T)
    starts = _starts(company, story)
    if len(starts):  # an undated article counts from the story's newest day; a story without any adds nothing
        lengths = np.diff(np.append(starts, len(company)))
        newest = np.repeat(np.maximum.reduceat(day_at, starts), lengths)
        day_at = np.where(day_at == 0, newest, day_at)
        sure_of = np.where(newest == 0, 0.0, sure_of)
    return Told(number_of, company, story, kind_of, day_at, known_at, sure_of, kinds)


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
