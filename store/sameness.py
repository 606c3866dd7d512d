"""Whether two articles are one, told by their words (Broder's resemblance of runs of three words). Pure."""

from __future__ import annotations

import re
from itertools import pairwise

_WORD = re.compile(r"\w+")
_SAME = 0.7  # share of the runs of words that an article and a later version of it have in common
_MOST_WORDS = 2000


def _runs(text: str) -> set[tuple[str, str, str]]:
    pairs = list(pairwise(_WORD.findall(text.casefold())[:_MOST_WORDS]))
    return {(a, b, c) for (a, b), (_, c) in pairwise(pairs)}


def resemblance(one: str, other: str) -> float:
    """The share of runs of three words that two texts have in common, from 0 to 1."""
    first, second = _runs(one), _runs(other)
    return len(first & second) / len(first | second) if first and second else float(one.strip() == other.strip())


def is_same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two articles, each a title and a text, are versions of one: the text is nearly the same.

    Where one of them has no text the titles decide.
    """
    if not (one[1].strip() and other[1].strip()):
        return " ".join(one[0].casefold().split()) == " ".join(other[0].casefold().split()) != ""
    return resemblance(one[1], other[1]) >= _SAME
