"""The places of business of companies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from store import companies
from store.base import Base, one_of
from store.bulk import add_rows
from store.companies import CompanyRow, Register, known_only
from store.tables import Company, Establishment

_SIREN_DIGITS = 9


@dataclass(frozen=True)
class EstablishmentRow:
    """An establishment as the register gives it; `signs` are the names over its door, by their folded form."""

    siret: str
    is_head: bool
    is_open: bool
    city: str | None
    department: str | None
    naf: str | None
    signs: Mapping[str, str]


def save(session: Session, rows: Sequence[EstablishmentRow], register: Register, *, only_new: bool = False) -> int:
    """Keep the establishments of known companies, and what they tell of these. Returns how many were kept.

    The open head office gives a company its city and department, open establishments give it their signs as names, and
    all together the number of its secondary sites. Those of companies that are not in the store are left out. With
    `only_new`, those of a list that need not have them all, so are those that are there already, and nobody has none.
    """
    if only_new:
        there = set(
            session.scalars(select(Establishment.siret).where(one_of(Establishment.siret, (row.siret for row in rows))))
        )
        rows = [row for row in rows if row.siret not in there]
    of_siren = {row.siret[:_SIREN_DIGITS] for row in rows}
    named = select(Company.id, Company.siren, Company.name).where(one_of(Company.siren, of_siren))
    known = {str(siren): (number, name) for number, siren, name in session.execute(named)}
    kept = list({row.siret: row for row in rows if row.siret[:_SIREN_DIGITS] in known}.values())
    if not kept:
        return 0
    session.execute(delete(Establishment).where(one_of(Establishment.siret, (row.siret for row in kept))))
    values = [
        (row.siret, known[row.siret[:_SIREN_DIGITS]][0], row.is_head, row.is_open, row.city, row.department, row.naf)
        for row in kept
    ]
    columns = ("siret", "company_id", "is_head", "is_open", "city", "department", "naf")
    add_rows(session, Base.metadata.tables["establishment"], columns, values, {})
    counts = _secondary(session, {number for number, _ in known.values()})
    open_of: defaultdict[str, list[EstablishmentRow]] = defaultdict(list)
    for row in kept:
        if row.is_open:
            open_of[row.siret[:_SIREN_DIGITS]].append(row)
    told = []
    for siren, (number, name) in known.items():
        if only_new and not counts.get(number):
            continue
        own = open_of[siren]
        head = next((row for row in own if row.is_head), None)
        signs = {folded: text for row in own for folded, text in row.signs.items()}
        facts = {
            "secondary_sites": counts.get(number, 0),
            "city": head.city if head else None,
            "department": head.department if head else None,
        }
        told.append(CompanyRow(name, signs, siren, facts=known_only(facts), kinds=dict.fromkeys(signs, "sign")))
    companies.save(session, told, register)
    return len(kept)


def _secondary(session: Session, company_ids: set[int]) -> dict[int, int]:
    """How many open establishments besides the head office each company has; one is it where none is called so."""
    is_open = Establishment.is_open & ~Establishment.is_head
    others = func.count().filter(is_open)
    heads = func.count().filter(Establishment.is_head)
    query = select(Establishment.company_id, others, heads).where(one_of(Establishment.company_id, company_ids))
    found = session.execute(query.group_by(Establishment.company_id))
    return {number: max(0, there - (not known)) for number, there, known in found}


def of_company(session: Session, company_id: int, *, limit: int) -> tuple[list[Establishment], int]:
    """The open establishments of a company, the head office first, then by place; and how many there are."""
    where = (Establishment.company_id == company_id, Establishment.is_open)
    number = session.scalar(select(func.count(Establishment.siret)).where(*where)) or 0
    order = (Establishment.is_head.desc(), Establishment.department, Establishment.city, Establishment.siret)
    return list(session.scalars(select(Establishment).where(*where).order_by(*order).limit(limit))), number
