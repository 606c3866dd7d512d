"""Linking stored documents anew, after a person corrected whom a name stands for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from companies.folding import fold_text, name_key
from companies.linker import Linker
from companies.names import forms
from nlp.extract import Extractor
from signals.analyse import BATCH, people_of, read_documents, signals_of
from signals.reconciliation import reconcile
from signals.stories import assign, regroup
from store import claims, contacts, documents, mentions, outbox, signals
from store.database import Database

_SCANNED = 1000  # documents at a time


class _Names:
    """Whether texts have one of several folded names; the rarest word is asked first, since that is fast."""

    def __init__(self, names: Collection[str]) -> None:
        keys = {form for name in names for form in forms(name)}
        self._keys = [(max(key.split(), key=len), f" {key} ") for key in sorted(keys)]

    def are_in(self, text: str) -> bool:
        folded = fold_text(text)
        likely = [key for word, key in self._keys if word in folded]
        if not likely:
            return False
        words = f" {name_key(text)} "
        return any(key in words for key in likely)


def naming(
    database: Database, names: Collection[str], progress: Callable[[int], None] = lambda done: None
) -> list[int]:
    """The ids of the analysed documents that have one of these folded names. `progress` is told how many were read."""
    wanted, found, after, done = _Names(names), list[int](), 0, 0
    while True:
        with database.reading() as session:
            batch = documents.analysed(session, after=after, limit=_SCANNED)
            found += [document.id for document in batch if wanted.are_in(document.full_text)]
        if not batch:
            return found
        after, done = batch[-1].id, done + len(batch)
        progress(done)


def relink(database: Database, ids: Sequence[int], extractor: Extractor, linker: Linker) -> int:
    """Read documents anew and change what they tell of whom; returns how many of them tell something else now.

    A signal that is still told stays the one it was, so that nobody is sent it twice.
    """
    changed = 0
    for start in range(0, len(ids), BATCH):
        with database.session() as session:
            batch = list(documents.by_ids(session, ids[start : start + BATCH]).values())
            readings = read_documents(session, batch, extractor, linker)
            claims.in_turn(session, "signals")
            told = signals.of_documents(session, [document.id for document in batch])
            stale: set[int] = set()
            different = [
                document.id
                for document, reading in readings
                if reconcile(
                    session, told.get(document.id, []), signals_of(document, reading), reading.company_ids, stale
                )
            ]
            mentions.replace(session, {document.id: reading.company_ids for document, reading in readings})
            contacts.replace(session, {document.id: people_of(document, reading) for document, reading in readings})
            outbox.add(session, different)
            session.flush()
            regroup(session, stale, extractor.publishes)
            changed += len(different)
    assign(database, extractor.publishes)
    return changed
