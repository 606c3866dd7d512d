"""From the outbox to the index: every document that changed is read again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from sqlalchemy.orm import Session

from index.query import Entry, SearchIndex, signal_facts
from index.signals import SignalEntry, Value
from store import documents, outbox, signals
from store.database import Database
from store.locks import only_one
from store.tables import Company, Document, Signal

_BATCH = 2000


Describe = Callable[[Company], Mapping[str, Value]]
"""What is known of a company, by criterion."""
Notice = Callable[[list[Entry]], None]
Progress = Callable[[int, int], None]
"""Told how many documents are done, of how many."""


def _signals(told: Iterable[Signal], describe: Describe) -> Iterator[SignalEntry]:
    for one in told:
        if one.company is not None:
            kind, families, sure = one.type, tuple(one.families), one.confidence * one.link_confidence
            people = tuple(one.slots.get("person", ()))
            yield SignalEntry(one.id, one.company.id, kind, families, sure, describe(one.company), people)


def _entry(document: Document, told: list[Signal], describe: Describe) -> Entry:
    found: frozenset[str] = frozenset()
    for signal in told:
        found |= signal_facts(signal)
    day = document.published_on
    signals_of = tuple(_signals(told, describe))
    return Entry(document.id, document.title, document.text, document.language, day, found, signals_of)


def entries_of(session: Session, ids: Collection[int], describe: Describe) -> list[Entry]:
    """The entries of documents, with their signals."""
    known = documents.by_ids(session, sorted(ids))
    told = signals.of_documents(session, list(known))
    return [_entry(document, told.get(document.id, []), describe) for document in known.values()]


def update_index(
    database: Database,
    index: SearchIndex,
    describe: Describe,
    notice: Notice = lambda entries: None,
    progress: Progress = lambda done, total: None,
) -> int:
    """Bring the index up to date; a new index reads every document. Returns how many documents were read.

    `notice` is given what was read, some thousands at a time: what changed is known only here.

    The outbox is emptied only after the index has committed: what is interrupted is repeated, and nothing is missed.

    Raises `Unavailable` when another process does so: of two at once, the one that read a document first might
    write it last.
    """
    with only_one(database, "index"):
        if index.is_new():
            with database.session() as session:
                outbox.add_all(session)
        return _drain(database, index, describe, notice, progress)


def _drain(database: Database, index: SearchIndex, describe: Describe, notice: Notice, progress: Progress) -> int:
    with database.reading() as session:
        total = outbox.count(session)
    read = 0
    while True:
        with database.reading() as session:
            waiting = outbox.waiting(session, limit=_BATCH)
            ids = set(waiting.values())
            entries = entries_of(session, ids, describe)
        if not waiting:
            return read
        index.write(entries, ids - {entry.id for entry in entries})
        notice(entries)
        with database.session() as session:
            outbox.done(session, waiting)
        read += len(ids)
        progress(read, max(read, total))


def reindex(
    database: Database,
    index: SearchIndex,
    describe: Describe,
    notice: Notice = lambda entries: None,
    progress: Progress = lambda done, total: None,
) -> int:
    """Build the index anew beside the live one, which is searched and kept up to date until then.

    What was interrupted goes on where it stopped. Returns how many documents there are in it.

    Raises `Unavailable` when another process brings it up to date.
    """
    if index.is_new():  # there is nothing to build beside
        return update_index(database, index, describe, notice, progress)
    with only_one(database, "index"):
        rebuild = index.rebuild()
        with database.reading() as session:
            done, total = documents.count(session, up_to=rebuild.reached), documents.count(session)
        while True:
            _drain(database, index, describe, notice, lambda done, total: None)
            with database.reading() as session:
                ids = documents.ids_after(session, rebuild.reached, limit=_BATCH)
                entries = entries_of(session, ids, describe)
            if not ids:
                rebuild.finish()
                return done
            rebuild.write(entries, ids[-1])
            done += len(ids)
            progress(done, max(done, total))
