"""Which companies the documents name, and how often."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from store.base import in_chunks, unsought
from store.tables import Company, Document, Mention, Signal


@dataclass(frozen=True)
class Volume:
    """How many articles of a day, and of the days before it, name a company, and how many there are."""

    mentions: int
    articles: int
    past_mentions: int
    past_articles: int


def add(session: Session, named: Mapping[int, Iterable[int]]) -> None:
    """Keep the ids of the companies that each document names."""
    session.add_all(Mention(document_id=number, company_id=one) for number, ids in named.items() for one in ids)


def replace(session: Session, named: Mapping[int, Iterable[int]]) -> None:
    """Keep these in the place of the companies that these documents named before."""
    session.execute(delete(Mention).where(Mention.document_id.in_(list(named))))
    add(session, named)


def _articles(session: Session, since: datetime, until: datetime) -> int:
    within = (Document.published_at >= since, Document.published_at < until, Document.state == "analysed")
    return session.scalar(select(func.count(Document.id)).where(*within)) or 0


def _mentions(session: Session, company_ids: list[int], since: datetime, until: datetime) -> dict[int, int]:
    query = (
        select(Mention.company_id, func.count())
        .join(Document, Document.id == Mention.document_id)
        .where(Mention.company_id.in_(company_ids), Document.published_at >= since, Document.published_at < until)
        .group_by(Mention.company_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def volumes(
    session: Session, company_ids: Iterable[int], past: datetime, start: datetime, end: datetime
) -> dict[int, Volume]:
    """The volume from `start` to `end`, and from `past` to `start`, of those of the companies that were known then."""
    articles, past_articles = _articles(session, start, end), _articles(session, past, start)
    found: dict[int, Volume] = {}
    for ids in in_chunks(sorted(company_ids)):
        known = list(session.scalars(select(Company.id).where(Company.id.in_(ids), Company.added_at <= past)))
        before = _mentions(session, known, past, start)
        for company_id, count in _mentions(session, known, start, end).items():
            found[company_id] = Volume(count, articles, before.get(company_id, 0), past_articles)
    return found


def newest_document(session: Session, company_id: int, since: datetime, until: datetime) -> Document:
    """The last document of a period that names the company; there must be one."""
    query = (
        select(Document)
        .join(Mention, Mention.document_id == Document.id)
        .where(Mention.company_id == company_id, Document.published_at >= since, Document.published_at < until)
        .order_by(Document.title == "", Document.published_at.desc(), Document.id.desc())
    )
    return session.scalars(query.limit(1)).one()


def told_since(session: Session, company_id: int, kind: str, day: date) -> bool:
    """Whether a signal of the type was told of the company on that day or later."""
    query = select(Signal.id).where(Signal.company_id == company_id, Signal.type == kind, Signal.event_date >= day)
    return session.scalar(query.limit(1)) is not None


def _is_of(ids: Collection[int]) -> ColumnElement[bool]:
    """Whether a mention is of one of these; the database goes through new articles, not through all on a company."""
    return unsought(Mention.company_id).in_(ids)


def by_day(session: Session, company_ids: Iterable[int], since: datetime) -> dict[int, dict[date, int]]:
    """How many articles of each day since then name each of these companies, as far as any do."""
    query = select(Mention.company_id, Document.published_at).join(Document, Document.id == Mention.document_id)
    found: dict[int, dict[date, int]] = {}
    for ids in in_chunks(sorted(company_ids)):
        for company_id, at in session.execute(query.where(_is_of(ids), Document.published_at >= since)):
            if at is not None:
                days = found.setdefault(company_id, {})
                days[at.date()] = days.get(at.date(), 0) + 1
    return found


def unnamed_since(session: Session, company_ids: Iterable[int], since: datetime) -> set[int]:
    """Of these companies those that no article published since then names."""
    silent: set[int] = set()
    for ids in in_chunks(sorted(company_ids)):
        query = select(Mention.company_id).join(Document, Document.id == Mention.document_id)
        named = set(session.scalars(query.where(_is_of(ids), Document.published_at >= since)))
        silent |= set(ids) - named
    return silent


def by_source(session: Session, company_id: int) -> dict[int, tuple[int, datetime | None]]:
    """By source, how many of its articles name the company, and when the last of them was published."""
    query = select(Document.source_id, func.count(), func.max(Document.published_at))
    query = query.join(Mention, Mention.document_id == Document.id).where(Mention.company_id == company_id)
    rows = session.execute(query.group_by(Document.source_id))
    return {source: (number, last) for source, number, last in rows}


def newest_naming(session: Session, company_id: int, *, limit: int) -> list[int]:
    """The ids of the documents found last that name the company."""
    query = select(Mention.document_id).where(Mention.company_id == company_id)
    return list(session.scalars(query.order_by(Mention.document_id.desc()).limit(limit)))
