"""From texts to events: phrase rules propose, the linear model weighs them and adds what no phrase tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from nlp.confidence import Confidence
from nlp.dates import moments
from nlp.events import Event, EventRules, Observed
from nlp.model import Floats, Model
from nlp.timing import is_ahead, is_retold, latest_year, moment_of

VERSION = "rules-3+linear-2"
LIKELY, ALONE = 0.5, 0.7
"""How likely a family must be to be told: where a phrase of it stands, and where none does."""


@dataclass(frozen=True)
class Passage:
    """A text to read, its language as for the rules, and the day it was published, where it is known."""

    text: str
    language: str | None = None
    published: date | None = None


class Extractor:
    """The rules with the models of the languages that have one; without a model, the rules alone."""

    def __init__(
        self,
        rules: EventRules,
        numbers: Mapping[str, int],
        models: Mapping[str, Model],
        confidence: Confidence | None = None,
    ) -> None:
        """`numbers` gives each family's number; `confidence` the scale on which the models' events are told."""
        self.rules = rules
        self.models = models
        self.confidence = confidence or Confidence()
        self._names = {number: family for family, number in numbers.items()}

    def publishes(self, kind: str, confidence: float) -> bool:
        """Whether an event of a type is told to reps when it is so sure."""
        return self.confidence.is_published(self.rules.family_of[kind], confidence)

    def extract(self, text: str, language: str | None = None, published: date | None = None) -> list[Event]:
        """The events of a text, in the order of its sentences."""
        return self.extract_all([Passage(text, language, published)])[0]

    def extract_all(self, passages: Sequence[Passage]) -> list[list[Event]]:
        """The events of each of many texts: faster than one by one. What was long ago done is not news."""
        observed = [self.rules.observe(one.text, one.language) for one in passages]
        told: dict[int, list[Event]] = {}
        for language, model in self.models.items():
            of_language = [one for sentences in observed for one in sentences if one.language == language]
            if of_language:
                told |= self._weigh(model, of_language)
        return [
            self._dated(passage, [event for one in sentences for event in told.get(id(one), self._unweighed(one))])
            for passage, sentences in zip(passages, observed, strict=True)
        ]

    def _dated(self, passage: Passage, events: list[Event]) -> list[Event]:
        """The events with their moments, without those that are told again long after. Figures are of a past period."""
        if not events:
            return []
        known = passage.published or latest_year(passage.text)
        named = {sentence: tuple(moments(sentence, passage.published)) for sentence in {e.sentence for e in events}}
        dated = [replace(event, moments=named[event.sentence]) for event in events]
        dated = [
            event if event.type in self.rules.of_period else replace(event, moment=moment_of(event)) for event in dated
        ]
        dated = [
            replace(one, status="planned") if one.status == "done" and is_ahead(one.moment, passage.published) else one
            for one in dated
        ]
        return [event for event in dated if event.status != "done" or not is_retold(event.moment, known)]

    def _unweighed(self, observed: Observed) -> list[Event]:
        return [] if observed.language in self.models else self.rules.events(observed)

    def _weigh(self, model: Model, observed: Sequence[Observed]) -> dict[int, list[Event]]:
        """The events of sentences by their identity; one that is excluded from all types has none."""
        open_ = [one for one in observed if "" not in one.excluded]
        told: dict[int, list[Event]] = {id(one): [] for one in observed}
        if not open_:
            return told
        ruled = [self.rules.events(one) for one in open_]
        features = np.stack([self.rules.features(*one) for one in zip(open_, ruled, strict=True)])
        rows = model.rows([one.folded.text for one in open_], features)
        likely = model.families(rows)
        worth = np.flatnonzero((likely >= LIKELY).any(axis=1))
        chosen = {number: self._chosen(open_[number], ruled[number], likely[number]) for number in worth}
        telling = [number for number, families in chosen.items() if families]
        if telling:
            for number, kinds in zip(telling, model.kinds(rows[telling]), strict=True):
                told[id(open_[number])] = self._events(open_[number], ruled[number], chosen[number], kinds, model)
        return told

    def _chosen(self, observed: Observed, events: list[Event], likely: Floats) -> dict[str, float]:
        """The families that are likely enough, and how likely; some need a phrase that the model cannot do without."""
        ruled = {family for event in events for family in event.families}
        triggered = {self.rules.family_of[match.label] for match in observed.triggers}
        taken_back = {self.rules.family_of[kind] for kind in observed.excluded}
        spoken = ruled | triggered
        chosen = {}
        for number, chance in enumerate(likely, start=1):
            family = self._names[number]
            if chance >= (LIKELY if family in spoken else ALONE):
                chosen[family] = float(chance)
        for family in (self.rules.lacking(observed) | taken_back) & chosen.keys() - spoken:
            del chosen[family]
        return chosen

    def _events(
        self, observed: Observed, ruled: list[Event], chosen: dict[str, float], kinds: Floats, model: Model
    ) -> list[Event]:
        """The events of a sentence: those of the rules in its families, then the likeliest type of the others."""
        events = []
        left = dict(chosen)
        for event in ruled:
            families = tuple(family for family in event.families if family in chosen)
            if families:
                chance = self.confidence.of(max(chosen[family] for family in families))
                events.append(replace(event, families=families, confidence=chance, version=VERSION))
                for family in families:
                    left.pop(family, None)
        for family, chance in left.items():
            columns = [n for n, kind in enumerate(model.types) if self.rules.family_of.get(str(kind)) == family]
            kind = str(model.types[max(columns, key=lambda column: kinds[column])])
            trigger = next((match for match in observed.triggers if match.label == kind), None)
            sure = self.confidence.of(chance)
            event = self.rules.event(kind, observed, trigger, self.rules.status(observed), sure)
            events.append(replace(event, families=(family,), version=VERSION))
        return events
