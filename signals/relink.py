"""Linking stored documents anew, after a person corrected whom a name stands for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sqlalchemy.orm import Session

from companies.folding import fold_text, name_key
from companies.linker import Linker
from companies.names import forms
from nlp.extract import Extractor
from signals import volume
from signals.analyse import BATCH, Reading, read_documents, signal_of
from signals.stories import assign, regroup
from store import companies, documents, mentions, outbox, signals
from store.database import Database
from store.tables import Document, Signal

_COMPARED = ("company_id", "subject", "role", "link_confidence", "candidates", "link_reasons", "slots", "impact")
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
        with database.session() as session:
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
            told = signals.of_documents(session, [document.id for document in batch])
            stale: set[int] = set()
            different = [
                document.id
                for document, reading in readings
                if _retell(session, document, reading, told.get(document.id, []), stale)
            ]
            mentions.replace(session, {document.id: reading.company_ids for document, reading in readings})
            outbox.add(session, different)
            session.flush()
            regroup(session, stale, extractor.publishes)
            changed += len(different)
    assign(database, extractor.publishes)
    return changed


def _retell(session: Session, document: Document, reading: Reading, stored: Sequence[Signal], stale: set[int]) -> bool:
    """Bring the signals of a document to what it is read to tell; `stale` gets the stories that lose one."""
    fresh = {_key(one): one for one in (signal_of(document, finding) for finding in reading.findings)}
    different, left = False, set[int]()
    for signal in stored:
        counted = signal.version == volume.VERSION  # a surge is told of many documents, this is but one of them
        new = fresh.pop(_key(signal), None)
        if counted and signal.company_id in reading.company_ids:
            continue
        if new is None or new.company_id != signal.company_id:
            different = True
            if signal.company_id is not None:
                left.add(signal.company_id)
            if signal.story_id is not None:
                stale.add(signal.story_id)
                signal.story_id = None
        if new is None:
            session.delete(signal)
        else:
            _change(signal, new)
    session.add_all(fresh.values())
    companies.touch(session, left)
    return different or bool(fresh)


def _key(signal: Signal) -> tuple[str, int, str]:
    return signal.type, signal.start, signal.subject


def _change(signal: Signal, new: Signal) -> None:
    for name in _COMPARED:
        setattr(signal, name, getattr(new, name))
