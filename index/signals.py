"""Signals as every back-end finds them: by kind, period, words of the article and what is known of the company."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Float

from store.characters import cleaned
from store.tables import Company

_COLUMNS = Company.__table__.columns
_AMOUNTS = tuple(column.name for column in _COLUMNS if isinstance(column.type, Float))
FIGURES = (*_AMOUNTS, "headcount", "secondary_sites", "social_influence", "created_on")
"""Criteria that are compared as numbers; `created_on` is the day's proleptic Gregorian ordinal."""

Value = str | float | Collection[str] | None
"""What a company has of a criterion: a text or several, a number, or None when that is not known."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a criterion: one of `values`, a number between `low` and `high`, or that it is `unknown`."""

    criterion: str
    values: frozenset[str] = frozenset()
    low: float | None = None
    high: float | None = None
    unknown: bool = False

    @property
    def is_span(self) -> bool:
        """Whether a number is asked for."""
        return self.low is not None or self.high is not None


@dataclass(frozen=True)
class SignalQuery:
    """What is asked of signals. All that is given must hold; of several families or types, one.

    `text` is what the article must say, as `index.query.parse` reads it; `since` and `until` are days of publication,
    both included, and `undated` takes in what has none; `companies` are ids, of `people` one must be named. `criteria`
    must all hold of the signal's company; of `places`, departments and countries, one. The ids of the signals
    themselves lie between `after` and `before`, neither included.
    """

    text: str = ""
    families: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    criteria: tuple[Asked, ...] = ()
    places: frozenset[str] = frozenset()
    companies: frozenset[int] = frozenset()
    people: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None
    undated: bool = False
    least_confidence: float = 0.0
    after: int = 0
    before: int | None = None


@dataclass(frozen=True)
class SignalEntry:
    """A signal as it is indexed, with what is known of its company."""

    id: int
    company: int
    kind: str
    families: tuple[str, ...]
    confidence: float
    criteria: Mapping[str, Value]
    people: tuple[str, ...] = ()

    @property
    def terms(self) -> frozenset[str]:
        """What is said of the signal and its company, as single terms: `type=hiring`, `naf=28`, `turnover=?`."""
        found = {f"type={self.kind}", *(f"family={family}" for family in self.families)}
        found |= {person_term(one) for one in self.people}
        for name, value in self.criteria.items():
            if value is None:
                found.add(f"{name}=?")
            elif not isinstance(value, int | float):
                several = [value] if isinstance(value, str) else value
                found |= {f"{name}={one.casefold()}" for one in several}
        return frozenset(found)

    @property
    def figures(self) -> dict[str, float]:
        """The numbers that are known of the company."""
        return {name: float(value) for name, value in self.criteria.items() if isinstance(value, int | float)}


@dataclass(frozen=True)
class Found:
    """A signal that answers a query, and its company."""

    signal: int
    company: int


FACETS = ("family", "type", "department")
"""What found signals are counted by."""
MOST_VALUES = 500
"""Of a facet, counted."""


@dataclass(frozen=True)
class SignalPage:
    """Some of the signals that answer a query, how many there are in all, and how many of each facet's values.

    `facets` count by each of `FACETS`, as if the query asked nothing of that one: they say what else could be chosen.
    """

    found: tuple[Found, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]


def without(query: SignalQuery, facet: str) -> SignalQuery:
    """The query, but that it asks nothing of one of `FACETS`."""
    nothing = frozenset[str]()
    if facet == "department":
        return replace(query, places=nothing)
    return replace(query, families=nothing) if facet == "family" else replace(query, types=nothing)


def counting(query: SignalQuery) -> dict[SignalQuery, list[str]]:
    """What to ask to count by each of `FACETS`; those that are asked the same are counted together."""
    together: dict[SignalQuery, list[str]] = {}
    for name in FACETS:
        together.setdefault(without(query, name), []).append(name)
    return together


def person_term(name: str) -> str:
    """The term of a person; case, accents and hyphens do not matter."""
    letters = (one for one in unicodedata.normalize("NFKD", cleaned(name).casefold()) if not unicodedata.combining(one))
    return f"person={' '.join(''.join(letters).replace('-', ' ').split())}"


def required(query: SignalQuery) -> list[frozenset[str]]:
    """Groups of terms; a signal must have one of each."""
    groups = [{f"family={one}" for one in query.families}, {f"type={one}" for one in query.types}]
    groups.append({f"{name}={one.casefold()}" for one in query.places for name in ("department", "country")})
    groups.append({person_term(one) for one in query.people})
    for one in query.criteria:
        if one.unknown:
            groups.append({f"{one.criterion}=?"})
        elif not one.is_span:
            groups.append({f"{one.criterion}={value.casefold()}" for value in one.values})
    return [frozenset(group) for group in groups if group]
