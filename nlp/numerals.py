"""Numbers in words: which words they are made of, and texts with figures in their place."""

from __future__ import annotations

from text_to_num import alpha2digit

_FRENCH = (
    "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts trente "
    "quarante cinquante soixante septante huitante nonante cent cents mille million millions"
)
_ENGLISH = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million"
)
WORDS = frozenset(_FRENCH.split()) | frozenset(_ENGLISH.split())
"""The words of numbers, folded. One is left out: it is the article as well."""

_ANY = "|".join(sorted(WORDS, key=lambda word: (-len(word), word)))
NUMBER = rf"(?:\d+(?:[ \u00a0\u202f.,]\d+)*|\b(?:{_ANY})(?:(?:[ -]|[ -]et[ -]|[ -]and[ -])(?:{_ANY}|une?|one))*\b)"
"""A regular expression of a number in figures or words, in a folded text."""


def in_figures(text: str, language: str) -> str:
    """The text with the numbers that it has in words in figures; for a text without figures."""
    found: str = alpha2digit(text, language if language in ("fr", "en") else "fr")
    return found
