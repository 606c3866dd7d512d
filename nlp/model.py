"""The linear model that weighs a sentence's words together with the phrase rules that match in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from companies.folding import words

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import HashingVectorizer

FOLDER = Path(__file__).parent / "models"
FAMILIES = range(1, 10)
_WORD_BITS, _CHAR_BITS = 16, 16

Floats = NDArray[np.float32]


def _tokens(text: str) -> list[str]:
    """Words and pairs of words of a folded text; every number is the same word."""
    spoken = ["0" if word[0].isdigit() else word for word, _, _ in words(text)]
    return spoken + [f"{first} {second}" for first, second in pairwise(spoken)]


@lru_cache(maxsize=1)
def _vectorizers() -> tuple[HashingVectorizer, HashingVectorizer]:
    """What counts words, and what counts characters. Scikit-learn is slow to import, and few commands need it."""
    from sklearn.feature_extraction.text import HashingVectorizer

    shared = {"lowercase": False, "norm": None, "alternate_sign": False, "dtype": np.float32}
    by_word = HashingVectorizer(analyzer=_tokens, n_features=2**_WORD_BITS, **shared)
    return by_word, HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), n_features=2**_CHAR_BITS, **shared)


def counts(folded: Sequence[str]) -> tuple[csr_matrix, csr_matrix]:
    """How often each hashed word or pair, and each hashed run of 3 to 5 characters, stands in each folded text."""
    by_word, by_char = _vectorizers()
    return by_word.transform(folded), by_char.transform(folded)


def _weighed(counted: csr_matrix, idf: Floats) -> csr_matrix:
    """Rows of TF-IDF of length 1, with the logarithm of frequencies."""
    rows = counted.copy()
    rows.data = (1 + np.log(rows.data)) * idf[rows.indices]
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(rows.indptr))
    return rows


def joined(by_word: csr_matrix, by_char: csr_matrix, word_idf: Floats, char_idf: Floats, rules: Floats) -> csr_matrix:
    """The rows that weights are multiplied with: weighed words, weighed characters, the features of the rules."""
    return hstack([_weighed(by_word, word_idf), _weighed(by_char, char_idf), csr_matrix(rules)]).tocsr()


@dataclass(frozen=True)
class Model:
    """Weights of a language: one column for each of the nine families, one for each type.

    `types` are names, in the order of the rules' features and of the columns of `type_weights`. The rows of the
    weights are hashed words, hashed characters, and the features of the rules; types are told by words alone.
    `made_of` is a digest of what it was trained on.
    """

    made_of: NDArray[np.str_]
    types: NDArray[np.str_]
    word_idf: Floats
    char_idf: Floats
    weights: Floats
    bias: Floats
    type_weights: Floats
    type_bias: Floats

    def rows(self, folded: Sequence[str], rules: Floats) -> csr_matrix:
        """What the weights are multiplied with, for folded texts; `rules` has a row for each text."""
        return joined(*counts(folded), self.word_idf, self.char_idf, rules)

    def families(self, rows: csr_matrix) -> Floats:
        """How likely each family is in each text, one row a text, one column a family."""
        return _logistic(rows @ self.weights + self.bias)

    def kinds(self, rows: csr_matrix) -> Floats:
        """How likely each type is in each text."""
        return _logistic(rows[:, : len(self.word_idf)] @ self.type_weights + self.type_bias)

    def save(self, file: Path) -> None:
        """Write the model, weights as half-precision numbers, in one step."""
        file.parent.mkdir(parents=True, exist_ok=True)
        scratch = file.with_suffix(".tmp.npz")
        arrays = {one.name: getattr(self, one.name) for one in fields(self)}
        np.savez_compressed(
            scratch, **{k: v if v.dtype.kind == "U" else v.astype(np.float16) for k, v in arrays.items()}
        )
        scratch.replace(file)


def _logistic(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-values)), dtype=np.float32)


def load(file: Path) -> Model:
    """A model that `save` wrote. Raises `OSError` when it cannot be read."""
    with np.load(file, allow_pickle=False) as kept:
        arrays = {one.name: kept[one.name] for one in fields(Model)}
    return Model(**{k: v if v.dtype.kind == "U" else v.astype(np.float32) for k, v in arrays.items()})
