"""The amounts of companies' accounts, year by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.orm import Session

from store.base import Base, in_chunks
from store.bulk import add_rows
from store.tables import Figure

YEARLY = frozenset({"turnover", "export_turnover", "profit", "financial_score", "working_capital", "share_capital"})
"""The columns of a company that its accounts fill."""


def newest(session: Session, company_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    """The last year that is known of each company and criterion."""
    query = select(Figure.company_id, Figure.criterion, func.max(Figure.year))
    query = query.where(Figure.company_id.in_(list(company_ids))).group_by(Figure.company_id, Figure.criterion)
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def save(session: Session, told: Mapping[tuple[int, str, int], float], source: str, day: date) -> None:
    """Keep amounts by company, criterion and year; a newer one takes the place of the one that is there."""
    columns = (Figure.company_id, Figure.criterion, Figure.year)
    for keys in in_chunks(list(told)):
        session.execute(delete(Figure).where(tuple_(*columns).in_(keys)))
    rows = [(*key, value) for key, value in told.items()]
    shared = {"source": source, "day": day}
    add_rows(session, Base.metadata.tables["figure"], ("company_id", "criterion", "year", "value"), rows, shared)


def of_company(session: Session, company_id: int) -> list[Figure]:
    """All amounts of a company, the newest year first."""
    query = select(Figure).where(Figure.company_id == company_id).order_by(Figure.year.desc(), Figure.criterion)
    return list(session.scalars(query))
