"""Tables of one's own: which of their columns holds what, said once in the configuration under `imports`."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from companies.recognition import Recognised
from companies.values import MOST, between, country, day, department, domain, figure, whole, whole_naf
from store.companies import FACTS
from store.errors import Invalid
from store.figures import YEARLY
from store.tables import Company

_OF_REGISTERS = {"headcount_band", "closed"}  # INSEE's codes
NAMES = {
    "sign": "sign",
    "aliases": "alias",
    "trade_names": "trade",
    "brands": "brand",
    "former_names": "former",
    "acronym": "acronym",
    "ticker": "ticker",
}
"""Columns of further names, several of them separated by `;` or `|`, and the kind of each."""
CRITERIA = tuple(fact for fact in FACTS if fact not in _OF_REGISTERS)
"""The criteria that a person or a table can fill."""
NUMBERS = ("siren", "siret", "vat", "lei")
Mapped = Mapping[str, tuple[int, float]]
"""Where what is held stands, and what its figures are multiplied by."""
PLACES = ("postcode", "postal_town")
FIELDS = ("name", *NAMES, *NUMBERS, *PLACES, *CRITERIA, "year")
"""What a column can hold and is kept. Amounts are in euros unless a unit says otherwise."""

_READERS: dict[str, Callable[[str], str | None]] = {
    "department": department,
    "naf": whole_naf,
    "country": country,
    "site": lambda text: domain(text.lower()),
}
_COUNTS = {"headcount", "secondary_sites", "social_influence"}
_SHOWN = 12  # columns that an error lists


def source_of(company: Company, criterion: str) -> tuple[str | None, date | None]:
    """Who says what is known of a company by a criterion, and of which day; the register that brought the rest."""
    told = (company.sources or {}).get(criterion)
    return (told[0], date.fromisoformat(told[1])) if told else (company.register, company.register_date)


class ColumnMap(BaseModel):
    """A map from what a column holds to its heading in the file, and what the figures of a column are multiplied by."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: dict[str, str]
    units: dict[str, float] = {}

    @model_validator(mode="after")
    def _are_known(self) -> ColumnMap:
        for what in (*self.columns, *self.units):
            if what not in FIELDS:
                raise ValueError(f"'{what}' is nothing that a column can hold; there are {', '.join(FIELDS)}")
        if "name" not in self.columns:
            raise ValueError("a map needs the column of the 'name'")
        if idle := set(self.units) - YEARLY - _COUNTS:
            raise ValueError(f"'{min(idle)}' is no figure, and has no unit")
        return self


def _plain(heading: str) -> str:
    return " ".join(heading.casefold().split())


def _missing(where: str, columns: Sequence[str], wanted: Sequence[str], name: str) -> Invalid:
    told = []
    for heading in wanted:
        near = difflib.get_close_matches(_plain(heading), [_plain(one) for one in columns], n=1, cutoff=0.5)
        nearest = next((one for one in columns if near and _plain(one) == near[0]), None)
        told.append(f"'{heading}'" + (f" (the nearest is '{nearest}')" if nearest else ""))
    shown = ", ".join(columns[:_SHOWN]) + (", …" if len(columns) > _SHOWN else "")
    return Invalid(f"{where}: the map '{name}' needs the columns {', '.join(told)}; the file has {shown}")


def fitting_map(where: str, columns: Sequence[str], maps: Mapping[str, ColumnMap], chosen: str = "") -> str:
    """The name of the map for a table: the chosen one, or of those that fit the one with most columns; empty for none.

    Raises `Invalid` naming what a chosen one lacks.
    """
    if chosen and chosen not in maps:
        known = ", ".join(maps) or "none"
        raise Invalid(f"there is no map '{chosen}' under `imports` in the configuration; there are {known}")
    if chosen and (lacking := _lacking(maps[chosen], columns)):
        raise _missing(where, columns, lacking, chosen)
    fitting = [name for name in ([chosen] if chosen else maps) if not _lacking(maps[name], columns)]
    return max(fitting, key=lambda one: len(maps[one].columns), default="")


def mapped(columns: Sequence[str], by: ColumnMap) -> Mapped:
    """Where a map says that a table's columns stand."""
    places = {_plain(heading): place for place, heading in reversed(list(enumerate(columns)))}
    return {what: (places[_plain(heading)], by.units.get(what, 1.0)) for what, heading in by.columns.items()}


def recognised(where: str, columns: Sequence[str], found: Recognised) -> Mapped:
    """Where the columns of a table stand as they were recognised. Raises `Invalid` when none names a company."""
    kept = {one.holds: (one.place, one.unit) for one in found.columns if one.holds in FIELDS}
    if kept.keys() & {"name", *NUMBERS}:
        return {str(what): place for what, place in kept.items()}
    shown = ", ".join(columns[:_SHOWN])
    raise Invalid(
        f"{where}: no column holds the names of companies; the file has {shown}. Call one of them 'name', or write a "
        "map under `imports` in the configuration"
    )


def _lacking(one: ColumnMap, columns: Sequence[str]) -> list[str]:
    there = set(map(_plain, columns))
    return [heading for heading in one.columns.values() if _plain(heading) not in there]


def read_fact(what: str, value: str, today: date, unit: float = 1) -> Any:
    """The value of a criterion as a person or a table writes it; None when it is empty. Raises `ValueError`."""
    if what in YEARLY:
        return figure(value, unit)
    if what in _COUNTS:
        count = between(value) or whole(value)
        if count is not None and count * unit > MOST:
            raise ValueError(f"'{value[:30]}' is more than anything is counted")
        return None if count is None else int(count * unit)
    if what == "created_on":
        return day(value, today)
    return _READERS.get(what, str)(value) or None
