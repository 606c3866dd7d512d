"""Rows of lists of one's own: one company each, or one of its establishments."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from companies.columns import NAMES, read_fact
from companies.folding import by_kind, fold_text, name_key
from companies.identifiers import siren, siret
from companies.names import abbreviates, in_brackets
from companies.recognition import fits
from companies.values import EMPTY, day, department, domain
from store.companies import CompanyRow, known_only
from store.establishments import EstablishmentRow

_OF_ESTABLISHMENT = frozenset({"name", "city", "department", "naf", "site"})
"""What a list says of an establishment, and only may say of its company."""
_TELLING = ("postal_town", "postcode", "naf", "city", "site")
"""What shows that a cell stands in the wrong column."""
_POSTAL_TOWN = re.compile(r"(?:F-)?(\d{4,5})\s+(.+?)(?:\s+CEDEX(?:\s+\d+)?)?", re.IGNORECASE)
_DASH = re.compile(r"\s+[-–—]\s+")
_PUBLIC = re.compile(
    r"(?:commune|ville|mairie|departement|region|conseil (?:departemental|regional)|communaute (?:de communes|urbaine|"
    r"d'agglomeration)|metropole|syndicat (?:mixte|intercommunal)|ministere|prefecture|centre communal) d"
)
_PUBLIC_LAW = "7"  # of the legal categories (INSEE): bodies under public law
_ADMINISTRATION = "84"  # the division of NAF


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


def _further_names(cells: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The names beside the legal one with their kinds, taken out of the cells; the domain is that of the site."""
    for column, kind in NAMES.items():
        for text in cells.pop(column, "").replace("|", ";").split(";"):
            if text.strip():
                yield " ".join(text.split()), kind
    if site := domain(cells.get("site", "").lower()):
        yield site, "domain"


def _apart(name: str, signs: set[str]) -> list[tuple[str, str]]:
    """The names in one that says itself again around a dash, the legal one first; only itself, where it does not.

    What follows is the sign over the door, begins with the name, or abbreviates it.
    """
    first, *rest = _DASH.split(name)
    if not rest or not name_key(first):
        return [(name, "legal")]
    second = " - ".join(rest)
    if abbreviates(second, first):
        return [(first, "legal"), (second, "acronym")]
    if name_key(second) in signs or f"{name_key(second)} ".startswith(f"{name_key(first)} "):
        return [(first, "legal"), (second, "sign")]
    return [(name, "legal")]


class OwnColumns:
    """Reads rows of a table by the places and units of what its columns hold."""

    def __init__(self, columns: Sequence[str], mapped: Mapping[str, tuple[int, float]], today: date) -> None:
        self._mapped, self._today = mapped, today
        self._of_establishments = "siret" in mapped
        self._telling = [what for what in _TELLING if what in mapped]

    def row(self, values: Sequence[str]) -> CompanyRow | None:
        """A company; None for who has a number and no name: a sole trader who hides it.

        Raises ValueError with the column and what is wrong.
        """
        cells = self._cells(values)
        number, lei = self._number(cells), cells.pop("lei", "").upper() or None
        name = cells.pop("name", "") or cells.get("sign", "")
        if not name_key(name):
            if number:
                return None
            raise ValueError("name is empty")
        further = list(_further_names(cells))
        own = _apart(name, {name_key(text) for text, kind in further if kind == "sign"})
        named = [*own, *further, *in_brackets(own[0][0])]
        _place(cells)
        year = _year(cells.pop("year", ""), self._today)
        facts = self._facts(cells)
        if not facts.get("legal_form") and _is_public(name, facts.get("naf") or ""):
            facts["legal_form"] = _PUBLIC_LAW
        names, kinds = by_kind(named)
        weak = _OF_ESTABLISHMENT if self._of_establishments else frozenset()
        return CompanyRow(own[0][0], names, number, lei, known_only(facts), kinds, year, weak)

    def establishment(self, values: Sequence[str]) -> EstablishmentRow | None:
        """The establishment of a row that `row` gives a company for; None where the list has no SIRET numbers."""
        cells = self._cells(values)
        if cells.get("siret", "").lower() in EMPTY:
            return None
        _place(cells)
        facts = {what: read_fact(what, cells.get(what, ""), self._today) for what in ("department", "naf")}
        sign = cells.get("sign", "")
        return EstablishmentRow(
            siret=siret(cells["siret"]),
            is_head=False,
            is_open=True,
            city=cells.get("city") or None,
            department=facts["department"],
            naf=facts["naf"],
            signs={name_key(sign): sign} if name_key(sign) else {},
        )

    def _cells(self, values: Sequence[str]) -> dict[str, str]:
        cells = self._at(values)
        if all(fits(what, cells[what]) for what in self._telling):
            return cells
        return next(self._moved(values), cells)

    def _moved(self, values: Sequence[str]) -> Iterator[dict[str, str]]:
        """The cells of a row in which all are one place too far right from an empty one on, if they then fit."""
        for place, value in enumerate(values):
            if not value.strip():
                cells = self._at([*values[:place], *values[place + 1 :], ""])
                if all(fits(what, cells[what]) for what in self._telling):
                    yield cells

    def _at(self, values: Sequence[str]) -> dict[str, str]:
        return {what: _one_line(values[place]) for what, (place, _) in self._mapped.items()}

    def _facts(self, cells: Mapping[str, str]) -> dict[str, Any]:
        facts = {}
        for what, value in cells.items():
            try:
                facts[what] = read_fact(what, value, self._today, self._mapped.get(what, (0, 1.0))[1])
            except ValueError as error:
                raise ValueError(f"{what} {error}") from None
        return facts

    @staticmethod
    def _number(cells: dict[str, str]) -> str | None:
        """The SIREN number of a row, by whichever column gives it. Raises ValueError where two give different ones."""
        given = {what: cells.pop(what, "") for what in ("siren", "siret", "vat")}
        if given["siret"].lower() not in EMPTY:
            siret(given["siret"])
        numbers = {what: number for what, text in given.items() if (number := siren(text))}
        if len(set(numbers.values())) > 1:
            raise ValueError(
                f"the numbers are of different companies: {', '.join(f'{a} {b}' for a, b in numbers.items())}"
            )
        return next(iter(numbers.values()), None)


def _place(cells: dict[str, str]) -> None:
    """Give a row its town and department by its postcode, where no column says them."""
    postcode, town = cells.pop("postcode", ""), cells.pop("postal_town", "")
    found = _POSTAL_TOWN.fullmatch(town)
    postcode = postcode or (found[1] if found else "")
    if postcode and cells.get("country", "FR").upper() in ("", "FR", "FRANCE"):
        cells["department"] = cells.get("department") or department(postcode) or ""
    if found:
        cells["city"] = cells.get("city") or found[2]


def _is_public(name: str, naf: str) -> bool:
    """Whether a row whose legal category is unknown is of a body under public law, by its name and its activity."""
    return naf.startswith(_ADMINISTRATION) and bool(_PUBLIC.match(fold_text(name)))
