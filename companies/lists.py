"""Rows of lists of one's own: one company each, or one of its establishments."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from companies.columns import NAMES, read_fact
from companies.folding import by_kind, fold_text, name_key
from companies.identifiers import SIREN_DIGITS, siren, siren_in, siret
from companies.names import abbreviates, in_brackets
from companies.recognition import fits
from companies.values import EMPTY, day, department, domain
from store.companies import EVERYTHING, CompanyRow, known_only
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
    if text.isalnum():
        return text
    plain = html.unescape(text) if "&" in text else text
    return " ".join((plain.strip().partition("\n")[0] if "\n" in plain else plain).split())


def _year(value: str, today: date) -> int | None:
    try:
        closed = day(value, today)
    except ValueError as error:
        raise ValueError(f"year {error}") from None
    return closed.year if closed else None


def _further_names(cells: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The names beside the legal one with their kinds, taken out of the cells; the domain is that of the site."""
    for column, kind in NAMES.items():
        if told := cells.pop(column, ""):
            yield from ((text, kind) for part in told.replace("|", ";").split(";") if (text := " ".join(part.split())))
    if site := domain(cells.get("site", "").lower()):
        yield site, "domain"


def _apart(name: str, further: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The names in one that says itself again around a dash, the legal one first; only itself, where it does not.

    What follows is the sign over the door, begins with the name, or abbreviates it.
    """
    first, *rest = _DASH.split(name)
    if not rest or not name_key(first):
        return [(name, "legal")]
    second = " - ".join(rest)
    signs = {name_key(text) for text, kind in further if kind == "sign"}
    if abbreviates(second, first):
        return [(first, "legal"), (second, "acronym")]
    if name_key(second) in signs or f"{name_key(second)} ".startswith(f"{name_key(first)} "):
        return [(first, "legal"), (second, "sign")]
    return [(name, "legal")]


class OwnColumns:
    """Reads rows of a table by the places and units of what its columns hold."""

    def __init__(self, columns: Sequence[str], mapped: Mapping[str, tuple[int, float]], today: date) -> None:
        self._mapped, self._today = mapped, today
        self._telling = [what for what in _TELLING if what in mapped]

    def row(self, values: Sequence[str]) -> CompanyRow:
        """A company; one of a number alone has an empty name.

        Raises ValueError with the column and what is wrong.
        """
        return self.rows(values)[0]

    def rows(self, values: Sequence[str]) -> tuple[CompanyRow, EstablishmentRow | None]:
        """A company as `row` gives it, with its establishment where the row has a SIRET number."""
        cells = self._cells(values)
        number, establishment = self._numbers(cells)
        lei = cells.pop("lei", "").upper() or None
        sign = cells.get("sign", "")
        name = cells.pop("name", "") or sign
        if number is None and (number := siren_in(name)):
            name = ""
        if not name_key(name):
            if number:
                return CompanyRow("", {}, number, weak=EVERYTHING), None
            raise ValueError("name is empty")
        further = list(_further_names(cells))
        own = _apart(name, further)
        postcode, town = cells.pop("postcode", ""), cells.pop("postal_town", "")
        year = _year(cells.pop("year", ""), self._today)
        facts = _placed(self._facts(cells), postcode, town)
        if not facts.get("legal_form") and _is_public(name, facts.get("naf") or ""):
            facts["legal_form"] = _PUBLIC_LAW
        names, kinds = by_kind([*own, *further, *in_brackets(own[0][0])])
        weak = _OF_ESTABLISHMENT if establishment else frozenset()
        row = CompanyRow(own[0][0], names, number, lei, known_only(facts), kinds, year, weak)
        place = (facts.get("city"), facts.get("department"), facts.get("naf"))
        signs = {key: sign} if sign and (key := name_key(sign)) else {}
        return row, EstablishmentRow(establishment, False, True, *place, signs) if establishment else None

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
    def _numbers(cells: dict[str, str]) -> tuple[str | None, str | None]:
        """The SIREN number of a row, by whichever column gives it, and its SIRET number.

        Raises ValueError where two columns give those of different companies.
        """
        own = cells.pop("siret", "")
        establishment = siret(own) if own.lower() not in EMPTY else None
        given = {"siret": establishment and establishment[:SIREN_DIGITS]}
        given |= {what: siren(text) for what in ("siren", "vat") if (text := cells.pop(what, ""))}
        numbers = {what: number for what, number in given.items() if number}
        if len(set(numbers.values())) > 1:
            told = ", ".join(f"{what} of {number}" for what, number in numbers.items())
            raise ValueError(f"the numbers are of different companies: {told}")
        return next(iter(numbers.values()), None), establishment


def _placed(facts: dict[str, Any], postcode: str, town: str) -> dict[str, Any]:
    """The facts with the town and the French department that a postcode says, where no column says them."""
    found = _POSTAL_TOWN.fullmatch(town)
    postcode = postcode or (found[1] if found else "")
    if postcode and facts.get("country") in (None, "FR"):
        facts["department"] = facts.get("department") or department(postcode)
    if found:
        facts["city"] = facts.get("city") or found[2]
    return facts


def _is_public(name: str, naf: str) -> bool:
    """Whether a row whose legal category is unknown is of a body under public law, by its name and its activity."""
    return naf.startswith(_ADMINISTRATION) and bool(_PUBLIC.match(fold_text(name)))
