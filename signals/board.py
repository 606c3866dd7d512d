"""Every company's facts and signals in columns, so that all are scored for an offer at once.

The sums are those of `signals.scoring`, without its ledgers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, cast

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

_PLAIN = FIGURES - {"age", "headcount"}  # kept as the numbers they are
_RAW = {
    "age": ("created_on",),
    "headcount": ("headcount", "headcount_band"),
    "digital_presence": ("digital_presence", "site"),
}


def _raw(criterion: str) -> tuple[str, ...]:
    """The columns of a company that a criterion is read from."""
    return _RAW.get(criterion, (criterion,))


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
        if len(self._parts) > 1:
            self._parts = [np.concatenate(self._parts)]
        return self._parts[0] if self._parts else np.empty(0, np.int32)


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
            ids, *values = zip(*rows, strict=True)
            self.add(np.array(ids, np.int64), dict(zip(self._columns, values, strict=True)))
        return self

    def add(self, ids: Ints, columns: dict[str, Sequence[Any]]) -> None:
        """Companies in the order of their ids, with a value of each column."""
        self._ids.append(ids)
        for name, parts in self._figures.items():
            parts.append(np.array(columns[name], np.float64))  # None becomes nan
        for raw, codes in self._coded.values():
            codes.add(zip(*(columns[one] for one in raw), strict=True))

    @property
    def ids(self) -> Ints:
        if len(self._ids) != 1:
            self._ids = [np.concatenate(self._ids) if self._ids else np.empty(0, np.int64)]
        return self._ids[0]

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
        self._figures[name] = [np.concatenate(self._figures[name])] if self._figures[name] else [np.empty(0)]
        values = self._figures[name][0]
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
class Told:
    """Signals, by company and story; `company` counts the companies of the facts. A row has no day before `known`."""

    id: Ints
    company: Ints
    story: Ints
    kind: NDArray[np.int16]
    day: Ints
    known: Ints
    sure: Floats
    kinds: tuple[str, ...]
    stories: Ints = field(init=False)
    firsts: Ints = field(init=False)

    def __post_init__(self) -> None:
        """Find where each story and each company begins."""
        object.__setattr__(self, "stories", _starts(self.company, self.story))
        object.__setattr__(self, "firsts", _starts(self.company[self.stories]))

    def timing(self, offer: Offer, taxonomy: Taxonomy, today: date, size: int, counted: Flags | None = None) -> Floats:
        """The points of timing of each of `size` companies, of what was known on that day.

        `counted` are the signals that the offer's words let count; None: all.
        """
        found = np.zeros(size)
        if not len(self.id):
            return found
        points = self._points(offer, taxonomy, today)
        points[self.known > today.toordinal()] = 0
        if counted is not None:
            points[~counted] = 0
        high, low = np.maximum.reduceat(points, self.stories), np.minimum.reduceat(points, self.stories)
        best = np.round(np.where(high >= -low, high, low), 2)
        told = np.add.reduceat(best, self.firsts)
        speaks = np.add.reduceat(np.maximum(best, 0), self.firsts)
        last = np.maximum.reduceat(np.where(points > 0, self.day, 0), self.stories[self.firsts])
        quiet = np.where(last > 0, today.toordinal() - last - QUIET_DAYS, 0)
        lost = np.minimum(MOST_LOST, LOST_A_DAY * np.maximum(quiet, 0)) * speaks
        found[self.company[self.stories[self.firsts]]] = np.round(told - np.round(lost, 2), 2)
        return found

    def _points(self, offer: Offer, taxonomy: Taxonomy, today: date) -> Floats:
        age = np.maximum(today.toordinal() - self.day, 0)
        oldest = int(age.max())
        table = np.zeros((len(self.kinds), oldest + 1))
        for number, name in enumerate(self.kinds):
            weight = taxonomy.types[name].weight * offer.factor(taxonomy.family_of(name).family, name)
            faded = 0.5 ** (np.arange(oldest + 1) / offer.half_life(taxonomy, name))
            table[number] = np.where(faded < FADED, 0, weight * faded)
        found: Floats = table.ravel()[self.kind.astype(np.int64) * (oldest + 1) + age] * self.sure
        return found


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
    return Told(number_of, company, story, kind_of.astype(np.int16), day_at, known_at, sure_of, kinds)


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
