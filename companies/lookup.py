"""The company a person means when they type a SIREN number or a name."""

from __future__ import annotations

from sqlalchemy.orm import Session

from companies.folding import name_key
from store import companies
from store.errors import Conflict, NotFound
from store.tables import Company

_SHOWN = 5
_SIREN_DIGITS = 9


def named_company(session: Session, text: str) -> Company:
    """The company with this SIREN number or name. Raises `NotFound`, or `Conflict` when several bear the name."""
    number = "".join(text.split())
    by_number = len(number) == _SIREN_DIGITS and number.isdigit()
    found = companies.by_siren(session, number) if by_number else companies.by_folded_name(session, name_key(text))
    if not found:
        raise NotFound(f"there is no company '{text}'; import it with `vigie companies import`")
    if len(found) > 1:
        known = [f"{one.name} ({one.siren or 'no SIREN'}, {one.department or '?'})" for one in found[:_SHOWN]]
        raise Conflict(f"'{text}' is the name of several companies: {', '.join(known)}; give the SIREN number")
    return found[0]
