"""What became of leads: rates, times and revenue by what made them and who had them, with counts and intervals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import nan, sqrt
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from companies.headcount import headcount_from
from signals.types import Taxonomy
from store import lead_figures
from store.lead_figures import STEPS, CallCount, Outcome, Step
from store.tables import Lead

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

Dimension = Literal["offer", "rep", "origin", "source", "family", "type", "territory", "size"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
_SIZES = ((10, "1-9"), (50, "10-49"), (250, "50-249"), (5000, "250-4999"))
_Z = 1.959963984540054  # of the normal distribution, for 95 %
UNKNOWN = ""


class Share(NamedTuple):
    """How many of how many, with Wilson's interval of 95 % (Wilson 1927): where the true share may well be."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """The share, from 0 to 1; 0 of nothing."""
        return self.part / self.whole if self.whole else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """From where to where the true share may well be; anywhere, of nothing."""
        if not self.whole:
            return 0.0, 1.0
        share, size = self.value, self.whole
        middle = share + _Z**2 / (2 * size)
        half = _Z * sqrt(share * (1 - share) / size + _Z**2 / (4 * size**2))
        scale = 1 + _Z**2 / size
        return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


@dataclass(frozen=True)
class Group:
    """The leads that share something: how many, how many of them reached what, how long it took, and what they gave.

    `to_accept` and `to_act` are the median hours from when a lead was given to somebody (or opened, where it was taken)
    until it was accepted, and from then to what its owner did first; None where nothing was. `asked` are those that
    were given to somebody and accepted, `in_time` those of them that were so within their time. `revenue` is in euros.
    """

    key: str
    leads: int
    reached: Mapping[str, int]
    returned: int
    in_time: int
    asked: int
    revenue: float
    reasons: Mapping[str, int]
    to_accept: float | None
    to_act: float | None

    def share(self, step: Step) -> Share:
        """How many reached a step."""
        return Share(self.reached.get(step, 0), self.leads)

    @property
    def returns(self) -> Share:
        """How many were returned."""
        return Share(self.returned, self.leads)

    @property
    def punctual(self) -> Share:
        """How many of those that were given to somebody and accepted were so in time."""
        return Share(self.in_time, self.asked)

    @property
    def per_lead(self) -> float:
        """Euros of revenue a lead."""
        return self.revenue / self.leads if self.leads else 0.0


@dataclass(frozen=True)
class Calls:
    """The calls of somebody (of all: an empty address), by how they ended, in how many hours of the clock."""

    author: str
    results: Mapping[str, int]
    hours: int

    @property
    def number(self) -> int:
        """How many there were."""
        return sum(self.results.values())

    @property
    def reached(self) -> Share:
        """How many reached anybody."""
        return Share(self.number - self.results.get("not_reached", 0), self.number)

    @property
    def argued(self) -> Share:
        """In how many the need was talked about: a talk, a meeting, or a refusal."""
        return Share(sum(self.results.get(one, 0) for one in ("talked", "meeting", "refused")), self.number)

    def share(self, result: str) -> Share:
        """How many ended so."""
        return Share(self.results.get(result, 0), self.number)

    @property
    def per_hour(self) -> float | None:
        """Calls an hour in which any was made."""
        return self.number / self.hours if self.hours else None

    @property
    def per_meeting(self) -> float | None:
        """Calls for each meeting that was agreed; None without one."""
        meetings = self.results.get("meeting", 0)
        return self.number / meetings if meetings else None


@dataclass(frozen=True)
class Quality:
    """What became of the leads that were opened in a period, all together and by each dimension, the largest first.

    `calls` are those that were made in the period: of all, then of each who made any. `base` is how many of the
    companies that are ranked, once for each offer, became leads then.
    """

    total: Group
    groups: Mapping[Dimension, Sequence[Group]]
    calls: Sequence[Calls]
    base: Share


def size_of(headcount: int | None, band: str | None = None) -> str:
    """The size of a company of which the headcount or INSEE's band of it is known; empty where neither is."""
    number = headcount_from(headcount, band)
    if number is None:
        return UNKNOWN
    return next((said for limit, said in _SIZES if number < limit), "5000+")


def _keys(taxonomy: Taxonomy) -> dict[Dimension, Callable[[Outcome], str]]:
    """How the key of an outcome's group is found, by dimension."""

    def family(one: Outcome) -> str:
        return taxonomy.family_of(one.type).family if one.type in taxonomy.types else UNKNOWN

    return {
        "offer": lambda one: one.offer,
        "rep": lambda one: one.rep or UNKNOWN,
        "origin": lambda one: one.origin,
        "source": lambda one: one.source or UNKNOWN,
        "family": family,
        "type": lambda one: one.type,
        "territory": lambda one: one.department or one.country,
        "size": lambda one: size_of(one.headcount, one.headcount_band),
    }


class _Figures:
    """The outcomes of leads as columns, from which those of any groups are counted at once."""

    def __init__(self, found: Sequence[Outcome]) -> None:
        columns = dict(zip(Outcome._fields, zip(*found, strict=True), strict=True)) if found else {}

        def numbers(name: str) -> Floats:
            return np.array([nan if one is None else one for one in columns.get(name, ())], float)

        reached = np.array(columns.get("reached", ()), np.int64)
        self._reached = {step: (reached >> bit) & 1 for bit, step in enumerate(STEPS)}
        in_time = numbers("in_time")
        self._asked, self._in_time = ~np.isnan(in_time), in_time == 1
        self._revenue = np.nan_to_num(numbers("amount")) * self._reached["won"]
        self._days = [np.maximum(numbers(name), 0.0) for name in ("to_accept", "to_act")]
        self._reasons = [None if one is None else one or "other" for one in columns.get("returned", ())]

    def groups(self, keys: Sequence[str]) -> list[Group]:
        """The leads that have the same key, for each key; the largest group first."""
        places: dict[str, int] = {}
        group_of = np.array([places.setdefault(key, len(places)) for key in keys], np.int64)
        names = list(places)

        def sums(values: Any = None) -> list[Any]:
            return np.bincount(group_of, weights=values, minlength=len(names)).tolist()  # type: ignore[no-any-return]

        reached = {step: sums(of_it) for step, of_it in self._reached.items()}
        leads, asked, in_time, revenue = sums(), sums(self._asked), sums(self._in_time), sums(self._revenue)
        accept, act = (_medians(group_of, days, len(names)) for days in self._days)
        reasons = Counter((key, why) for key, why in zip(keys, self._reasons, strict=True) if why is not None)
        returned: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for (key, why), number in sorted(reasons.items(), key=lambda one: (-one[1], one[0])):
            returned[key][why] = number
        found = [
            Group(
                key=name,
                leads=leads[place],
                reached={step: int(of_it[place]) for step, of_it in reached.items()},
                returned=sum(returned[name].values()),
                in_time=int(in_time[place]),
                asked=int(asked[place]),
                revenue=revenue[place],
                reasons=returned[name],
                to_accept=accept[place],
                to_act=act[place],
            )
            for place, name in enumerate(names)
        ]
        return sorted(found, key=lambda one: (-one.leads, one.key))


def _medians(group_of: Numbers, days: Floats, groups: int) -> list[float | None]:
    """The median of each group's times in hours, to the second; None where it has none."""
    is_known = ~np.isnan(days)
    group_of, days = group_of[is_known], days[is_known]
    order = np.lexsort((days, group_of))
    ends = np.cumsum(np.bincount(group_of, minlength=groups))
    parts = np.split(days[order], ends[:-1])
    middles = [(part[(len(part) - 1) // 2] + part[len(part) // 2]) / 2 if len(part) else None for part in parts]
    return [None if one is None else round(24 * float(one), 4) for one in middles]


_NOTHING = Group("", 0, {}, 0, 0, 0, 0.0, {}, None, None)


def quality(
    session: Session,
    taxonomy: Taxonomy,
    since: datetime,
    until: datetime,
    *where: ColumnElement[bool],
    offer: str = "",
) -> Quality:
    """What became of the leads for an offer (for any: empty) that were opened from `since` to before `until`, of those
    that `where` chooses.
    """
    found = lead_figures.outcomes(session, since, until, *where, *([Lead.offer == offer] if offer else []))
    figures = _Figures(found)
    groups = {name: figures.groups([key_of(one) for one in found]) for name, key_of in _keys(taxonomy).items()}
    total = figures.groups([""] * len(found))
    calls, base = lead_figures.calls(session, since, until), lead_figures.base(session, since, until, offer)
    return Quality(total[0] if total else _NOTHING, groups, _calls(calls), Share(base.leads, base.companies))


def _calls(counted: Sequence[CallCount]) -> list[Calls]:
    """The calls of all, then of each who made any, who made most first."""
    each = sorted(
        (Calls(one.author, one.results, one.hours) for one in counted), key=lambda one: (-one.number, one.author)
    )
    all_of_them = Counter[str]()
    for one in each:
        all_of_them.update(one.results)
    return [Calls("", all_of_them, sum(one.hours for one in each)), *each] if each else []
