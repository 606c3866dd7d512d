"""The model that weighs a whole text: what its sentences tell together with all its words.

A sentence may be told in words that companies use and be nobody's deed; the text around it says so. What the model of
sentences and the phrases find is weighed with the words of the whole text, and with its meaning where it can be read
(stacking: Wolpert, 1992), learned from whole texts: headlines, with or without a lead, and short articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from companies.folding import fold
from nlp.confidence import EDGE
from nlp.embedding import Embedding
from nlp.events import Event, Observed
from nlp.model import FAMILIES, FOLDER, Floats, counts, logistic, saved, stored, weighed

FILE = FOLDER / "whole" / "model.npz"
BLOCKS = {"words": slice(0, 9), "sentences": slice(9, 18), "phrases": slice(18, 29), "meaning": slice(29, 38)}
"""The columns of what is weighed, by where they come from; phrases with the two marks."""
_WORTH = 0.07  # 983 of 1,000 labelled texts with an event are over it, and 44 of 100 of a day of general headlines
LONGEST = 1200
"""Characters of a text that is weighed as one; a longer one is weighed in pieces of whole sentences."""


@dataclass(frozen=True)
class Seen:
    """What the sentences of a text tell: how likely the likeliest of them makes each family, and what phrases say."""

    likely: Floats
    ruled: NDArray[np.bool_]
    excluded: bool
    silent: bool

    @property
    def row(self) -> Floats:
        """As the model takes it: log-odds of each family, phrases of each, then the two marks."""
        inside = np.clip(self.likely, EDGE, 1 - EDGE)
        marks = np.array([self.excluded, self.silent])
        return np.concatenate([np.log(inside / (1 - inside)), self.ruled, marks]).astype(np.float32)


def seen(
    observed: Sequence[Observed], likely: Sequence[Floats], ruled: Iterable[Sequence[Event]], place: dict[str, int]
) -> Seen:
    """What the sentences of a text tell; `likely` and `ruled` are those of the sentences that are not excluded.

    `place` says which column is a family's.
    """
    told = np.zeros(len(FAMILIES), dtype=bool)
    for events in ruled:
        for event in events:
            if event.status != "denied":
                told[[place[family] for family in event.families]] = True
    best = np.max(np.stack(likely), axis=0) if likely else np.zeros(len(FAMILIES), dtype=np.float32)
    return Seen(best, told, any("" in one.excluded for one in observed), not observed)


@dataclass(frozen=True)
class WholeModel:
    """Weights by family: of the words of a text and the runs of letters in them, of its vector of meaning less that of
    texts at large (`centre`), and of what these and its sentences tell of all families, without its meaning and with.

    `made_of` is a digest of what it was trained on.
    """

    made_of: NDArray[np.str_]
    word_idf: Floats
    char_idf: Floats
    word_weights: Floats
    word_bias: Floats
    weights: Floats
    bias: Floats
    centre: Floats
    meaning_weights: Floats
    meaning_bias: Floats
    all_weights: Floats
    all_bias: Floats

    def by_words(self, texts: Sequence[str]) -> Floats:
        """What the words alone say, as log-odds: one row a text, one column a family."""
        rows = weighed(*counts([fold(text).text for text in texts]), self.word_idf, self.char_idf)
        return np.asarray(rows @ self.word_weights + self.word_bias, dtype=np.float32)

    def by_meaning(self, vectors: Floats) -> Floats:
        """What the meaning alone says, as log-odds; `vectors` has a row for each text."""
        return np.asarray((vectors - self.centre) @ self.meaning_weights + self.meaning_bias, dtype=np.float32)

    def families(
        self,
        texts: Sequence[str],
        told: Sequence[Seen],
        embedding: Embedding | None = None,
        of_somebody: Sequence[bool] | None = None,
    ) -> Floats:
        """How likely each family is in each text, one row a text, one column a family.

        The meaning is read of texts `of_somebody` in which words make a family `_WORTH` likely: it costs more than all
        else.
        """
        rows = np.hstack([self.by_words(texts), np.stack([one.row for one in told])])
        likely = logistic(rows @ self.weights + self.bias)
        asked = likely.max(axis=1) >= _WORTH
        if of_somebody is not None:
            asked &= np.array(of_somebody)
        if embedding is not None and (worth := np.flatnonzero(asked)).size:
            meant = self.by_meaning(embedding.of([texts[int(one)] for one in worth]))
            likely[worth] = logistic(np.hstack([rows[worth], meant]) @ self.all_weights + self.all_bias)
        return likely

    def save(self, file: Path = FILE) -> None:
        """Write the model, weights as half-precision numbers, in one step."""
        saved(self, file)


def load_whole(file: Path = FILE) -> WholeModel | None:
    """A model that `save` wrote; None without one."""
    return stored(WholeModel, file) if file.exists() else None
