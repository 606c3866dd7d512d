"""Looking companies up: the one a person means who types a SIREN number or a name, one at a time or in a table."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from companies.folding import name_key
from companies.identifiers import siren_in
from store import companies
from store.companies import Bearer
from store.errors import Conflict, Invalid, NotFound
from store.tables import Company

_SHOWN = 5


def named_company(session: Session, text: str) -> Company:
    """The company with this number (SIREN, SIRET, VAT), `#` and id, or name.

    Raises `NotFound`, `Invalid` for a number that cannot be one, or `Conflict` when several bear the name.
    """
    number = "".join(text.split())
    if number.startswith("#") and number[1:].isdigit():
        return _with_id(session, int(number[1:]))
    found = by_number(session, text) or companies.by_folded_name(session, name_key(text))
    if not found:
        raise NotFound(f"there is no company '{text}'; import it with `vigie companies import`")
    if len(found) > 1:
        raise Conflict(f"{several(text, found)}; give the SIREN number or #id")
    return found[0]


def several(name: str, found: Sequence[Company | Bearer]) -> str:
    """That several companies bear a name, and which."""
    known = [f"{one.name} (#{one.id}, {one.siren or 'no SIREN'}, {one.department or '?'})" for one in found[:_SHOWN]]
    return f"'{name}' is the name of several companies: {', '.join(known)}"


def by_number(session: Session, text: str) -> list[Company]:
    """The company whose SIREN, SIRET or VAT number this is, if it is one. Raises `Invalid` with what is wrong in it."""
    try:
        siren = siren_in(text)
    except ValueError as error:
        raise Invalid(str(error)) from None
    return companies.by_siren(session, siren) if siren else []


def first_column(text: str) -> list[tuple[int, str]]:
    """The first column of a table with commas, semicolons or tabs, or of plain lines, with the number of each line."""
    lines = text.splitlines()
    try:
        dialect: Any = csv.Sniffer().sniff(lines[0] if lines else ",", ",;\t")
        return [(number, row[0].strip()) for number, row in enumerate(csv.reader(lines, dialect), 1) if any(row)]
    except csv.Error:
        return [(number, one.strip()) for number, one in enumerate(lines, 1) if one.strip()]


@dataclass(frozen=True)
class Unclear:
    """A line that names no company, or `several`; `error` says so."""

    line: int
    name: str
    error: str
    several: bool


def named_companies(session: Session, rows: Sequence[tuple[int, str]]) -> tuple[list[int], list[Unclear]]:
    """The ids of the companies that lines name, and the lines that are not clear.

    The first of several lines may be a heading.
    """
    found, wrong = [], []
    for number, name in rows:
        try:
            found.append(named_company(session, name).id)
        except (NotFound, Conflict, Invalid) as error:
            if number > 1 or len(rows) == 1:
                wrong.append(Unclear(number, name, str(error), isinstance(error, Conflict)))
    return found, wrong


def _with_id(session: Session, number: int) -> Company:
    found = companies.by_ids(session, [number])
    if not found:
        raise NotFound(f"there is no company #{number}")
    return found[number]
