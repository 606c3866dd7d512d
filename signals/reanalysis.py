"""Analysing stored articles again with today's rules: what they would tell now, before it is applied or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from companies.linker import Linker
from nlp.extract import Extractor
from signals.analyse import BATCH, people_of, read_documents, signals_of
from signals.reconciliation import Difference, difference, reconcile
from signals.stories import assign, regroup
from store import claims, companies, contacts, documents, mentions, outbox, signals
from store.database import Database
from store.documents import Page
from store.locks import only_one
from store.tables import Document, Signal

What = Literal["appears", "goes", "changes"]
Pages = Callable[[Sequence[Document]], dict[int, Page]]
"""What today's rules read in the pages that were kept of these documents, by their ids."""


@dataclass(frozen=True)
class SignalChange:
    """A signal that would appear, go or change: on whom, and the sentence, which of one that goes is the old one."""

    what: What
    type: str
    status: str
    who: str
    sentence: str
    url: str
    published_at: datetime | None


@dataclass(frozen=True)
class Reanalysis:
    """How many documents were read again, how many of them tell something else, and what."""

    documents: int
    different: int
    told: list[SignalChange]

    def count(self, what: What) -> int:
        """How many signals appear, go or change."""
        return sum(one.what == what for one in self.told)


def reanalyse(
    database: Database,
    ids: Sequence[int],
    pages: Pages,
    extractor: Extractor,
    linker: Linker,
    *,
    apply: bool,
    progress: Callable[[int], None] = lambda done: None,
) -> Reanalysis:
    """Read documents anew, the pages that were kept of them first; nothing is changed unless `apply` says so.

    A signal that is still told stays the one it was. No mail tells what is found only now: it is old news.
    """
    different, told, doubtful = 0, list[SignalChange](), set[int]()
    for start in range(0, len(ids), BATCH):
        with database.session() as session:
            known = documents.by_ids(session, ids[start : start + BATCH])
            batch = list(known.values())
            for number, page in pages(batch).items():
                documents.re_extract(known[number], page)
            found = _batch(session, batch, extractor, linker, doubtful)
            different += len({one.url for one in found})
            told += found
            if not apply:
                session.rollback()
        progress(min(start + BATCH, len(ids)))
    if apply:
        with only_one(database, "stories", wait=True):
            assign(database, extractor.publishes)
        with database.session() as session:
            signals.hush_published(session, doubtful)
    return Reanalysis(len(ids), different, told)


def _batch(
    session: Session, batch: Sequence[Document], extractor: Extractor, linker: Linker, doubtful: set[int]
) -> list[SignalChange]:
    """Bring the signals of a batch to what it tells now; returns what is different.

    `doubtful` gets the signals that were not sure enough to be told before.
    """
    stored = signals.of_documents(session, [document.id for document in batch])
    readings = read_documents(session, batch, extractor, linker)
    claims.in_turn(session, "signals")
    found, stale = list[SignalChange](), set[int]()
    for document, reading in readings:
        before, fresh = stored.get(document.id, []), signals_of(document, reading)
        doubtful |= {one.id for one in before if one.story is None or not one.story.published}
        change = difference(before, fresh, reading.company_ids)
        found += _said(session, document, change)
        reconcile(session, before, fresh, reading.company_ids, stale)
        for signal in (*change.appear, *(old for old, _ in change.changes)):
            signal.quiet = True
    mentions.replace(session, {document.id: reading.company_ids for document, reading in readings})
    contacts.replace(session, {document.id: people_of(document, reading) for document, reading in readings})
    outbox.add(session, [document.id for document in batch])
    session.flush()
    regroup(session, stale, extractor.publishes)
    return found


def _said(session: Session, document: Document, change: Difference) -> list[SignalChange]:
    fresh = [*change.appear, *(new for _, new in change.changes)]  # they are not stored, and have no company yet
    numbers = {one.company_id for one in fresh if one.company_id is not None}
    names = {number: one.name for number, one in companies.by_ids(session, sorted(numbers)).items()}

    def told(what: What, one: Signal) -> SignalChange:
        name = one.company.name if one.company else names.get(one.company_id or 0, one.subject)
        return SignalChange(what, one.type, one.status, name, one.sentence, document.url, document.published_at)

    return [
        *(told("appears", one) for one in change.appear),
        *(told("goes", one) for one in change.go),
        *(told("changes", new) for _, new in change.changes),
    ]
