"""Contacts: who is who at companies, as documents say it and users type it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, defer, joinedload

from store.errors import NotFound
from store.tables import Company, Contact, Document


@dataclass(frozen=True)
class ContactRow:
    """What a document says of somebody; the columns are those of `Contact`."""

    company_id: int
    name: str
    folded: str
    function: str
    sentence: str
    said_at: datetime | None
    has_left: bool = False


def replace(session: Session, told: Mapping[int, Iterable[ContactRow]]) -> None:
    """Keep these in the place of whom these documents named before."""
    session.execute(delete(Contact).where(Contact.document_id.in_(list(told))))
    session.add_all(Contact(document_id=number, **vars(row)) for number, rows in told.items() for row in rows)


def of_companies(session: Session, company_ids: Iterable[int]) -> dict[int, list[Contact]]:
    """What is said of the people at each company, or at records merged into it, the newest first."""
    wanted = list(company_ids)
    stands = {number: number for number in wanted}
    merged = select(Company.id, Company.merged_into).where(Company.merged_into.in_(wanted))
    stands |= {number: into for number, into in session.execute(merged) if into is not None}
    query = (
        select(Contact)
        .where(Contact.company_id.in_(stands))
        .options(joinedload(Contact.document).options(joinedload(Document.source), defer(Document.text)))
    )
    found: dict[int, list[Contact]] = {number: [] for number in wanted}
    for one in session.scalars(query.order_by(Contact.said_at.desc().nulls_last(), Contact.id.desc())):
        found[stands[one.company_id]].append(one)
    return found


def typed(session: Session, company: Company, number: int) -> Contact:
    """A contact of a company that a user typed. Raises `NotFound`."""
    one = session.get(Contact, number)
    if one is None or one.company_id != company.id or one.document_id is not None:
        raise NotFound(f"there is no such contact of {company.name}")
    return one


def write(
    session: Session, company: Company, name: str, folded: str, author: str, now: datetime, **facts: str
) -> Contact:
    """Write down a contact of a company, or what is new of one who was typed there: `function`, `phone`, `email`."""
    query = select(Contact).where(
        Contact.company_id == company.id, Contact.folded == folded, Contact.document_id.is_(None)
    )
    one = session.scalar(query)
    if one is None:
        one = Contact(company_id=company.id, function="", phone="", email="", folded=folded)
        session.add(one)
    one.name, one.author, one.said_at = name, author, now
    for field, text in facts.items():
        if text:
            setattr(one, field, text)
    session.flush()
    return one
