"""Numbers in words: which words they are made of, and texts with figures in their place."""

from __future__ import annotations

import re

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


_SMALL = {"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9}
_SMALL |= {"dix": 10, "quinze": 15, "vingt": 20}
_SMALL |= {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
_NOUNS = {"huitaine": 8, "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "dozen": 12}
_NOUNS |= {"quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "millier": 1000}
SCALES = {"million": 10**6, "milliard": 10**9, "billion": 10**9}
"""What a large number counts, by its name in the singular."""
_COUNT = rf"(?<![\w-])(?P<count>\d{{1,3}}|{'|'.join(_SMALL)})"
_SCALE = rf"(?P<scale>{'|'.join(SCALES)})s?\b"
_GROUP = re.compile(
    rf"{_COUNT} (?:bonne |petite |good )?(?P<half>demi[- ])?(?P<noun>{'|'.join(_NOUNS)})s?\b"
    r"(?: de\b|(?P<of> d['’]))?",
    re.IGNORECASE,
)
"""A number that is a noun, with how many of it: `une douzaine de`, `deux centaines d'`, `two dozen`.

Without a number before it (`des dizaines`, `plusieurs centaines`, `dozens`) it tells none.
"""
_HALVES = (
    re.compile(rf"{_COUNT} {_SCALE} (?:et demie?|and a half)\b", re.IGNORECASE),
    re.compile(rf"{_COUNT} and a half {_SCALE}", re.IGNORECASE),
    re.compile(rf"\b(?P<count>)(?:un demi[- ]|half an? ){_SCALE}", re.IGNORECASE),
)
"""`deux millions et demi`, `un demi-million`, `two and a half million`, `half a million`."""
_HALF_A_DOZEN = re.compile(r"\bhalf a dozen\b", re.IGNORECASE)
_SCALED = re.compile(rf"(?<![\w.,-])(?P<number>\d{{1,12}}(?:,\d{{1,9}})?) (?:de )?{_SCALE}", re.IGNORECASE)


def _count(text: str) -> int:
    return int(text) if text.isdigit() else _SMALL[text.lower()]


def _group(match: re.Match[str]) -> str:
    number = _count(match["count"]) * _NOUNS[match["noun"].lower()]
    return f"{number // 2 if match['half'] else number}{' ' if match['of'] else ''}"


def _and_a_half(match: re.Match[str]) -> str:
    return f"{_count(match['count']) if match['count'] else 0},5 {match['scale']}"


def _scaled(match: re.Match[str]) -> str:
    return str(round(float(match["number"].replace(",", ".")) * SCALES[match["scale"].lower()]))


def in_figures(text: str, language: str) -> str:
    """The text with the numbers that it has in words in figures; for a text without figures."""
    for half in _HALVES:
        text = half.sub(_and_a_half, text)
    text = _HALF_A_DOZEN.sub("6", text)
    text = _SCALED.sub(_scaled, _GROUP.sub(_group, text))
    found: str = alpha2digit(text, language if language in ("fr", "en") else "fr")
    return found
