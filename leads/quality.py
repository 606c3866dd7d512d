"""What became of leads: rates, times and revenue by what made them and who had them, with counts and intervals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt
from statistics import median
from typing import Literal, NamedTuple, get_args

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from companies.headcount import headcount_from
from signals.types import Taxonomy
from store import lead_figures
from store.lead_figures import Outcome

Dimension = Literal["offer", "rep", "origin", "source", "family", "type", "territory", "size"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
Step = Literal["accepted", "contacted", "qualified", "opportunity", "won"]
STEPS: tuple[Step, ...] = get_args(Step)
"""What a lead reaches, in this order; each is a share of all leads."""
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


@dataclass
class Group:
    """The leads that share something: how many, how many of them reached what, how long it took, and what they gave.

    `to_accept` and `to_act` are the median hours from when a lead was given to somebody (or opened, where it was taken)
    until it was accepted, and from then to what its owner did first; None where nothing was.
    """

    key: str
    leads: int = 0
    reached: Counter[str] = field(default_factory=Counter)
    returned: int = 0
    in_time: int = 0
    asked: int = 0
    revenue: float = 0.0
    reasons: Counter[str] = field(default_factory=Counter)
    _accept: list[float] = field(default_factory=list)
    _act: list[float] = field(default_factory=list)

    def add(self, one: Outcome) -> None:
        """Count a lead."""
        self.leads += 1
        moments = (one.accepted_at, one.contacted_at, one.qualified_at, one.opportunity_at, one.won_at)
        self.reached.update(step for step, at in zip(STEPS, moments, strict=True) if at is not None)
        if one.returned_at is not None:
            self.returned += 1
            self.reasons[one.returned or "other"] += 1
        if one.in_time is not None:
            self.asked += 1
            self.in_time += one.in_time
        if one.won_at is not None:
            self.revenue += one.amount or 0.0
        if one.accepted_at is not None:
            self._accept.append(_hours(one.given_at or one.opened_at, one.accepted_at))
            if one.acted_at is not None:
                self._act.append(_hours(one.accepted_at, one.acted_at))

    def share(self, step: Step) -> Share:
        """How many reached a step."""
        return Share(self.reached[step], self.leads)

    @property
    def returns(self) -> Share:
        """How many were returned."""
        return Share(self.returned, self.leads)

    @property
    def punctual(self) -> Share:
        """How many of those that were given to somebody and accepted were so in time."""
        return Share(self.in_time, self.asked)

    @property
    def to_accept(self) -> float | None:
        """Median hours until a lead was accepted."""
        return median(self._accept) if self._accept else None

    @property
    def to_act(self) -> float | None:
        """Median hours from there to what its owner did first."""
        return median(self._act) if self._act else None

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

    `calls` are those that were made in the period: of all, then of each who made any.
    """

    total: Group
    groups: Mapping[Dimension, Sequence[Group]]
    calls: Sequence[Calls]


def _hours(start: datetime, end: datetime) -> float:
    return max((end - start).total_seconds(), 0.0) / 3600


def size_of(headcount: int | None, band: str | None = None) -> str:
    """The size of a company of which the headcount or INSEE's band of it is known; empty where neither is."""
    number = headcount_from(headcount, band)
    if number is None:
        return UNKNOWN
    return next((said for limit, said in _SIZES if number < limit), "5000+")


def _keys(taxonomy: Taxonomy) -> dict[Dimension, Callable[[Outcome], str]]:
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


def quality(
    session: Session, taxonomy: Taxonomy, since: datetime, until: datetime, *where: ColumnElement[bool]
) -> Quality:
    """What became of the leads that were opened from `since` to before `until`, of those that `where` chooses."""
    keys = _keys(taxonomy)
    total = Group("")
    groups: dict[Dimension, dict[str, Group]] = {name: {} for name in DIMENSIONS}
    for one in lead_figures.outcomes(session, since, until, *where):
        total.add(one)
        for name, key_of in keys.items():
            key = key_of(one)
            group = groups[name].get(key)
            if group is None:
                group = groups[name][key] = Group(key)
            group.add(one)
    ordered = {name: sorted(of_it.values(), key=lambda one: (-one.leads, one.key)) for name, of_it in groups.items()}
    return Quality(total, ordered, _calls(lead_figures.calls(session, since, until)))


def _calls(counted: Iterable[tuple[str, str, int, int]]) -> list[Calls]:
    """The calls of all and of each, of how many each made with each result, in which hours."""
    results: defaultdict[str, Counter[str]] = defaultdict(Counter)
    hours: defaultdict[str, set[int]] = defaultdict(set)
    for author, result, hour, number in counted:
        results[author][result] += number
        hours[author].add(hour)
    each = [Calls(author, results[author], len(hours[author])) for author in results]
    each.sort(key=lambda one: (-one.number, one.author))
    all_of_them = Counter[str]()
    for one in each:
        all_of_them.update(one.results)
    return [Calls("", all_of_them, sum(one.hours for one in each)), *each] if each else []
