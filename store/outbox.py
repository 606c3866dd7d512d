"""What the search index has not read yet: filled in the transaction that changes a document."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from store.base import in_chunks, one_of
from store.tables import Document, Outbox, Signal


def add(session: Session, document_ids: Iterable[int]) -> None:
    """These documents changed."""
    session.add_all(Outbox(document_id=document_id) for document_id in document_ids)


def add_all(session: Session) -> None:
    """Every document is to be read again: the index is new."""
    session.execute(insert(Outbox).from_select(["document_id"], select(Document.id)))


def add_of_companies(session: Session, company_ids: Iterable[int]) -> None:
    """The documents with a signal on one of these companies are to be read again."""
    for ids in in_chunks(list(company_ids)):
        told = select(Signal.document_id).where(Signal.company_id.in_(ids)).distinct()
        session.execute(insert(Outbox).from_select(["document_id"], told))


def waiting(session: Session, *, limit: int) -> dict[int, int]:
    """The oldest entries by their ids, with the documents that they name."""
    query = select(Outbox.id, Outbox.document_id).order_by(Outbox.id).limit(limit)
    return {row.id: row.document_id for row in session.execute(query)}


def done(session: Session, entries: Iterable[int]) -> None:
    """Take out these entries; others may have come meanwhile, with lower ids too, from a slower transaction."""
    session.execute(delete(Outbox).where(one_of(Outbox.id, entries)))


def count(session: Session) -> int:
    """How many entries wait."""
    return session.scalar(select(func.count(Outbox.id))) or 0
