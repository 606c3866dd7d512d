"""The linear model that weighs a sentence's words together with the phrase rules that match in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from companies.folding import words

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FOLDER = Path(__file__).parent / "models"
FAMILIES = range(1, 10)
_WORD_BITS, _CHAR_BITS = 16, 16
_RUNS = (3, 4, 5)  # characters
_REMEMBERED = 100_000  # words

Floats = NDArray[np.float32]
_Model = TypeVar("_Model", bound="DataclassInstance")


def _hashed(features: Iterable[str], bits: int) -> tuple[int, ...]:
    """The column of each feature: the lowest bits of its CRC-32."""
    return tuple(crc32(feature.encode()) % 2**bits for feature in features)


@lru_cache(maxsize=_REMEMBERED)
def _of_word(word: str) -> int:
    return _hashed((word,), _WORD_BITS)[0]


@lru_cache(maxsize=_REMEMBERED)
def _of_runs(token: str) -> tuple[int, ...]:
    """The columns of the runs of 3 to 5 characters of what stands between two spaces, with a space on both sides."""
    padded = f" {token} "
    runs = [
        padded[start : start + length]
        for length in _RUNS
        if length <= len(padded)
        for start in range(len(padded) - length + 1)
    ]
    return _hashed(runs, _CHAR_BITS)


def _word_columns(text: str) -> list[int]:
    """The columns of the words of a folded text and of their pairs; every number is the same word."""
    spoken = ["0" if word[0].isdigit() else word for word in words(text)]
    return [_of_word(word) for word in spoken] + [_of_word(f"{first} {second}") for first, second in pairwise(spoken)]


def _char_columns(text: str) -> list[int]:
    return [column for token in text.split() for column in _of_runs(token)]


def _matrix(rows: Sequence[list[int]], bits: int) -> csr_matrix:
    """How often each column stands in each row."""
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter(chain.from_iterable(rows), dtype=np.int32, count=int(ends[-1]))
    counted = csr_matrix((np.ones(len(columns), dtype=np.float32), columns, ends), shape=(len(rows), 2**bits))
    counted.sum_duplicates()
    return counted


def counts(folded: Sequence[str]) -> tuple[csr_matrix, csr_matrix]:
    """How often each hashed word or pair, and each hashed run of 3 to 5 characters, stands in each folded text.

    Runs stay within what stands between spaces, as scikit-learn's `char_wb` takes them. The few words that make up most
    of a text are hashed once: three times as fast as its HashingVectorizer.
    """
    by_word = _matrix([_word_columns(text) for text in folded], _WORD_BITS)
    return by_word, _matrix([_char_columns(text) for text in folded], _CHAR_BITS)


def _weighed(counted: csr_matrix, idf: Floats) -> csr_matrix:
    """Rows of TF-IDF of length 1, with the logarithm of frequencies."""
    rows = counted.copy()
    rows.data = (1 + np.log(rows.data)) * idf[rows.indices]
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(rows.indptr))
    return rows


def weighed(by_word: csr_matrix, by_char: csr_matrix, word_idf: Floats, char_idf: Floats) -> csr_matrix:
    """The weighed words of each text, then its weighed runs of characters, of length 1 each."""
    return hstack([_weighed(by_word, word_idf), _weighed(by_char, char_idf)]).tocsr()


def joined(by_word: csr_matrix, by_char: csr_matrix, word_idf: Floats, char_idf: Floats, rules: Floats) -> csr_matrix:
    """The rows that weights are multiplied with: weighed words, weighed characters, the features of the rules."""
    return hstack([weighed(by_word, by_char, word_idf, char_idf), csr_matrix(rules)]).tocsr()


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
        return logistic(rows @ self.weights + self.bias)

    def kinds(self, rows: csr_matrix) -> Floats:
        """How likely each type is in each text."""
        return logistic(rows[:, : len(self.word_idf)] @ self.type_weights + self.type_bias)

    def save(self, file: Path) -> None:
        """Write the model, weights as half-precision numbers, in one step."""
        saved(self, file)


def logistic(values: Floats) -> Floats:
    """Log-odds as probabilities."""
    return np.asarray(1 / (1 + np.exp(-values)), dtype=np.float32)


def saved(model: DataclassInstance, file: Path) -> None:
    """Write the arrays of a model, weights as half-precision numbers, in one step."""
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_suffix(".tmp.npz")
    arrays = {one.name: getattr(model, one.name) for one in fields(model)}
    np.savez_compressed(scratch, **{k: v if v.dtype.kind == "U" else v.astype(np.float16) for k, v in arrays.items()})
    scratch.replace(file)


def stored(kind: type[_Model], file: Path) -> _Model:
    """A model that `saved` wrote. Raises `OSError` when it cannot be read."""
    with np.load(file, allow_pickle=False) as kept:
        arrays = {one.name: kept[one.name] for one in fields(kind)}
    return kind(**{k: v if v.dtype.kind == "U" else v.astype(np.float32) for k, v in arrays.items()})


def load(file: Path) -> Model:
    """A model of sentences that `save` wrote. Raises `OSError` when it cannot be read."""
    return stored(Model, file)
