"""From a text to events: what it says happened, sentence by sentence, by phrase rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from companies.folding import fold, words
from nlp.language import detect
from nlp.patterns import Match, PatternSet
from nlp.sentences import sentences

Phrases = Mapping[str, tuple[str, ...]]
"""Phrase patterns by language (`fr`, `en`)."""

VERSION = "rules-1"


@dataclass(frozen=True)
class AlsoFamily:
    """Another family an event counts in: always (`when` None), or when the sentence holds one of the phrases."""

    family: str
    when: Phrases | None = None


@dataclass(frozen=True)
class TypeRules:
    """How a type of event is recognised: by its phrases, or from events of other types that count in its family."""

    name: str
    family: str
    triggers: Phrases
    exclusions: Phrases = field(default_factory=dict)
    also: tuple[AlsoFamily, ...] = ()
    derived_from: tuple[str, ...] = ()


@dataclass(frozen=True)
class CommonRules:
    """What all types share: texts that carry no event, and how an event stands (`denied`, `rumoured`, `planned`)."""

    exclusions: Phrases
    status: Mapping[str, Phrases]


@dataclass(frozen=True)
class Event:
    """What a sentence says. `start` and `end` are the sentence's offsets, `at` the trigger's own, all in characters."""

    type: str
    family: str
    families: tuple[str, ...]
    status: str
    sentence: str
    start: int
    end: int
    at: tuple[int, int]
    language: str
    confidence: float
    trigger: str
    version: str = VERSION


class _Language:
    """The compiled phrases of one language."""

    def __init__(self, code: str, types: Iterable[TypeRules], common: CommonRules) -> None:
        kinds = list(types)
        self.types = {rules.name: rules for rules in kinds}
        self.triggers = PatternSet((rules.name, phrase) for rules in kinds for phrase in rules.triggers.get(code, ()))
        self.exclusions = PatternSet(
            [(rules.name, phrase) for rules in kinds for phrase in rules.exclusions.get(code, ())]
            + [("", phrase) for phrase in common.exclusions.get(code, ())]
        )
        self.status = PatternSet(
            (status, phrase) for status, phrases in common.status.items() for phrase in phrases.get(code, ())
        )
        self.also = PatternSet(
            (f"{rules.name}/{number}", phrase)
            for rules in kinds
            for number, also in enumerate(rules.also)
            for phrase in (also.when or {}).get(code, ())
        )

    def families(self, rules: TypeRules, held: set[str]) -> tuple[str, ...]:
        """The type's own family first, then the others it counts in here."""
        more = (a.family for n, a in enumerate(rules.also) if a.when is None or f"{rules.name}/{n}" in held)
        return tuple(dict.fromkeys([rules.family, *more]))


_STATUS_ORDER = ("denied", "rumoured", "planned")
_CONFIDENCE = {"done": 0.7, "planned": 0.65, "rumoured": 0.4, "denied": 0.5}


def _status(stands: list[Match], trigger: Match) -> str:
    """How an event stands. A denial within the trigger is the event itself: an abandoned plan is a setback."""
    outside = [one for one in stands if one.end <= trigger.start or trigger.end <= one.start]
    denies_itself = any(one.label == "denied" and one not in outside for one in stands)
    held = {one.label for one in (outside if denies_itself else stands)}
    return next((name for name in _STATUS_ORDER if name in held), "done")


class EventRules:
    """All rules, compiled. Pure: a text in, events out."""

    def __init__(self, types: Iterable[TypeRules], common: CommonRules) -> None:
        kinds = list(types)
        self._languages = {code: _Language(code, kinds, common) for code in ("fr", "en")}
        self._derived = [rules for rules in kinds if rules.derived_from]

    def derive(self, event: Event) -> list[Event]:
        """What else an event is: a contract that counts as international is also a deal across a border."""
        return [
            replace(event, type=rules.name, family=rules.family)
            for rules in self._derived
            if event.type in rules.derived_from and rules.family in event.families
        ]

    def families(self, kinds: Iterable[str], text: str, language: str) -> tuple[str, ...]:
        """The families in which events of these types count, told by such a text."""
        rules = self._languages[language]
        folded = fold(text)
        held = {m.label for m in rules.also.find(folded.text, {word for word, _, _ in words(folded.text)})}
        return tuple(dict.fromkeys(f for kind in kinds for f in rules.families(rules.types[kind], held)))

    def extract(self, text: str, language: str | None = None) -> list[Event]:
        """The events of a text, in the order of its sentences, one of each type a sentence.

        `language` is `fr`, `en` or None (told from the text). A text in another language gives nothing; when
        nothing can be told, both languages are tried.
        """
        told = language if language in self._languages else detect(text)
        if told is not None and told not in self._languages:
            return []
        codes = [told] if told else list(self._languages)
        return [
            event
            for start, end in sentences(text)
            for code in codes
            for event in self._of_sentence(text[start:end], start, code)
        ]

    def explain(self, kind: str, text: str, language: str) -> str:
        """Why a text gives an event of a type, or none: which phrases match, and which take them back."""
        rules = self._languages[language]
        reasons = []
        for start, end in sentences(text):
            folded = fold(text[start:end])
            spoken = {word for word, _, _ in words(folded.text)}
            triggers = [m.pattern for m in rules.triggers.find(folded.text, spoken) if m.label == kind]
            taken = [m for m in rules.exclusions.find(folded.text, spoken) if m.label in ("", kind)]
            reasons += [f"the trigger '{pattern}' matches" for pattern in triggers]
            if triggers:
                where = {"": "of all types", kind: "of this type"}
                reasons += [f"the exclusion '{m.pattern}' {where[m.label]} takes it back" for m in taken]
        return "; ".join(reasons) or "no trigger matches"

    def _of_sentence(self, sentence: str, offset: int, code: str) -> list[Event]:
        rules = self._languages[code]
        folded = fold(sentence)
        spoken = {word for word, _, _ in words(folded.text)}
        triggers = rules.triggers.find(folded.text, spoken)
        if not triggers:
            return []
        excluded = {match.label for match in rules.exclusions.find(folded.text, spoken)}
        if "" in excluded:
            return []
        stands = rules.status.find(folded.text, spoken)
        held = {match.label for match in rules.also.find(folded.text, spoken)}
        first: dict[str, Match] = {}
        for match in triggers:
            if match.label not in excluded and (match.label not in first or match.start < first[match.label].start):
                first[match.label] = match
        events = []
        for name, match in first.items():
            begin, finish = folded.span(match.start, match.end)
            status = _status(stands, match)
            events.append(
                Event(
                    type=name,
                    family=rules.types[name].family,
                    families=rules.families(rules.types[name], held),
                    status=status,
                    sentence=sentence,
                    start=offset,
                    end=offset + len(sentence),
                    at=(offset + begin, offset + finish),
                    language=code,
                    confidence=_CONFIDENCE[status],
                    trigger=match.pattern,
                )
            )
        return events
