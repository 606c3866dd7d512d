"""The words for which an offer takes articles in or leaves them out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from companies.folding import name_key
from leads.offers import Keywords


@dataclass(frozen=True)
class KeywordFilter:
    """The signals whose articles may have a word that an offer wants, and one that it does not: others have none.

    `wanted` is None where an offer wants no word.
    """

    wanted: Collection[int] | None
    unwanted: Collection[int]


NONE_WANTED = ""
"""Said of an article that has none of the words that are wanted."""


def _found(words: Sequence[str], text: str) -> str | None:
    """The first of the words that a folded text, with spaces around, has; `robot*` is any word that begins so."""
    for word in words:
        end = "" if word.endswith("*") else " "
        if f" {name_key(word)}{end}" in text:
            return word
    return None


def left_out(keywords: Keywords, text: str) -> str | None:
    """The word for which an article does not count, or `NONE_WANTED`; None where it counts."""
    folded = f" {name_key(text)} "
    unwanted = _found(keywords.exclude, folded)
    if unwanted is not None:
        return unwanted
    return NONE_WANTED if keywords.include and _found(keywords.include, folded) is None else None
