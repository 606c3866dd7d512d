"""Looking companies up: the one a person means who types a SIREN number or a name, and those that bear names."""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from companies.disambiguation import MOST
from companies.evidence import Bearer, Surroundings
from companies.folding import name_key
from companies.headcount import headcount_of
from companies.names import forms
from store import companies, corrections, signals
from store.base import utcnow
from store.errors import Conflict, NotFound
from store.tables import Company

_SHOWN = 5
_OF_PEOPLE = ("appointment", "departure")  # types of signals that say who works for a company
_OF_LATE = timedelta(days=2 * 365)  # of people who came or left sooner little is said
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


class Register:
    """What is known of companies, to tell who is meant by a name that they bear."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def bearers(self, ids: Collection[int]) -> dict[int, Bearer]:
        """The companies with these ids."""
        never = corrections.refused(self._session, ids)
        people = signals.people_of(self._session, ids, _OF_PEOPLE, utcnow() - _OF_LATE)
        return {
            one.id: Bearer(
                id=one.id,
                siren=one.siren,
                department=one.department,
                city=one.city,
                country=one.country,
                naf=one.naf,
                legal_form=one.legal_form,
                headcount=headcount_of(one),
                site=one.site,
                listed=bool(one.listing),
                closed=one.closed,
                people=frozenset(map(name_key, people.get(one.id, ()))),
                never=frozenset((form, context) for name, context in never.get(one.id, ()) for form in forms(name)),
            )
            for one in companies.by_ids(self._session, ids).values()
        }

    def names(self, ids: Collection[int]) -> dict[int, tuple[str, str | None]]:
        """The names and SIREN numbers of the companies with these ids."""
        return {number: (one.name, one.siren) for number, one in companies.by_ids(self._session, ids).items()}

    def spoken_of(self, ids: Collection[int], around: Surroundings) -> list[int]:
        """Those of very many companies that a text speaks of: by SIREN number, and in the departments that it names.

        Of those that are still too many, the ones in cities that the text names; if those are, none but by number.
        """
        if not (around.departments or around.sirens):
            return []
        found = companies.among(self._session, ids, around.departments, around.sirens)
        if len(found) > MOST:
            found = [one for one in found if one.siren in around.sirens or (one.city and around.has(one.city))]
        if len(found) > MOST:
            found = [one for one in found if one.siren in around.sirens]
        return [one.id for one in found]
