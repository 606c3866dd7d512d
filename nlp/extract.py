"""From texts to events: phrase rules propose, a model of sentences weighs them and adds what no phrase tells.

A model of whole texts says how sure all that is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from scipy.sparse import csr_matrix

from nlp.confidence import Confidence
from nlp.dates import moments
from nlp.embedding import Embedding
from nlp.events import Event, EventRules, Observed
from nlp.model import Floats, Model
from nlp.timing import is_ahead, is_retold, latest_year, moment_of
from nlp.whole import LONGEST, Seen, WholeModel, seen

VERSION = "rules-3+linear-2+whole-2"
LIKELY, ALONE = 0.5, 0.7
"""How likely a family must be in a sentence to be told: where a phrase of it stands, and where none does."""
_BY_THE_WHOLE, _BY_A_SENTENCE = 0.35, 0.3
"""How likely it must be in a text none of whose sentences tells it by itself, and in the likeliest of these."""
_HARDLY = 0.02  # texts none of whose sentences makes any family so likely are not weighed


@dataclass(frozen=True)
class Passage:
    """A text to read, its language as for the rules, and the day it was published, where it is known.

    Where no company that is known is `named`, the meaning is not read: what is told of nobody reaches nobody.
    """

    text: str
    language: str | None = None
    published: date | None = None
    named: bool = True


@dataclass(frozen=True)
class _Sentence:
    """A sentence that is not excluded, as a language's model reads it; `row` is its row among all that are read."""

    observed: Observed
    ruled: list[Event]
    likely: Floats
    row: int


@dataclass(frozen=True)
class _Piece:
    """A text, or a part of a long one: its sentences, and those `inside` that are not excluded.

    `named` as in a passage; of the later parts of a long text it is not asked.
    """

    observed: Sequence[Observed]
    inside: list[_Sentence]
    named: bool


@dataclass(frozen=True)
class _Choice:
    """The families that a sentence tells, and how sure each is."""

    sentence: _Sentence
    sure: dict[str, float]


class Extractor:
    """The rules with the models of the languages that have one; without a model, the rules alone."""

    def __init__(
        self,
        rules: EventRules,
        numbers: Mapping[str, int],
        models: Mapping[str, Model],
        confidence: Confidence | None = None,
        whole: WholeModel | None = None,
        embedding: Embedding | None = None,
    ) -> None:
        """`numbers` gives each family's number; `confidence` the scale on which the models' events are told.

        Without a model of whole texts (`whole`) an event is as sure as its sentence makes it; without `embedding` that
        model goes by words alone.
        """
        self.rules = rules
        self.models = models
        self.confidence = confidence or Confidence()
        self.whole = whole
        self.embedding = embedding
        self._names = {number: family for family, number in numbers.items()}
        self._place = {family: number - 1 for family, number in numbers.items()}

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
            told |= self._told(model, language, observed, [one.named for one in passages])
        return [
            self._dated(passage, [event for one in sentences for event in told.get(id(one), self._unweighed(one))])
            for passage, sentences in zip(passages, observed, strict=True)
        ]

    def look(self, passages: Sequence[Passage]) -> list[Seen]:
        """What the sentences of each text tell, before the whole is weighed: what its model learns from."""
        observed = [self.rules.observe(one.text, one.language) for one in passages]
        read: dict[int, _Sentence] = {}
        for language, model in self.models.items():
            of_language = [one for sentences in observed for one in sentences if one.language == language]
            read |= {id(one.observed): one for one in self._read(model, of_language)[0]}
        return [
            self._seen(sentences, [read[id(one)] for one in sentences if id(one) in read]) for sentences in observed
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

    def _read(self, model: Model, observed: Sequence[Observed]) -> tuple[list[_Sentence], csr_matrix | None]:
        """The sentences that are not excluded from all types, with how likely the model makes each family in them."""
        open_ = [one for one in observed if "" not in one.excluded]
        if not open_:
            return [], None
        ruled = [self.rules.events(one) for one in open_]
        features = np.stack([self.rules.features(*one) for one in zip(open_, ruled, strict=True)])
        rows = model.rows([one.folded.text for one in open_], features)
        likely = model.families(rows)
        return [_Sentence(*one) for one in zip(open_, ruled, likely, range(len(open_)), strict=True)], rows

    def _seen(self, observed: Sequence[Observed], read: Sequence[_Sentence]) -> Seen:
        return seen(observed, [one.likely for one in read], [one.ruled for one in read], self._place)

    def _told(
        self, model: Model, language: str, texts: Sequence[Sequence[Observed]], named: Sequence[bool]
    ) -> dict[int, list[Event]]:
        """The events of the sentences of a language, by the sentences' identity."""
        pieces = [
            (piece, of_somebody and number == 0)  # what a long text means is said at its head
            for text, of_somebody in zip(texts, named, strict=True)
            for number, piece in enumerate(_in_pieces([one for one in text if one.language == language]))
        ]
        sentences, rows = self._read(model, [one for piece, _ in pieces for one in piece])
        told: dict[int, list[Event]] = {id(one): [] for piece, _ in pieces for one in piece}
        read = {id(one.observed): one for one in sentences}
        worth = [
            _Piece(piece, inside, of_somebody)
            for piece, of_somebody in pieces
            if (inside := [read[id(one)] for one in piece if id(one) in read])
            and any(one.likely.max() >= _HARDLY for one in inside)
        ]
        choices = self._choices(worth)
        if choices and rows is not None:
            kinds = model.kinds(rows[[one.sentence.row for one in choices]])
            for choice, of_sentence in zip(choices, kinds, strict=True):
                told[id(choice.sentence.observed)] = self._events(choice, of_sentence, model)
        return told

    def _choices(self, pieces: Sequence[_Piece]) -> list[_Choice]:
        """What the sentences of pieces of text tell, and how sure that is by the whole piece."""
        if not pieces:
            return []
        chosen = [{one.row: self._chosen(one) for one in piece.inside} for piece in pieces]
        if self.whole is None:
            return [
                _Choice(one, {family: self.confidence.of(chance) for family, chance in likely.items()})
                for piece, of_piece in zip(pieces, chosen, strict=True)
                for one in piece.inside
                if (likely := of_piece[one.row])
            ]
        texts = ["\n".join(one.text for one in piece.observed) for piece in pieces]
        seen_in = [self._seen(one.observed, one.inside) for one in pieces]
        whole = self.whole.families(texts, seen_in, self.embedding, [one.named for one in pieces])
        return [
            choice
            for text, piece, of_piece, told, sure in zip(texts, pieces, chosen, seen_in, whole, strict=True)
            for choice in self._by_the_whole(piece.inside, of_piece, told.likely, sure, len(text.split()))
        ]

    def _by_the_whole(
        self, inside: list[_Sentence], chosen: dict[int, dict[str, float]], most: Floats, sure: Floats, words: int
    ) -> list[_Choice]:
        """What the sentences of a piece tell, and what none tells by itself, each as sure as the piece is of it.

        Of several sentences that tell a family, the likeliest (`most`) is as sure, the others less.
        """
        told = {family for families in chosen.values() for family in families}
        for place in np.flatnonzero((sure >= _BY_THE_WHOLE) & (most >= _BY_A_SENTENCE)):
            name = self._names[int(place) + 1]
            likely = [] if name in told else [one for one in inside if one.likely[place] >= _BY_A_SENTENCE]
            fit = [one for one in likely if name not in self._ruled_out(one)]
            if fit:
                best = max(fit, key=lambda one: float(one.likely[place]))
                chosen[best.row][name] = float(best.likely[place])
        return [
            _Choice(
                one,
                {
                    name: self.confidence.of(float(sure[place]), words) * chance / float(most[place])
                    for name, chance in families.items()
                    for place in [self._place[name]]
                },
            )
            for one in inside
            if (families := chosen[one.row])
        ]

    def _ruled_out(self, sentence: _Sentence) -> frozenset[str]:
        """The families that a sentence does not tell, as its phrases say: they are taken back, or told as long past."""
        ruled, triggered, taken_back = self._spoken(sentence)
        return self.rules.lacking(sentence.observed) | ((triggered | taken_back) - ruled)

    def _spoken(self, sentence: _Sentence) -> tuple[set[str], set[str], set[str]]:
        """The families that its phrases tell, those of which it has a trigger, and those that are taken back."""
        ruled = {family for event in sentence.ruled for family in event.families}
        triggered = {self.rules.family_of[match.label] for match in sentence.observed.triggers}
        return ruled, triggered, {self.rules.family_of[kind] for kind in sentence.observed.excluded}

    def _chosen(self, sentence: _Sentence) -> dict[str, float]:
        """The families that are likely enough, and how likely; some need a phrase that the model cannot do without."""
        ruled, triggered, taken_back = self._spoken(sentence)
        spoken = ruled | triggered
        chosen = {}
        for number, chance in enumerate(sentence.likely, start=1):
            family = self._names[number]
            if chance >= (LIKELY if family in spoken else ALONE):
                chosen[family] = float(chance)
        for family in (self.rules.lacking(sentence.observed) | taken_back) & chosen.keys() - spoken:
            del chosen[family]
        return chosen

    def _events(self, choice: _Choice, kinds: Floats, model: Model) -> list[Event]:
        """The events of a sentence: those of the rules in its families, then the likeliest type of the others."""
        events = []
        observed, left = choice.sentence.observed, dict(choice.sure)
        for event in choice.sentence.ruled:
            families = tuple(family for family in event.families if family in choice.sure)
            if families:
                chance = max(choice.sure[family] for family in families)
                events.append(replace(event, families=families, confidence=chance, version=VERSION))
                for family in families:
                    left.pop(family, None)
        for family, sure in left.items():
            columns = [n for n, kind in enumerate(model.types) if self.rules.family_of.get(str(kind)) == family]
            kind = str(model.types[max(columns, key=lambda column: kinds[column])])
            trigger = next((match for match in observed.triggers if match.label == kind), None)
            event = self.rules.event(kind, observed, trigger, self.rules.status(observed), sure)
            events.append(replace(event, families=(family,), version=VERSION))
        return events


def _in_pieces(sentences: Sequence[Observed]) -> list[list[Observed]]:
    """The sentences of a text together where it is short, else in pieces of some lines, in their order."""
    pieces: list[list[Observed]] = []
    length = 0
    for one in sentences:
        if not pieces or length + len(one.text) > LONGEST:
            pieces.append([])
            length = 0
        pieces[-1].append(one)
        length += len(one.text)
    return pieces
