"""Trains the linear models on the project's own text. Deterministic: the same text gives the same weights."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from companies.folding import fold
from nlp.corpus import Example, Labelled
from nlp.events import EventRules
from nlp.model import FAMILIES, Floats, Model, counts, joined, weighed
from nlp.whole import BLOCKS, Seen, WholeModel

_REGULARISATION = 20.0
_ROUNDS = 1000
_OF_WORDS, _OF_MEANING, _OF_ALL = 10.0, 0.01, 0.01  # regularisation of the steps of the model of whole texts
_PARTS = 5  # of the whole texts, each of which is told by what was learned from the others


def _idf(counted: csr_matrix) -> Floats:
    """Smoothed inverse document frequency, as scikit-learn computes it."""
    texts = counted.shape[0]
    frequency = np.bincount(counted.indices, minlength=counted.shape[1])
    return np.asarray(np.log((1 + texts) / (1 + frequency)) + 1, dtype=np.float32)


def _fit(
    rows: csr_matrix | Floats,
    wanted: NDArray[np.bool_],
    strength: float = _REGULARISATION,
    weight: Literal["balanced"] | None = "balanced",
) -> tuple[Floats, float]:
    """Weights and bias of one yes-or-no question; all zero and never when nothing is wanted."""
    if not wanted.any():
        return np.zeros(rows.shape[1], dtype=np.float32), -10.0
    used = np.unique(rows.indices) if isinstance(rows, csr_matrix) else np.arange(rows.shape[1])
    fitted = LogisticRegression(C=strength, class_weight=weight, max_iter=_ROUNDS).fit(rows[:, used], wanted)
    weights = np.zeros(rows.shape[1], dtype=np.float32)
    weights[used] = fitted.coef_[0]
    return weights, float(fitted.intercept_[0])


def train(
    examples: Sequence[Example],
    rules: EventRules,
    numbers: Mapping[str, int],
    accepted: Mapping[str, frozenset[str]],
    made_of: str = "",
) -> Model:
    """The model of one language's examples.

    `numbers` gives each family's number. A family that the types of an example accept without telling it (`accepted`,
    by type) is left out of what that family learns from the example. `made_of` is kept with the model.
    """
    language = examples[0].language
    kinds = rules.types
    observed = [rules.observe_sentence(one.text, language) for one in examples]
    by_word, by_char = counts([one.folded.text for one in observed])
    word_idf, char_idf = _idf(by_word), _idf(by_char)
    features = np.stack([rules.features(one, rules.events(one)) for one in observed])
    rows = joined(by_word, by_char, word_idf, char_idf, features)
    told = [
        {numbers[f] for f in rules.families_in(one.types, seen)} for one, seen in zip(examples, observed, strict=True)
    ]
    loose = [{numbers[f] for kind in one.types for f in accepted.get(kind, ())} for one in examples]
    weights, bias = [], []
    for family in FAMILIES:
        wanted = np.array([family in one for one in told])
        kept = np.array([yes or family not in maybe for yes, maybe in zip(wanted, loose, strict=True)])
        column, offset = _fit(rows[kept], wanted[kept])
        weights.append(column)
        bias.append(offset)
    type_weights, type_bias = [], []
    for kind in kinds:
        column, offset = _fit(rows[:, : len(word_idf)], np.array([kind in one.types for one in examples]))
        type_weights.append(column)
        type_bias.append(offset)
    return Model(
        made_of=np.array(made_of),
        types=np.array(kinds),
        word_idf=word_idf,
        char_idf=char_idf,
        weights=np.stack(weights, 1),
        bias=np.array(bias, dtype=np.float32),
        type_weights=np.stack(type_weights, 1),
        type_bias=np.array(type_bias, dtype=np.float32),
    )


def labelled(example: Example, rules: EventRules, numbers: Mapping[str, int]) -> Labelled:
    """An example as a text of its own; what is rumoured or denied it does not tell."""
    is_told = example.status not in ("rumoured", "denied")
    families = rules.families(example.types, example.text, example.language) if is_told else ()
    return Labelled(example.where, example.text, example.language, frozenset(numbers[one] for one in families))


def _telling(texts: Sequence[Labelled], family: int) -> NDArray[np.bool_]:
    """Which of the texts tell a family; one in which it may be found does not, or a rep would be told it each time."""
    return np.array([family in one.told for one in texts])


@dataclass(frozen=True)
class Blocks:
    """What is weighed of whole texts: a row of `rows` for each, with the columns of `nlp.whole.BLOCKS`.

    What the words and the meaning of a text say there is learned from the other texts (stacked generalisation, out of
    fold); the weights are learned from all.
    """

    rows: Floats
    word_idf: Floats
    char_idf: Floats
    of_words: tuple[Floats, Floats]
    centre: Floats
    of_meaning: tuple[Floats, Floats]


def learn_blocks(
    texts: Sequence[Labelled], told: Sequence[Seen], sentences: Sequence[Labelled], vectors: Floats
) -> Blocks:
    """What is weighed of texts: what their sentences tell, and what was learned from texts and sentences together.

    `vectors` are those of the texts, then of the sentences.
    """
    by_word, by_char = counts([fold(one.text).text for one in (*texts, *sentences)])
    word_idf, char_idf = _idf(by_word), _idf(by_char)
    by_words, of_words = _out_of_fold(weighed(by_word, by_char, word_idf, char_idf), texts, sentences, _OF_WORDS)
    centre, spread = vectors[: len(texts)].mean(axis=0), vectors[: len(texts)].std(axis=0).mean()
    by_meaning, (weights, bias) = _out_of_fold((vectors - centre) / spread, texts, sentences, _OF_MEANING)
    rows = np.hstack([by_words, np.stack([one.row for one in told]), by_meaning])
    return Blocks(rows, word_idf, char_idf, of_words, centre, (weights / spread, bias))


def train_whole(
    texts: Sequence[Labelled], blocks: Blocks, made_of: str = "", without: Collection[str] = ()
) -> WholeModel:
    """The model of whole texts, in which the blocks that `without` names weigh nothing."""
    rows = blocks.rows.copy()
    for name in without:
        rows[:, BLOCKS[name]] = 0
    by_words_alone, by_all = (
        _every([_fit(some, _telling(texts, family), _OF_ALL, None) for family in FAMILIES])
        for some in (rows[:, : BLOCKS["meaning"].start], rows)
    )
    return WholeModel(
        made_of=np.array(made_of),
        word_idf=blocks.word_idf,
        char_idf=blocks.char_idf,
        word_weights=blocks.of_words[0],
        word_bias=blocks.of_words[1],
        weights=by_words_alone[0],
        bias=by_words_alone[1],
        centre=blocks.centre,
        meaning_weights=blocks.of_meaning[0],
        meaning_bias=blocks.of_meaning[1],
        all_weights=by_all[0],
        all_bias=by_all[1],
    )


def _every(fitted: Sequence[tuple[Floats, float]]) -> tuple[Floats, Floats]:
    """Weights and bias with a column for each question."""
    return np.stack([weights for weights, _ in fitted], 1), np.array([bias for _, bias in fitted], dtype=np.float32)


def _out_of_fold(
    rows: csr_matrix | Floats, texts: Sequence[Labelled], sentences: Sequence[Labelled], strength: float
) -> tuple[Floats, tuple[Floats, Floats]]:
    """What rows say of each text by what was learned from the others, as log-odds; and what is learned from all."""
    part = np.array([zlib.crc32(one.id.encode()) % _PARTS for one in texts] + [_PARTS] * len(sentences))
    said = np.zeros((len(texts), len(FAMILIES)), dtype=np.float32)
    of_all = []
    for column, family in enumerate(FAMILIES):
        wanted = _telling([*texts, *sentences], family)
        for number in range(_PARTS):
            others, there = np.flatnonzero(part != number), np.flatnonzero(part == number)
            weights, bias = _fit(rows[others], wanted[others], strength, None)
            said[there, column] = rows[there] @ weights + bias
        of_all.append(_fit(rows, wanted, strength, None))
    return said, _every(of_all)
