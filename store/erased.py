"""Who was erased, and where a name may stand that is to be."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ColumnElement, String, cast, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from store.tables import Audit, Contact, Document, ErasedPerson, Lead, LeadEvent, Watchlist

_SALT_BYTES = 16
LEAD_FIELDS = ("decision_maker", "told_by", "need", "timeframe", "next_action")
"""What people write of a lead in words."""


def all_of(session: Session) -> list[ErasedPerson]:
    """All who were erased, the last first."""
    return list(session.scalars(select(ErasedPerson).order_by(ErasedPerson.id.desc())))


def salt(session: Session) -> bytes:
    """The salt of this installation's digests; a new one where nobody was erased yet."""
    return session.scalar(select(ErasedPerson.salt).limit(1)) or os.urandom(_SALT_BYTES)


def add(session: Session, digest: str, salt: bytes, author: str) -> bool:
    """Keep somebody as erased; whether they were not yet."""
    if session.scalar(select(ErasedPerson.id).where(ErasedPerson.digest == digest)):
        return False
    session.add(ErasedPerson(digest=digest, salt=salt, erased_by=author))
    session.flush()
    return True


def _has(
    columns: Iterable[InstrumentedAttribute[str] | ColumnElement[str]], spellings: Sequence[str]
) -> ColumnElement[bool]:
    return or_(*(column.contains(one, autoescape=True) for column in columns for one in spellings))


def documents_with(session: Session, spellings: Sequence[str]) -> Iterator[Document]:
    """The documents in which a word stands as one of these."""
    where = _has((Document.title, Document.text, cast(Document.notice, String)), spellings)
    return iter(session.scalars(select(Document).where(where).order_by(Document.id)))


def contacts_with(session: Session, spellings: Sequence[str]) -> list[Contact]:
    """The contacts of whom a word of the name, or of the sentence that names them, is one of these."""
    return list(session.scalars(select(Contact).where(_has((Contact.name, Contact.sentence), spellings))))


def leads_with(session: Session, spellings: Sequence[str]) -> list[Lead]:
    """The leads in whose fields a word stands as one of these."""
    columns = [getattr(Lead, name) for name in LEAD_FIELDS]
    return list(session.scalars(select(Lead).where(_has(columns, spellings))))


def events_with(session: Session, spellings: Sequence[str]) -> list[LeadEvent]:
    """What happened to leads, told with a word that is one of these."""
    return list(session.scalars(select(LeadEvent).where(_has((cast(LeadEvent.details, String),), spellings))))


def audits_with(session: Session, spellings: Sequence[str]) -> list[Audit]:
    """What was changed, told with a word that is one of these."""
    return list(session.scalars(select(Audit).where(_has((Audit.what,), spellings))))


def lists_with(session: Session, spellings: Sequence[str]) -> list[Watchlist]:
    """The lists that ask for a word that is one of these."""
    return list(session.scalars(select(Watchlist).where(_has((cast(Watchlist.content, String),), spellings))))
