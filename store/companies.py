"""Companies and their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from store import outbox
from store.tables import Company, Name


@dataclass(frozen=True)
class CompanyRow:
    """A company as a register gives it; `names` maps each folded name to its text."""

    name: str
    names: dict[str, str]
    siren: str | None = None
    department: str | None = None
    naf: str | None = None
    headcount: int | None = None
    city: str | None = None
    country: str = "FR"
    site: str | None = None


_FIELDS = ("name", "siren", "department", "naf", "headcount", "city", "country", "site")


def _known(session: Session, rows: Sequence[CompanyRow]) -> dict[object, Company]:
    eager = selectinload(Company.names)
    sirens = [row.siren for row in rows if row.siren]
    names = [row.name for row in rows if not row.siren]
    known: dict[object, Company] = {
        company.siren: company
        for company in session.scalars(select(Company).where(Company.siren.in_(sirens)).options(eager))
    }
    for company in session.scalars(select(Company).where(Company.name.in_(names)).options(eager)):
        known[(company.name, company.department)] = company
    return known


def save(session: Session, rows: Sequence[CompanyRow]) -> int:
    """Add new companies and update known ones, by SIREN or by name and department. Returns how many are new.

    A value the register leaves empty does not erase one that is there.
    """
    known = _known(session, rows)
    moved: list[Company] = []
    added = 0
    for row in rows:
        key = row.siren or (row.name, row.department)
        company = known.get(key)
        if company is None:
            company = known[key] = Company(name=row.name)
            session.add(company)
            added += 1
        elif row.department and row.department != company.department:
            moved.append(company)
        for field in _FIELDS:
            value = getattr(row, field)
            if value is not None:
                setattr(company, field, value)
        have = {name.folded for name in company.names}
        for folded, text in row.names.items():
            if folded not in have:
                kind = "legal" if text == row.name else "alias"
                company.names.append(Name(text=text, folded=folded, kind=kind))
    session.flush()
    if moved:
        outbox.add_of_companies(session, [company.id for company in moved])
    return added


def all_names(session: Session) -> Iterator[tuple[str, int]]:
    """Every folded name with its company's id."""
    rows = session.execute(select(Name.folded, Name.company_id).order_by(Name.id))
    return ((folded, company_id) for folded, company_id in rows)


def names_stamp(session: Session) -> str:
    """A value that changes whenever names are added or taken away."""
    count, newest = session.execute(select(func.count(Name.id), func.max(Name.id))).one()
    return f"{count}-{newest or 0}"


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, Company]:
    """Companies by their ids."""
    return {company.id: company for company in session.scalars(select(Company).where(Company.id.in_(list(ids))))}


def in_batches(session: Session, size: int) -> Iterator[Sequence[Company]]:
    """All companies, some at a time."""
    last = 0
    while batch := session.scalars(select(Company).where(Company.id > last).order_by(Company.id).limit(size)).all():
        yield batch
        last = batch[-1].id
        session.expunge_all()


def count(session: Session) -> int:
    """How many companies there are."""
    return session.scalar(select(func.count(Company.id))) or 0


def by_siren(session: Session, siren: str) -> list[Company]:
    """The company with this SIREN number, if there is one."""
    return list(session.scalars(select(Company).where(Company.siren == siren)))


def by_folded_name(session: Session, folded: str) -> list[Company]:
    """The companies that bear a name, legal or alias."""
    named = select(Name.company_id).where(Name.folded == folded)
    return list(session.scalars(select(Company).where(Company.id.in_(named)).order_by(Company.id)))
