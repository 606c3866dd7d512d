"""What an article tells: its events, each with its subject and the company that it stands for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial
from typing import Any, NamedTuple

from companies.disambiguation import Decision, with_reason
from companies.evidence import Reason
from companies.linker import Linker
from nlp.events import Event
from nlp.extract import Extractor, Passage
from nlp.figures import amounts
from nlp.organisations import unknown_companies
from nlp.roles import Party, parties
from nlp.slots import Candidate, slots
from signals.linking import EmptyRegister, LinkRequest, Register, link

_DOES_WHAT_COMPANIES_DO = Reason("a party to the event", 2.5)
_OF_PRODUCTS = "innovation"
_ONLY_IN_TITLE = 0.75  # of the probability is left where the sentence does not name the company


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
    """A text to analyse; offsets count the characters of title, line break, text, or without a title of the text.

    `settled` is whom folded names in it stand for, as a person said: a company, or none that the register has.
    """

    title: str
    body: str
    language: str | None
    published: date | None = None
    settled: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def whole(self) -> str:
        """What is read."""
        return f"{self.title}\n{self.body}" if self.title else self.body


@dataclass(frozen=True)
class Held:
    """Somebody's function at a company, and the sentence that says so; `has_left`: they hold it no more."""

    company_id: int
    name: str
    function: str
    sentence: str
    has_left: bool = False


@dataclass(frozen=True)
class Reading:
    """What an article tells, and the companies it names (a name that may be of several names none).

    `names` are the names in it with whom they stand for; an official notice has none. `people` are those that it names
    with their functions.
    """

    findings: tuple[Finding, ...]
    company_ids: frozenset[int]
    names: tuple[Decision, ...] = ()
    people: tuple[Held, ...] = ()


_Key = tuple[str, str | tuple[int, ...]]
"""The type of an event with its companies, or with the name that it has instead."""


class _Proof(NamedTuple):
    """How well a sentence tells an event, in the order in which it matters."""

    names_its_company: float
    has_the_amount: bool
    confidence: float


class _Attribution(NamedTuple):
    """A finding with what it is on; several names of one company are one subject."""

    key: _Key
    proof: _Proof
    finding: Finding


def _locate(text: Text, events: list[Event], linked: list[Decision], extractor: Extractor) -> list[Finding]:
    """The findings of an article without their slots."""
    found = _best_told(text, events, linked, extractor)
    return _once(_with_derived(_kept(found), extractor))


def _best_told(text: Text, events: list[Event], linked: list[Decision], extractor: Extractor) -> dict[_Key, Finding]:
    """Each type of event of each subject, by the sentence that proves it best."""
    best: dict[_Key, _Attribution] = {}
    if_parties = cache(partial(_if_parties, linked))
    for event in events:
        is_sure = extractor.publishes(event.type, event.confidence)
        named, weight = _named(event, text, if_parties(is_sure, _OF_PRODUCTS in event.families))
        for one in _attributions(event, named, weight, extractor):
            if one.key not in best or one.proof > best[one.key].proof:
                best[one.key] = one
    return {key: one.finding for key, one in best.items()}


def _if_parties(linked: list[Decision], is_sure: bool, of_product: bool) -> list[Decision]:
    """Whom names stand for if they are parties to an event: a name is a company's sooner where the event is sure.

    Where the event is of a product, its name may tell whose it is.
    """
    if is_sure and of_product:
        linked = [with_reason(one, made) if (made := one.as_a_product) else one for one in linked]
    decided = [with_reason(one, _DOES_WHAT_COMPANIES_DO) if is_sure and not one.is_a_part else one for one in linked]
    known = [one for one, before in zip(decided, linked, strict=True) if before.outcome != "unknown"]
    return known or [one for one in decided if one.outcome != "unknown"]


def _named(event: Event, text: Text, linked: list[Decision]) -> tuple[list[Decision], float]:
    """The names in an event's sentence; without one the first of the title, which proves less."""
    inside = [one for one in linked if event.start <= one.mention.start and one.mention.end <= event.end]
    if inside:
        return inside, 1
    return [one for one in linked if one.mention.end <= len(text.title)][:1], _ONLY_IN_TITLE


def _attributions(event: Event, named: list[Decision], weight: float, extractor: Extractor) -> list[_Attribution]:
    """An event on each party to it, of the names that may be; or on nobody known."""
    stranger = next(unknown_companies(event.sentence), None) if weight < 1 else None
    sides = parties(event, [one.mention for one in named]) if stranger is None else []
    if not sides:
        finding = _on_nobody_known(event, stranger)
        return [_Attribution((event.type, finding.subject), _Proof(0, False, 0), finding)]
    decisions = {one.mention.start: one for one in named}
    found = []
    for side in sides:
        proof = _Proof(weight, _says_how_much(side.event, extractor), side.event.confidence)
        finding = _on_party(side, sides, decisions[side.mention.start], weight)
        found.append(_Attribution((side.event.type, side.mention.company_ids), proof, finding))
    return found


def _on_party(side: Party, sides: Sequence[Party], decision: Decision, weight: float) -> Finding:
    """An event of one of its parties; the others are its counterparts."""
    named = side.mention
    across = [
        {"name": one.mention.text, "role": one.role} for one in sides if one.mention.company_ids != named.company_ids
    ]
    return Finding(
        side.event,
        named.text,
        decision.company_id,
        side.role,
        round(weight * decision.probability, 4),
        {"counterpart": across} if across else {},
        () if decision.company_id else decision.candidates,
        decision.reasons,
        (named.start, named.end),
    )


def _kept(found: dict[_Key, Finding]) -> list[Finding]:
    """Of each type the findings on known companies; without one those on a name; without one that on nobody."""
    of_known = {one.event.type for one in found.values() if one.company_ids}
    of_named = {one.event.type for one in found.values() if one.subject}
    return [
        one
        for one in found.values()
        if one.company_ids or (one.event.type not in of_known and (one.subject or one.event.type not in of_named))
    ]


def _with_derived(kept: list[Finding], extractor: Extractor) -> Iterable[Finding]:
    """The findings, and those that follow from them where the article does not tell them itself."""
    told = {(one.event.type, one.company_ids or one.subject): one for one in kept}
    for finding in kept:
        for event in extractor.rules.derive(finding.event):
            told.setdefault((event.type, finding.company_ids or finding.subject), replace(finding, event=event))
    return told.values()


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


def _companies_of(names: Iterable[Decision], found: Iterable[Finding]) -> Iterable[int]:
    """The companies that an article names for sure, or tells an event of."""
    yield from (one.company_id for one in names if one.company_id is not None)
    yield from (one.company_id for one in found if one.company_id is not None)


def read(
    texts: Sequence[Text], extractor: Extractor, linker: Linker, register: Register | None = None
) -> list[Reading]:
    """The events of each article and whom they are about. Many at a time are faster than one by one.

    `register` tells what is known of the companies that bear the names in it.

    An event is told once for each company and type, by the sentence that tells it best; one without a known company
    is dropped where the article tells the same of a known one.
    """
    asked = [LinkRequest(text.whole, len(text.title), text.language, text.settled) for text in texts]
    named = link(asked, linker, register or EmptyRegister())
    passages = [
        Passage(text.whole, text.language, text.published, named=bool(decisions))
        for text, decisions in zip(texts, named, strict=True)
    ]
    told = extractor.extract_all(passages)
    located = [_locate(*one, extractor) for one in zip(texts, told, named, strict=True)]
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
            frozenset(_companies_of(decisions, found)),
            tuple(one for one in decisions if one.outcome != "unknown"),
        )
        for found, decisions in zip(located, named, strict=True)
    ]
