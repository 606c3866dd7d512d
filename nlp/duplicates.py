"""Whether two texts are one: the same wire in two papers, with another headline or a few words changed.

MinHash over runs of three words (Broder, On the Resemblance and Containment of Documents, 1997), by rensa.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from rensa import RMinHash

from companies.folding import fold_text, words

SAME = 0.5
"""Texts are one whose runs of words are estimated to agree to this share (Jaccard) or more."""

_PERMUTATIONS = 128
_SEED = 1
_LEAST = 8  # words: below, agreement says that a headline is short, not that it was copied


def _runs(text: str) -> list[str]:
    spoken = words(fold_text(text))
    pairs = list(pairwise(spoken))
    return [f"{a} {b} {c}" for (a, b), (_, c) in pairwise(pairs)] if len(spoken) > 2 else [" ".join(spoken)]


class Fingerprint:
    """A text's MinHash; equal words give equal fingerprints on every machine."""

    def __init__(self, text: str) -> None:
        runs = _runs(text)
        self._short = len(runs) < _LEAST
        self._exact = frozenset(runs) if self._short else frozenset()
        self._hash = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
        self._hash.update(runs)

    def is_same(self, other: Fingerprint) -> bool:
        """Whether two texts are one; short ones only when their words are the same."""
        if self._short or other._short:
            return self._short and other._short and self._exact == other._exact
        return bool(self._hash.jaccard(other._hash) >= SAME)

    def signature(self) -> bytes | None:
        """The MinHash as numbers of four bytes, little end first; None of a text too short to be known by it."""
        return None if self._short else np.array(self._hash.digest(), "<u4").tobytes()


def nearest(signature: bytes, others: Sequence[bytes], most: int) -> list[tuple[float, int]]:
    """How much a text agrees with others by their signatures (Jaccard, estimated), with their places there.

    The nearest `most` of them, the nearest first.
    """
    if not others:
        return []
    table = np.frombuffer(b"".join(others), "<u4").reshape(len(others), -1)
    shares = (table == np.frombuffer(signature, "<u4")).mean(axis=1)
    return [(float(shares[place]), int(place)) for place in np.argsort(-shares, kind="stable")[:most]]
