"""Trains the linear model on the project's own sentences. Deterministic: the same text gives the same weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nlp.corpus import Example
from nlp.events import EventRules
from nlp.model import FAMILIES, Floats, Model, counts, joined

_REGULARISATION = 20.0
_ROUNDS = 1000


def _idf(counted: csr_matrix) -> Floats:
    """Smoothed inverse document frequency, as scikit-learn computes it."""
    texts = counted.shape[0]
    frequency = np.bincount(counted.indices, minlength=counted.shape[1])
    return np.asarray(np.log((1 + texts) / (1 + frequency)) + 1, dtype=np.float32)


def _fit(rows: csr_matrix, wanted: NDArray[np.bool_]) -> tuple[Floats, float]:
    """Weights and bias of one yes-or-no question; all zero and never when nothing is wanted."""
    if not wanted.any():
        return np.zeros(rows.shape[1], dtype=np.float32), -10.0
    fitted = LogisticRegression(C=_REGULARISATION, class_weight="balanced", max_iter=_ROUNDS).fit(rows, wanted)
    return fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0])


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
