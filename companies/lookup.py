"""Looking companies up: the one a person means who types a SIREN number or a name, one at a time or in a table."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from companies.folding import name_key
from store import companies
from store.errors import Conflict, NotFound
from store.tables import Company

_SHOWN = 5
_SIREN_DIGITS = 9


def named_company(session: Session, text: str) -> Company:
    """The company with this SIREN number, `#` and id, or name.

    Raises `NotFound`, or `Conflict` when several bear the name.
    """
    number = "".join(text.split())
    if number.startswith("#") and number[1:].isdigit():
        return _with_id(session, int(number[1:]))
    by_number = len(number) == _SIREN_DIGITS and number.isdigit()
    found = companies.by_siren(session, number) if by_number else companies.by_folded_name(session, name_key(text))
    if not found:
        raise NotFound(f"there is no company '{text}'; import it with `vigie companies import`")
    if len(found) > 1:
        known = [
            f"{one.name} (#{one.id}, {one.siren or 'no SIREN'}, {one.department or '?'})" for one in found[:_SHOWN]
        ]
        raise Conflict(f"'{text}' is the name of several companies: {', '.join(known)}; give the SIREN number or #id")
    return found[0]


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
        except (NotFound, Conflict) as error:
            if number > 1 or len(rows) == 1:
                wrong.append(Unclear(number, name, str(error), isinstance(error, Conflict)))
    return found, wrong


def _with_id(session: Session, number: int) -> Company:
    found = companies.by_ids(session, [number])
    if not found:
        raise NotFound(f"there is no company #{number}")
    return found[number]
