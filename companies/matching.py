"""Which company of the register a row of a list is that gives a name alone; who is to be asked, where several are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from companies.lookup import several
from store import companies
from store.companies import Bearer, CompanyRow

NEW = 0
"""The decision that a row is none of those that bear its name."""


@dataclass(frozen=True)
class Unsure:
    """A row whose name several companies bear."""

    line: int
    name: str
    candidates: tuple[Bearer, ...]

    def __str__(self) -> str:
        """What is wrong with it."""
        return f"{several(self.name, self.candidates)}; give the number or the department"


@dataclass(frozen=True)
class Matched:
    """Rows with their lines that are one company, those that may be several, and how many have a number alone."""

    sure: list[tuple[int, CompanyRow]]
    unsure: list[Unsure]
    nameless: int


def match(session: Session, rows: Sequence[tuple[int, CompanyRow]], decisions: Mapping[int, int]) -> Matched:
    """The rows of a list as companies of the register: those with a name alone as the one that bears it.

    `decisions` say by line which company a person took, or `NEW`.
    """
    asked = {row.place[0] for _, row in rows if _is_name_alone(row)}
    bearers = companies.bearing(session, asked) if asked else {}
    numbers = {row.siren for _, row in rows if row.siren and not row.name}
    known = companies.with_siren(session, numbers) if numbers else set()
    sure, unsure, nameless = [], [], 0
    for line, row in rows:
        candidates = bearers.get(row.place[0], ()) if _is_name_alone(row) else ()
        chosen = decisions.get(line)
        taken = [one for one in candidates if chosen in (None, one.id)]
        if not row.name and row.siren not in known:
            nameless += 1
        elif chosen is None and len(taken) > 1:
            unsure.append(Unsure(line, row.name, tuple(candidates)))
        else:
            sure.append((line, replace(row, company_id=taken[0].id) if taken else row))
    return Matched(sure, unsure, nameless)


def _is_name_alone(row: CompanyRow) -> bool:
    return not (row.siren or row.lei or row.facts.get("department"))
