"""Contacts from a table, as people keep it: which column holds what, and at which company each row is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from companies.folding import name_key
from companies.lookup import named_company
from companies.tables import open_table
from signals.erasure import asked_of, refuse
from store import contacts
from store.base import utcnow
from store.errors import Conflict, Invalid, NotFound

_HEADINGS: Mapping[str, str] = {
    "number": r"siren|siret|vat|tva|n tva.*",
    "company": r"entreprise|societe|raison sociale|organisation|company|account|(?:account|company) name|client",
    "first": r"prenom|first name|firstname|given name",
    "last": r"nom|nom de famille|last name|lastname|surname|family name",
    "name": r"nom complet|nom et prenom|prenom et nom|contact|name|full name|interlocuteur|contact name",
    "function": r"fonction|poste|intitule du poste|titre|job title|title|function|role|position",
    "phone": r"telephone|tel|telephone direct|mobile|portable|phone|phone number|ligne directe|numero de telephone",
    "email": r"e mail|email|mail|courriel|adresse e mail|adresse mail|email address|mel",
}
EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
"""What a mail address looks like."""


@dataclass(frozen=True)
class Wrong:
    """A row that was not taken, by its line, and why."""

    line: int
    error: str


def columns_of(headings: Sequence[str]) -> dict[str, int]:
    """Where a table has what, by its headings. Raises `Invalid` where no name or no company is told."""
    keys = [name_key(one) for one in headings]
    found = {
        what: next(place for place, key in enumerate(keys) if re.fullmatch(pattern, key))
        for what, pattern in _HEADINGS.items()
        if any(re.fullmatch(pattern, key) for key in keys)
    }
    if not found.keys() & {"name", "last"}:
        raise Invalid(f"no column is a contact's name; the headings are {', '.join(headings)} (name one “Contact”)")
    if not found.keys() & {"company", "number"}:
        raise Invalid(f"no column is a company; the headings are {', '.join(headings)} (name one “Company” or “SIREN”)")
    return found


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with open_table(file) as table:
        places = columns_of(table.columns)
        for line in table:
            if line.error:
                raise Invalid(f"{file}, line {line.number}: {line.error}")
            yield (
                line.number,
                {what: " ".join(line.values[at].split()) for what, at in places.items() if at < len(line.values)},
            )


def import_contacts(session: Session, file: Path, author: str) -> tuple[int, list[Wrong]]:
    """Take the contacts of a table; how many, and the rows that were left out.

    A row of somebody who was typed at the company already takes the place of what was typed. Raises `Invalid` with what
    is wrong with the table.
    """
    kept, wrong = 0, list[Wrong]()
    is_erased = asked_of(session)
    for number, row in _rows(file):
        name = row.get("name") or f"{row.get('first', '')} {row.get('last', '')}".strip()
        try:
            if not name_key(name):
                raise Invalid("the contact has no name")
            refuse(name, is_erased)
            email = row.get("email", "")
            if email and not re.fullmatch(EMAIL, email):
                raise Invalid(f"'{email}' is no mail address")
            company = named_company(session, row.get("number") or row.get("company", ""))
        except (Invalid, NotFound, Conflict) as error:
            wrong.append(Wrong(number, str(error)))
            continue
        facts = {what: row.get(what, "") for what in ("function", "phone")} | {"email": email}
        contacts.write(session, company, name, name_key(name), author, utcnow(), **facts)
        kept += 1
    return kept, wrong
