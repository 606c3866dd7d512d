"""From texts to events: phrase rules propose, the linear model weighs them and adds what no phrase tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from nlp.events import Event, EventRules, Observed
from nlp.model import Floats, Model

VERSION = "rules-2+linear-1"
LEAST = 0.5  # a family is told from this confidence on


class Extractor:
    """The rules with the models of the languages that have one; without a model, the rules alone."""

    def __init__(self, rules: EventRules, numbers: Mapping[str, int], models: Mapping[str, Model]) -> None:
        self.rules = rules
        self.models = models
        self._names = {number: family for family, number in numbers.items()}

    def extract(self, text: str, language: str | None = None) -> list[Event]:
        """The events of a text, in the order of its sentences. `language` as for the rules."""
        return self.extract_all([(text, language)])[0]

    def extract_all(self, texts: Sequence[tuple[str, str | None]]) -> list[list[Event]]:
        """The events of each of many texts with its language: faster than one by one."""
        observed = [self.rules.observe(text, language) for text, language in texts]
        told: dict[int, list[Event]] = {}
        for language, model in self.models.items():
            of_language = [one for sentences in observed for one in sentences if one.language == language]
            if of_language:
                told |= self._weigh(model, of_language)
        return [
            [event for one in sentences for event in told.get(id(one), self._unweighed(one))] for sentences in observed
        ]

    def _unweighed(self, observed: Observed) -> list[Event]:
        return [] if observed.language in self.models else self.rules.events(observed)

    def _weigh(self, model: Model, observed: Sequence[Observed]) -> dict[int, list[Event]]:
        features = np.stack([self.rules.features(one) for one in observed])
        rows = model.rows([one.folded.text for one in observed], features)
        likely = model.families(rows)
        telling = [number for number, row in enumerate(likely) if row.max() >= LEAST]
        if not telling:
            return {}
        kinds = model.kinds(rows[telling])
        return {
            id(observed[number]): self._events(observed[number], likely[number], row, model)
            for number, row in zip(telling, kinds, strict=True)
        }

    def _events(self, observed: Observed, likely: Floats, kinds: Floats, model: Model) -> list[Event]:
        """The events of a sentence: those of the rules in likely families, then the likeliest type of the others."""
        chosen = {self._names[column + 1]: float(chance) for column, chance in enumerate(likely) if chance >= LEAST}
        events = []
        left = dict(chosen)
        for event in self.rules.events(observed):
            families = tuple(family for family in event.families if family in chosen)
            if families:
                chance = max(chosen[family] for family in families)
                events.append(replace(event, families=families, confidence=chance, version=VERSION))
                for family in families:
                    left.pop(family, None)
        for family, chance in left.items():
            columns = [n for n, kind in enumerate(model.types) if self.rules.family_of.get(str(kind)) == family]
            kind = str(model.types[max(columns, key=lambda column: kinds[column])])
            trigger = next((match for match in observed.triggers if match.label == kind), None)
            event = self.rules.event(kind, observed, trigger, self.rules.status(observed), chance)
            events.append(replace(event, families=(family,), version=VERSION))
        return events
