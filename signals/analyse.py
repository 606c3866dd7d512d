"""From collected documents to signals: events, and the company each is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from companies import lookup
from companies.deciding import Decision
from companies.evidence import Reason
from companies.linker import Linker
from nlp.events import Event, EventRules
from nlp.extract import Extractor, Passage
from nlp.figures import amounts
from nlp.language import detect
from nlp.organisations import unknown_companies
from nlp.roles import parties
from nlp.slots import Candidate, slots
from signals.impact import impact
from signals.linking import EmptyRegister, Register, link
from signals.notices import CONFIDENCE, VERSION, read_notice
from signals.observed import add_presence
from signals.retelling import retell
from signals.stories import assign, regroup
from signals.versions import fold_in, forget_old
from signals.volume import add_spikes
from store import companies, documents, mentions, outbox, signals
from store.base import utcnow
from store.database import Database
from store.locks import only_one
from store.tables import Document, Signal

_ONLY_IN_TITLE = 0.75  # of the probability is left where the sentence does not name the company
BATCH = 100
"""Articles that are read together."""


@dataclass(frozen=True)
class Finding:
    """An event with its subject: the name as written, the company it stands for, and its role.

    `span` are the offsets of the name, in the whole text. Where it cannot be told for whom it stands,
    `company_id` is None, and `candidates` are those that may be meant, each with its probability; there are none when
    no known company is named. `reasons` is the evidence for the company or the first of the candidates.
    """

    event: Event
    subject: str
    company_id: int | None
    role: str
    link_confidence: float
    slots: dict[str, Any]
    candidates: tuple[tuple[int, float], ...] = ()
    reasons: tuple[Reason, ...] = ()
    span: tuple[int, int] = (0, 0)

    @property
    def company_ids(self) -> tuple[int, ...]:
        """The company, or those that may be meant."""
        return tuple(number for number, _ in self.candidates) if self.company_id is None else (self.company_id,)


@dataclass(frozen=True)
class Text:
    """A text to analyse; offsets count the characters of title, line break, text, or without a title of the text."""

    title: str
    body: str
    language: str | None
    published: date | None = None

    @property
    def whole(self) -> str:
        """What is read."""
        return f"{self.title}\n{self.body}" if self.title else self.body


_Key = tuple[str, str | tuple[int, ...]]
"""The type of an event with its companies, or with the name that it has instead."""


def _located(text: Text, events: list[Event], linked: list[Decision], extractor: Extractor) -> list[Finding]:
    """The findings of an article without their slots."""
    decisions = {one.mention.start: one for one in linked}
    mentioned = [one.mention for one in linked]
    of_title = [mention for mention in mentioned if mention.end <= len(text.title)]
    found: dict[_Key, Finding] = {}
    worth: dict[_Key, tuple[float, bool, float]] = {}  # a sentence that names its company is better
    for event in events:
        inside = [mention for mention in mentioned if event.start <= mention.start and mention.end <= event.end]
        weight = 1 if inside else _ONLY_IN_TITLE
        stranger = None if inside else next(unknown_companies(event.sentence), None)
        sides = parties(event, inside or of_title[:1]) if stranger is None else []
        if not sides:
            name = event.sentence[slice(*stranger)] if stranger else ""
            found.setdefault((event.type, name), _on_nobody_known(event, stranger))
        for side in sides:
            named = side.mention
            others = [one for one in sides if one.mention.company_ids != named.company_ids]
            across = [{"name": one.mention.text, "role": one.role} for one in others]
            key: _Key = (side.event.type, named.company_ids)  # several names of one company are one subject
            decision = decisions[named.start]
            sure = round(weight * decision.probability, 4)
            here = (weight, _says_how_much(side.event, extractor), side.event.confidence)
            if key not in worth or here > worth[key]:
                worth[key] = here
                slots_of = {"counterpart": across} if across else {}
                found[key] = Finding(
                    side.event,
                    named.text,
                    decision.company_id,
                    side.role,
                    sure,
                    slots_of,
                    () if decision.company_id else decision.candidates,
                    decision.reasons,
                    (named.start, named.end),
                )
    known = {one.event.type for one in found.values() if one.company_ids}
    named_at_all = {one.event.type for one in found.values() if one.subject}
    kept = [
        one
        for one in found.values()
        if one.company_ids or (one.event.type not in known and (one.subject or one.event.type not in named_at_all))
    ]
    told = {(one.event.type, one.company_ids or one.subject): one for one in kept}
    for finding in kept:
        for event in extractor.rules.derive(finding.event):
            told.setdefault((event.type, finding.company_ids or finding.subject), replace(finding, event=event))
    return _once(told.values())


def _says_how_much(event: Event, extractor: Extractor) -> bool:
    """Whether an event that is sure enough to be told has the amount in its sentence: it proves more."""
    wanted = "amount" in extractor.rules.slots_of[event.type]
    return (
        wanted and extractor.publishes(event.type, event.confidence) and bool(amounts(event.sentence, event.language))
    )


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Of findings that tell one event of one name the first, a linked one sooner than one that is not.

    Two companies of one name may stand in a sentence, each told apart or not by what is beside it.
    """
    kept: dict[tuple[str, int, str], Finding] = {}
    for finding in findings:
        key = (finding.event.type, finding.event.start, finding.subject)
        sooner = kept.setdefault(key, finding)
        if sooner.company_id is None and finding.company_id is not None:
            kept[key] = finding
    return list(kept.values())


def _on_nobody_known(event: Event, stranger: tuple[int, int] | None) -> Finding:
    """An event that names no company of the register; its subject is the company that it may name instead."""
    if stranger is None:
        return Finding(event, "", None, "subject", 0.0, {})
    start, end = stranger
    span = (event.start + start, event.start + end)
    return Finding(event, event.sentence[start:end], None, "subject", 0.0, {}, span=span)


@dataclass(frozen=True)
class Reading:
    """What an article tells, and the companies it names (a name that may be of several names none).

    `names` are the names in it with whom they stand for; an official notice has none.
    """

    findings: tuple[Finding, ...]
    company_ids: frozenset[int]
    names: tuple[Decision, ...] = ()


def read(
    texts: Sequence[Text], extractor: Extractor, linker: Linker, register: Register | None = None
) -> list[Reading]:
    """The events of each article and whom they are about. Many at a time are faster than one by one.

    `register` tells what is known of the companies that bear the names in it.

    An event is told once for each company and type, by the sentence that tells it best; one without a known company
    is dropped where the article tells the same of a known one.
    """
    named = link([(text.whole, len(text.title), text.language) for text in texts], linker, register or EmptyRegister())
    told = extractor.extract_all([Passage(text.whole, text.language, text.published) for text in texts])
    located = [_located(*one, extractor) for one in zip(texts, told, named, strict=True)]
    names = [frozenset(one.mention.text for one in decisions) for decisions in named]
    wanted = extractor.rules.slots_of
    candidates = [
        Candidate(f.event.sentence, f.event.language, known, wanted[f.event.type], f.event.moments)
        for found, known in zip(located, names, strict=True)
        for f in found
    ]
    filled = iter(slots(candidates))
    return [
        Reading(
            tuple(replace(finding, slots=finding.slots | next(filled)) for finding in found),
            frozenset(one.company_id for one in decisions if one.company_id is not None),
            tuple(decisions),
        )
        for found, decisions in zip(located, named, strict=True)
    ]


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
    for document in batch:
        document.language = document.language or detect(document.full_text)
    articles = [document for document in batch if not document.notice]
    texts = [Text(one.title, one.text, one.language, one.published_on) for one in articles]
    readings = read(texts, extractor, linker, lookup.Register(session))
    notices = [(one, _of_notice(session, one, extractor.rules)) for one in batch if one.notice]
    return [*zip(articles, readings, strict=True), *notices]


def analyse_collected(
    database: Database,
    extractor: Extractor,
    linker: Linker,
    progress: Callable[[int], None] = lambda done: None,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Turn every collected document into signals, a batch a transaction; then tell surges of mentions and stories.

    What the stories tell of the companies themselves is written down with these. Returns how many signals were found.
    When `stopping` says so, what is left waits for the next time.
    """
    found = done = 0
    touched: set[int] = set()
    while not stopping():
        with database.session() as session:
            batch = documents.claim_collected(session, limit=BATCH)
            kept = fold_in(session, batch)
            told = signals.of_documents(session, [one.id for one in kept if one.state == "edited"])
            named: dict[int, frozenset[int]] = {}
            stale: set[int] = set()
            for document, reading in read_documents(session, kept, extractor, linker):
                fresh = signals_of(document, reading)
                if document.id in told:
                    retell(session, told[document.id], fresh, reading.company_ids, stale)
                else:
                    session.add_all(fresh)
                document.state = "analysed"
                named[document.id] = reading.company_ids
                touched |= reading.company_ids
                found += len(reading.findings)
            mentions.replace(session, named)
            regroup(session, stale, extractor.publishes)
            outbox.add(session, [document.id for document in kept])
        if not batch:
            break
        done += len(batch)
        progress(done)
    with only_one(database, "stories", wait=True):  # what several processes read is put together by one after the other
        with database.session() as session:
            found += add_spikes(session, touched, utcnow().date())
        assign(database, extractor.publishes, stopping)
        with database.session() as session:
            add_presence(session, touched, utcnow().date())
            forget_old(session)
    return found
