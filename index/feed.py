"""From the outbox to the index: every document that changed is read again."""

from __future__ import annotations

from sqlalchemy.orm import Session

from index.query import Entry, SearchIndex, signal_facts
from store import documents, outbox, signals
from store.database import Database
from store.tables import Document, Signal

_BATCH = 2000


def _entry(document: Document, told: list[Signal]) -> Entry:
    found: frozenset[str] = frozenset()
    for signal in told:
        found |= signal_facts(signal)
    return Entry(document.id, document.title, document.text, document.language, document.published_on, found)


def _entries(session: Session, ids: set[int]) -> list[Entry]:
    known = documents.by_ids(session, sorted(ids))
    told = signals.of_documents(session, list(known))
    return [_entry(document, told.get(document.id, [])) for document in known.values()]


def feed(database: Database, index: SearchIndex) -> int:
    """Bring the index up to date; a new index reads every document. Returns how many documents were read.

    The outbox is emptied only after the index has committed: what is interrupted is repeated, and nothing is missed.
    """
    if index.is_new():
        with database.session() as session:
            outbox.add_all(session)
    read = 0
    while True:
        with database.session() as session:
            last, ids = outbox.waiting(session, limit=_BATCH)
            entries = _entries(session, ids)
        if not last:
            return read
        index.write(entries, ids - {entry.id for entry in entries})
        with database.session() as session:
            outbox.done(session, last)
        read += len(ids)
