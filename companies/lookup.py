"""Looking companies up: the one a person means who types a SIREN number or a name, and those that bear names."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from companies.evidence import Bearer
from companies.folding import name_key
from companies.headcount import headcount_of
from companies.names import forms
from store import companies, corrections, signals
from store.errors import Conflict, NotFound
from store.tables import Company

_SHOWN = 5
_OF_PEOPLE = ("appointment", "departure")  # types of signals that say who works for a company
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


def _with_id(session: Session, number: int) -> Company:
    found = companies.by_ids(session, [number])
    if not found:
        raise NotFound(f"there is no company #{number}")
    return found[number]


def bearers(session: Session, ids: Collection[int]) -> dict[int, Bearer]:
    """What is known of companies, to tell who is meant by a name that they bear."""
    never, people = corrections.refused(session, ids), signals.people_of(session, ids, _OF_PEOPLE)
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
        for one in companies.by_ids(session, ids).values()
    }
