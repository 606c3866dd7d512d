"""From a text to events: what it says happened, sentence by sentence, by phrase rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from companies.folding import Folded, fold, words
from nlp.dates import Moment
from nlp.elision import is_bare, restore
from nlp.language import detect
from nlp.patterns import Match, PatternSet
from nlp.places import is_abroad, named, resolve
from nlp.sentences import sentences

Phrases = Mapping[str, tuple[str, ...]]
"""Phrase patterns by language (`fr`, `en`)."""

VERSION = "rules-3"


@dataclass(frozen=True)
class AlsoFamily:
    """Another family an event counts in: always (`when` None), or when the sentence holds one of the phrases."""

    family: str
    when: Phrases | None = None


@dataclass(frozen=True)
class TypeRules:
    """How a type of event is recognised: by its phrases, or from events of other types that count in its family.

    `slots` are what is looked for in its sentence. `of_period`: it tells figures of a period that is over, however
    long ago. `undoes`: it tells that something else does not take place. `firm`: its phrases hold in
    sentences that are excluded from all types, as a sponsor's do in those on sport.
    """

    name: str
    family: str
    triggers: Phrases
    exclusions: Phrases = field(default_factory=dict)
    also: tuple[AlsoFamily, ...] = ()
    derived_from: tuple[str, ...] = ()
    slots: frozenset[str] = frozenset()
    of_period: bool = False
    undoes: bool = False
    firm: bool = False


@dataclass(frozen=True)
class CommonRules:
    """What all types share: texts that carry no event, and how an event stands (`denied`, `rumoured`, `planned`).

    A phrase of `exclusions` takes back its sentence, one of `titles` in the first sentence the whole text. One of
    the status `past` takes back the event told by the words that it stands before or among.
    """

    exclusions: Phrases
    titles: Phrases
    status: Mapping[str, Phrases]


@dataclass(frozen=True)
class Event:
    """What a sentence says. `start` and `end` are the sentence's offsets, `at` the trigger's own, all in characters.

    `moments` are all that the sentence names, `moment` when it took place or will, as far as the sentence says; their
    offsets are those of the sentence.
    """

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
    moments: tuple[Moment, ...] = ()
    moment: Moment | None = None


@dataclass(frozen=True)
class Observed:
    """A sentence and the phrases that match in it.

    `excluded` are types taken back, `""` all of them. `held` names the conditions that are met: `type/number` for one
    of a type's other families, a family for what it needs.
    """

    text: str
    start: int
    language: str
    folded: Folded
    spoken: frozenset[str]
    triggers: list[Match]
    excluded: frozenset[str]
    stands: list[Match]
    held: frozenset[str]


def names_in(folded: Folded) -> Callable[[int, int], bool]:
    """Which words of a folded text, by their offsets, are written as names are; none where all is in capitals."""
    original = "" if folded.original.isupper() else folded.original

    def is_name(start: int, end: int) -> bool:
        written = original[folded.starts[start] : folded.starts[end - 1] + 1]
        return any(one.isupper() or one.isdigit() for one in written)

    return is_name


class _Language:
    """The compiled phrases of one language."""

    def __init__(
        self, code: str, types: Iterable[TypeRules], common: CommonRules, needed: Mapping[str, Phrases]
    ) -> None:
        kinds = list(types)
        self.types = {rules.name: rules for rules in kinds}
        # A cue that many types share is matched once.
        self.held: defaultdict[str, list[str]] = defaultdict(list)
        for rules in kinds:
            for number, also in enumerate(rules.also):
                for phrase in (also.when or {}).get(code, ()):
                    self.held[phrase].append(f"{rules.name}/{number}")
        for family, lists in needed.items():
            for phrase in lists.get(code, ()):
                self.held[phrase].append(family)
        self.abroad = frozenset(self.held.pop(ABROAD, ()))
        statuses = common.status.items()
        self.phrases = PatternSet(
            {
                "triggers": [(rules.name, phrase) for rules in kinds for phrase in rules.triggers.get(code, ())],
                "exclusions": [(rules.name, phrase) for rules in kinds for phrase in rules.exclusions.get(code, ())]
                + [("", phrase) for phrase in common.exclusions.get(code, ())],
                "status": [(status, phrase) for status, phrases in statuses for phrase in phrases.get(code, ())],
                "cues": [(phrase, phrase) for phrase in self.held],
            }
        )
        self._titles = PatternSet({"": [("", phrase) for phrase in common.titles.get(code, ())]})

    def observe(self, text: str, start: int, code: str) -> Observed:
        """Match every phrase in a sentence that starts at an offset of its text."""
        folded = fold(text)
        if code == "fr" and is_bare(text):
            folded = restore(folded)
        spoken = frozenset(words(folded.text))
        found = self.phrases.find(folded.text, spoken, names_in(folded))
        triggers = found["triggers"]
        excluded = frozenset(match.label for match in found["exclusions"])
        if any(self.types[match.label].firm and match.label not in excluded for match in triggers):
            excluded -= {""}
        held = frozenset(label for match in found["cues"] for label in self.held[match.label])
        return Observed(text, start, code, folded, spoken, triggers, excluded, found["status"], held)

    def tells_no_news(self, first: Observed) -> bool:
        """Whether the first sentence says that its text tells no news."""
        return bool(self._titles.find(first.folded.text, first.spoken)[""])

    def beside(self, observed: Observed, others: Sequence[Observed]) -> Observed:
        """A sentence as its text has it: the border that a deal crosses may show in a sentence beside it."""
        told = {match.label for match in observed.triggers}
        wanted = frozenset(label for label in self.abroad - observed.held if label.split("/")[0] in told)
        if wanted and any(wanted & one.held or self._names_abroad(one.text, one.language) for one in others):
            return replace(observed, held=observed.held | wanted)
        return observed

    def _names_abroad(self, text: str, code: str) -> bool:
        return any(is_abroad(place, code) for place in resolve(named(text, code), text, code))

    def families(self, rules: TypeRules, held: Collection[str]) -> tuple[str, ...]:
        """The type's own family first, then the others it counts in here."""
        more = (a.family for n, a in enumerate(rules.also) if a.when is None or f"{rules.name}/{n}" in held)
        return tuple(dict.fromkeys([rules.family, *more]))


ABROAD = "@abroad"
"""A condition that is met where a sentence names a place abroad, by the lists of `nlp.places`."""
_STATUS_ORDER = ("denied", "rumoured", "planned")
_PAST, _NEAR = "past", 2
_CONFIDENCE = {"done": 0.7, "planned": 0.65, "rumoured": 0.4, "denied": 0.5}


def _standing(stands: Iterable[Match]) -> str:
    """How the words of a sentence say that an event stands."""
    held = {one.label for one in stands}
    return next((name for name in _STATUS_ORDER if name in held), "done")


def _status(stands: list[Match], trigger: Match, undoes: bool) -> str:
    """How an event stands. Where its type `undoes` something, a denial within the trigger is the event itself."""
    outside = [one for one in stands if one.end <= trigger.start or trigger.end <= one.start]
    denies_itself = undoes and any(one.label == "denied" and one not in outside for one in stands)
    return _standing(outside if denies_itself else stands)


def _is_past(observed: Observed, trigger: Match) -> bool:
    """Whether what a trigger tells is told as done before something else: "qui avait racheté"."""
    for one in observed.stands:
        if one.label == _PAST and one.start < trigger.end and trigger.start - one.end <= _NEAR:
            return True
    return False


class EventRules:
    """All rules, compiled. Pure: a text in, events out."""

    def __init__(self, types: Iterable[TypeRules], common: CommonRules, needed: Mapping[str, Phrases]) -> None:
        """Compile the rules; `needed` are phrases without which the model alone does not tell a family."""
        kinds = list(types)
        self._languages = {code: _Language(code, kinds, common, needed) for code in ("fr", "en")}
        self._needing = frozenset(needed)
        self.slots_of = {rules.name: rules.slots for rules in kinds}
        self.of_period = frozenset(rules.name for rules in kinds if rules.of_period)
        self.undoing = frozenset(rules.name for rules in kinds if rules.undoes)
        self._derived = [rules for rules in kinds if rules.derived_from]
        self.family_of = {rules.name: rules.family for rules in kinds}
        self._place = {rules.name: number for number, rules in enumerate(kinds)}
        self._families = {family: number for number, family in enumerate(dict.fromkeys(self.family_of.values()))}

    @property
    def types(self) -> list[str]:
        """The names of all types, in the order they were given."""
        return list(self.family_of)

    def derive(self, event: Event) -> list[Event]:
        """What else an event is: a contract that counts as international is also a deal across a border."""
        return [
            replace(event, type=rules.name, family=rules.family)
            for rules in self._derived
            if event.type in rules.derived_from and rules.family in event.families
        ]

    def families(self, kinds: Iterable[str], text: str, language: str) -> tuple[str, ...]:
        """The families in which events of these types count, told by such a text."""
        return self.families_in(kinds, self.observe_sentence(text, language))

    def families_in(self, kinds: Iterable[str], observed: Observed) -> tuple[str, ...]:
        """The families in which events of these types count, told by such a sentence."""
        rules = self._languages[observed.language]
        return tuple(dict.fromkeys(f for kind in kinds for f in rules.families(rules.types[kind], observed.held)))

    def observe_sentence(self, text: str, language: str) -> Observed:
        """A text taken as one sentence, with the phrases that match in it."""
        rules = self._languages[language]
        observed = rules.observe(text, 0, language)
        return rules.beside(observed, [observed])

    def observe(self, text: str, language: str | None = None) -> list[Observed]:
        """The sentences of a text with the phrases that match in each.

        `language` is `fr`, `en` or None (told from the text). A text in another language gives nothing, nor one whose
        first sentence says that it tells no news; when nothing can be told, both languages are tried. A source may
        publish in another language than it says: where no phrase matches, the text itself is asked.
        """
        told = language if language in self._languages else detect(text)
        if told is not None and told not in self._languages:
            return []
        spans = list(sentences(text))
        found = [one for code in ([told] if told else self._languages) for one in self._in_language(text, spans, code)]
        if told == language and told and not any(one.triggers for one in found):
            other = detect(text)
            if other in self._languages and other != told:
                found = self._in_language(text, spans, other)
        return sorted(found, key=lambda one: one.start)

    def _in_language(self, text: str, spans: list[tuple[int, int]], code: str) -> list[Observed]:
        """The sentences as one language reads them; none when the first says that the text tells no news."""
        rules = self._languages[code]
        seen = [rules.observe(text[start:end], start, code) for start, end in spans]
        if seen and rules.tells_no_news(seen[0]):
            return []
        return [rules.beside(one, [seen[0], *seen[max(0, n - 1) : n + 2]]) for n, one in enumerate(seen)]

    def extract(self, text: str, language: str | None = None) -> list[Event]:
        """The events of a text by the rules alone, in the order of its sentences, one of each type a sentence."""
        return [event for observed in self.observe(text, language) for event in self.events(observed)]

    def explain(self, kind: str, text: str, language: str) -> str:
        """Why a text gives an event of a type, or none: which phrases match, and which take them back."""
        reasons = []
        rules = self._languages[language]
        for start, end in sentences(text):
            observed = rules.observe(text[start:end], start, language)
            triggers = [match.pattern for match in observed.triggers if match.label == kind]
            excluding = rules.phrases.find(observed.folded.text, observed.spoken, names_in(observed.folded))[
                "exclusions"
            ]
            taken = [match for match in excluding if match.label in ("", kind)]
            reasons += [f"the trigger '{pattern}' matches" for pattern in triggers]
            if triggers:
                where = {"": "of all types", kind: "of this type"}
                reasons += [f"the exclusion '{m.pattern}' {where[m.label]} takes it back" for m in taken]
        return "; ".join(reasons) or "no trigger matches"

    def status(self, observed: Observed) -> str:
        """How an event stands that no trigger tells."""
        return _standing(observed.stands)

    def event(self, kind: str, observed: Observed, trigger: Match | None, status: str, confidence: float) -> Event:
        """An event of a sentence; without a trigger it stands at the sentence's beginning."""
        begin, finish = observed.folded.span(trigger.start, trigger.end) if trigger else (0, 0)
        start = observed.start
        return Event(
            type=kind,
            family=self.family_of[kind],
            families=self.families_in([kind], observed),
            status=status,
            sentence=observed.text,
            start=start,
            end=start + len(observed.text),
            at=(start + begin, start + finish),
            language=observed.language,
            confidence=confidence,
            trigger=trigger.pattern if trigger else "",
        )

    def lacking(self, observed: Observed) -> frozenset[str]:
        """The families whose needed phrases do not stand in a sentence."""
        return self._needing - observed.held

    def events(self, observed: Observed) -> list[Event]:
        """The events of a sentence by the rules alone."""
        if "" in observed.excluded:
            return []
        first: dict[str, Match] = {}
        for match in observed.triggers:
            known = first.get(match.label)
            if match.label in observed.excluded or _is_past(observed, match):
                continue
            if known is None or match.start < known.start:
                first[match.label] = match
        events = []
        for kind, match in first.items():
            status = _status(observed.stands, match, kind in self.undoing)
            events.append(self.event(kind, observed, match, status, _CONFIDENCE[status]))
        return events

    def features(self, observed: Observed, events: Sequence[Event]) -> NDArray[np.float32]:
        """What the rules say of a sentence and the events they tell in it, as a row of the model.

        Which types have a trigger, which keep it, which families these count in, whether the sentence is excluded, and
        the words on how its event stands.
        """
        place, kinds, families = self._place, len(self._place), len(self._families)
        row = np.zeros(2 * kinds + families + 1 + len(_STATUS_ORDER), dtype=np.float32)
        if not (observed.triggers or observed.excluded or observed.stands):
            return row
        for match in observed.triggers:
            row[place[match.label]] = 1
        kept = [event.type for event in events]
        row[[kinds + place[kind] for kind in kept]] = 1
        row[[2 * kinds + self._families[family] for family in self.families_in(kept, observed)]] = 1
        row[2 * kinds + families] = "" in observed.excluded
        for match in observed.stands:
            if match.label in _STATUS_ORDER:
                row[2 * kinds + families + 1 + _STATUS_ORDER.index(match.label)] = 1
        return row
