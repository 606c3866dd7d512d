"""From collected documents to signals: events, and the company each is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from sqlalchemy.orm import Session

from companies import bearers
from companies.folding import name_key
from companies.linker import Linker
from nlp.events import Event, EventRules
from nlp.extract import Extractor
from nlp.language import detect
from signals.contacts import contacts_of
from signals.derived_facts import add_presence
from signals.erasure import conceal_all
from signals.findings import Finding, Reading, Text, read
from signals.impact import impact
from signals.mention_spikes import add_spikes
from signals.notices import CONFIDENCE, VERSION, read_notice
from signals.reconciliation import reconcile
from signals.revisions import fold_in, forget_old
from signals.stories import assign, regroup
from store import claims, companies, contacts, corrections, documents, failures, mentions, outbox, signals
from store.base import utcnow
from store.contacts import ContactRow
from store.database import Database
from store.documents import TO_ANALYSE
from store.locks import only_one
from store.tables import Document, Signal

BATCH = 100
"""Articles that are read together."""
_HOLD = timedelta(minutes=10)  # that a batch may take; when its process dies, it is free at once


def day_of(event: Event, published: date | None) -> date | None:
    """When an event took place, at the latest on the day it was published; when it is planned for; None if unknown."""
    if event.status == "done" and published:
        return min(event.moment.last, published) if event.moment else published
    if event.status == "planned" and event.moment and (not published or event.moment.last > published):
        return event.moment.first
    return None


def signal_of(document: Document, finding: Finding) -> Signal:
    """A finding as it is stored."""
    event = finding.event
    return Signal(
        document_id=document.id,
        company_id=finding.company_id,
        subject=finding.subject,
        role=finding.role,
        type=event.type,
        families=list(event.families),
        status=event.status,
        sentence=event.sentence,
        start=event.start,
        end=event.end,
        slots=finding.slots,
        event_date=day_of(event, document.published_on),
        published_at=document.published_at,
        found_at=utcnow(),
        confidence=event.confidence,
        link_confidence=finding.link_confidence,
        impact=impact(finding.slots),
        candidates=[(number, round(chance, 3)) for number, chance in finding.candidates],
        link_reasons=[reason.told for reason in finding.reasons],
        version=event.version,
    )


def signals_of(document: Document, reading: Reading) -> list[Signal]:
    """What a document is read to tell, as it is stored."""
    return [signal_of(document, finding) for finding in reading.findings]


def people_of(document: Document, reading: Reading) -> list[ContactRow]:
    """Whom a document is read to name with their functions, as they are stored."""
    return [
        ContactRow(
            company_id=one.company_id,
            name=one.name,
            folded=name_key(one.name),
            function=one.function,
            sentence=one.sentence,
            said_at=document.published_at,
            has_left=one.has_left,
        )
        for one in reading.people
    ]


def _of_notice(session: Session, document: Document, rules: EventRules) -> Reading:
    """The events of an official notice, and the companies whose SIREN numbers it gives."""
    whole = rules.observe_sentence(document.full_text, "fr")
    findings, known = [], set()
    for told in read_notice(document.notice or {}):
        ids = tuple(company.id for company in companies.by_siren(session, told.siren)) if told.siren else ()
        known |= set(ids)
        event = replace(rules.event(told.type, whole, None, "done", CONFIDENCE), version=VERSION)
        company_id = ids[0] if ids else None
        findings.append(Finding(event, told.name, company_id, told.role, float(bool(ids)), told.slots))
    return Reading(tuple(findings), frozenset(known))


def read_documents(
    session: Session, batch: Sequence[Document], extractor: Extractor, linker: Linker
) -> list[tuple[Document, Reading]]:
    """What documents tell: articles by what they say, notices by their fields."""
    conceal_all(session, batch)
    for document in batch:
        document.language = document.language or detect(document.full_text)
    articles = [document for document in batch if not document.notice]
    settled = corrections.settled(session, [one.id for one in articles])
    texts = [Text(one.title, one.text, one.language, one.published_on, settled.get(one.id, {})) for one in articles]
    readings = read(texts, extractor, linker, bearers.Register(session))
    readings = [replace(one, people=contacts_of(text, one)) for text, one in zip(texts, readings, strict=True)]
    notices = [(one, _of_notice(session, one, extractor.rules)) for one in batch if one.notice]
    return [*zip(articles, readings, strict=True), *notices]


def analyse_collected(
    database: Database,
    extractor: Extractor,
    linker: Linker,
    progress: Callable[[int], None] = lambda done: None,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Turn every collected document into signals, a batch at a time; then tell spikes of mentions and stories.

    A document that cannot be analysed is noted, and waits alone (`store.failures`). What the stories tell of the
    companies themselves is written down with these. Returns how many signals were found.
    When `stopping` says so, what is left waits for the next time.
    """
    found = done = 0
    touched: set[int] = set()
    while not stopping():
        with database.session() as session:
            ids = documents.claim_collected(session, utcnow(), hold=_HOLD, limit=BATCH)
        if not ids:
            break
        try:
            for told in failures.each_alone(database, "document", ids, partial(_analyse, database, extractor, linker)):
                found += told.signals
                touched |= told.company_ids
        finally:
            with database.session() as session:
                documents.let_go(session, ids)
        done += len(ids)
        progress(done)
    with only_one(database, "stories", wait=True):  # what several processes read is put together by one after the other
        with database.session() as session:
            claims.in_turn(session, "signals")
            found += add_spikes(session, touched, utcnow().date())
        assign(database, extractor.publishes, stopping)
        with database.session() as session:
            claims.in_turn(session, "signals")
            add_presence(session, touched, utcnow().date())
            forget_old(session)
    return found


@dataclass(frozen=True)
class _Told:
    """How many signals documents tell, and which companies they name."""

    signals: int
    company_ids: frozenset[int]


def _analyse(database: Database, extractor: Extractor, linker: Linker, ids: Sequence[int]) -> _Told:
    """Read some documents, and keep what they tell. While they are read, others may write."""
    with database.reading() as session:
        batch = list(documents.by_ids(session, ids).values())
        session.expunge_all()  # what is noted on them here is written below
        read = {
            one.id: (one.version, one.language, reading)
            for one, reading in read_documents(session, batch, extractor, linker)
        }
    named: dict[int, frozenset[int]] = {}
    stale: set[int] = set()
    found = 0
    with database.session() as session:
        claims.in_turn(session, "signals")
        there = documents.by_ids(session, ids).values()
        documents.forget_pages(session, conceal_all(session, there))
        kept = fold_in(session, [one for one in there if one.state in TO_ANALYSE and one.version == read[one.id][0]])
        told = signals.of_documents(session, [one.id for one in kept if one.state == "edited"])
        for document in kept:
            _, document.language, reading = read[document.id]
            fresh = signals_of(document, reading)
            if document.id in told:
                reconcile(session, told[document.id], fresh, reading.company_ids, stale)
            else:
                session.add_all(fresh)
            document.state = "analysed"
            named[document.id] = reading.company_ids
            found += len(reading.findings)
        mentions.replace(session, named)
        contacts.replace(session, {one.id: people_of(one, read[one.id][2]) for one in kept})
        regroup(session, stale, extractor.publishes)
        outbox.add(session, named)
        failures.forget(session, "document", list(named))
    return _Told(found, frozenset().union(*named.values()))
