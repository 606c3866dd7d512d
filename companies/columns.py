"""Tables of one's own: which of their columns holds what, said once in the configuration under `imports`."""

from __future__ import annotations

import difflib
import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from companies.folding import by_kind, name_key
from companies.identifiers import siren
from companies.names import in_brackets
from companies.values import day, department, domain, figure, naf, whole
from store.companies import FACTS, CompanyRow, known_only
from store.errors import Invalid
from store.figures import YEARLY
from store.tables import Company

_OF_REGISTERS = {"headcount_band", "closed"}  # INSEE's codes
_NAMES = {
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
FIELDS = ("name", *_NAMES, "siren", "lei", *CRITERIA, "year")
"""What a column can hold. Amounts are in euros unless a unit says otherwise."""

_READERS: dict[str, Callable[[str], str | None]] = {
    "department": department,
    "naf": naf,
    "country": str.upper,
    "site": str.lower,
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


def _one_line(text: str) -> str:
    """The first line of a cell, without the entities of the page that it was copied from."""
    plain = html.unescape(text) if "&" in text else text
    return " ".join(plain.strip().split("\n")[0].split())


def _year(value: str, today: date) -> int | None:
    try:
        closed = day(value, today)
    except ValueError as error:
        raise ValueError(f"year {error}") from None
    return closed.year if closed else None


def _missing(where: str, columns: Sequence[str], wanted: Sequence[str], name: str) -> Invalid:
    told = []
    for heading in wanted:
        near = difflib.get_close_matches(_plain(heading), [_plain(one) for one in columns], n=1, cutoff=0.5)
        nearest = next((one for one in columns if near and _plain(one) == near[0]), None)
        told.append(f"'{heading}'" + (f" (the nearest is '{nearest}')" if nearest else ""))
    shown = ", ".join(columns[:_SHOWN]) + (", …" if len(columns) > _SHOWN else "")
    return Invalid(f"{where}: the map '{name}' needs the columns {', '.join(told)}; the file has {shown}")


def fitting_map(
    where: str, columns: Sequence[str], maps: Mapping[str, ColumnMap], chosen: str = ""
) -> tuple[str, Mapping[str, tuple[int, float]]]:
    """The map for a table: the chosen one, one of the maps that fits, or the product's own names.

    Gives the map's name, and by what a column holds its place and unit. Raises `Invalid` naming what is missing.
    """
    places = {_plain(heading): place for place, heading in reversed(list(enumerate(columns)))}

    def missing(one: ColumnMap) -> list[str]:
        return [heading for heading in one.columns.values() if _plain(heading) not in places]

    if chosen and chosen not in maps:
        known = ", ".join(maps) or "none"
        raise Invalid(f"there is no map '{chosen}' under `imports` in the configuration; there are {known}")
    fitting = [name for name in ([chosen] if chosen else maps) if not missing(maps[name])]
    if fitting:
        name = max(fitting, key=lambda one: len(maps[one].columns))
        found, units = maps[name].columns, maps[name].units
        return name, {what: (places[_plain(heading)], units.get(what, 1)) for what, heading in found.items()}
    if chosen:
        raise _missing(where, columns, missing(maps[chosen]), chosen)
    own = {what: (places[what], 1.0) for what in FIELDS if what in places}
    if "name" in own:
        return "csv", own
    if maps:
        nearest = min(maps, key=lambda one: len(missing(maps[one])) / len(maps[one].columns))
        raise _missing(where, columns, missing(maps[nearest]), nearest)
    shown = ", ".join(columns[:_SHOWN])
    raise Invalid(
        f"{where}: there is no column 'name'; the file has {shown}. Name its columns so, or write a map under "
        "`imports` in the configuration"
    )


def _further_names(cells: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The names beside the legal one with their kinds, taken out of the cells; the domain is that of the site."""
    for column, kind in _NAMES.items():
        for text in cells.pop(column, "").replace("|", ";").split(";"):
            if text.strip():
                yield " ".join(text.split()), kind
    if site := domain(cells.get("site", "")):
        yield site, "domain"


def read_fact(what: str, value: str, today: date, unit: float = 1) -> Any:
    """The value of a criterion as a person or a table writes it; None when it is empty. Raises `ValueError`."""
    if what in YEARLY:
        return figure(value, unit)
    if what in _COUNTS:
        count = whole(value)
        return None if count is None else int(count * unit)
    if what == "created_on":
        return day(value, today)
    return _READERS.get(what, str)(value) or None


class OwnColumns:
    """Reads rows of a table by a map's places and units."""

    def __init__(self, columns: Sequence[str], mapped: Mapping[str, tuple[int, float]], today: date) -> None:
        self._mapped, self._today = mapped, today

    def row(self, values: Sequence[str]) -> CompanyRow:
        """A company. Raises ValueError with the column and what is wrong."""
        cells = {what: _one_line(values[place]) for what, (place, _) in self._mapped.items()}
        name = cells.pop("name", "")
        if not name_key(name):
            raise ValueError("name is empty")
        named = [(name, "legal"), *_further_names(cells), *in_brackets(name)]
        number, lei = siren(cells.pop("siren", "")), cells.pop("lei", "").upper() or None
        year = _year(cells.pop("year", ""), self._today)
        facts = {}
        for what, value in cells.items():
            try:
                facts[what] = read_fact(what, value, self._today, self._mapped[what][1])
            except ValueError as error:
                raise ValueError(f"{what} {error}") from None
        names, kinds = by_kind(named)
        return CompanyRow(name, names, number, lei, known_only(facts), kinds, year)
