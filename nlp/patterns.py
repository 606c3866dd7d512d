"""Phrases that a non-programmer can write, matched on folded text.

| written | matches |
|---|---|
| `leve` | the word, whatever its case and accents |
| `recrut*` | any word that begins so |
| `(ouvre|inaugure) une usine` | one of the alternatives |
| `...` | up to six words, or none |
| `_` | any one word |
| `#` | a number |
| `^` | the beginning of the sentence |

An apostrophe or a hyphen separates words, so `chiffre d'affaires` also matches `chiffre d affaires`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from companies.folding import fold_text

_ELEMENT = re.compile(r"\(([^()]*)\)(\*?)|(\.\.\.)|([^\s()]+)")
_SEPARATOR = r"[^\w#]+"
_GAP = r"(?:[^\w]+\w+){0,6}?"


class BadPattern(ValueError):
    """A phrase pattern cannot be understood."""


def _word(text: str) -> str:
    if text == "_":
        return r"\w+"
    if text == "#":
        return r"\d+(?:[ \u00a0\u202f.,]\d+)*"
    parts = [part for part in re.split(r"[^\w*]+", fold_text(text)) if part]
    if not parts or any("*" in part[:-1] or part == "*" for part in parts):
        raise BadPattern(f"'{text}' is not a word; `*` may only end one")
    return _SEPARATOR.join(re.escape(part[:-1]) + r"\w*" if part.endswith("*") else re.escape(part) for part in parts)


def _alternatives(text: str) -> str:
    return "(?:" + "|".join(_sequence(item) for item in text.split("|")) + ")"


def _elements(text: str) -> list[str]:
    elements, end = [], 0
    for match in _ELEMENT.finditer(text):
        if text[end : match.start()].strip():
            raise BadPattern(f"'{text[end : match.start()].strip()}' has no closing or opening parenthesis")
        elements.append(match[0])
        end = match.end()
    if text[end:].strip() or not elements:
        raise BadPattern(f"'{text}' is empty or has an unbalanced parenthesis")
    return elements


def _sequence(text: str) -> str:
    out = ""
    pending = ""
    for element in _elements(text):
        if element == "...":
            pending = _GAP + _SEPARATOR
            continue
        piece = _alternatives(element[1 : element.rindex(")")]) if element.startswith("(") else _word(element)
        out += (pending or _SEPARATOR) + piece if out else piece
        pending = ""
    return out


def _first_words(text: str) -> set[str]:
    """The words, or prefixes ending in `*`, that a match must begin with."""
    first = _elements(text)[0]
    if first.startswith("("):
        return {word for item in first[1 : first.rindex(")")].split("|") for word in _first_words(item)}
    if first in ("...", "_", "#"):
        raise BadPattern(f"'{text}' must begin with a word")
    return {next(part for part in re.split(r"[^\w*]+", fold_text(first)) if part)}


@dataclass(frozen=True)
class Match:
    """A pattern found: its label, its offsets in the folded text, and the pattern as written."""

    label: str
    start: int
    end: int
    pattern: str


class PatternSet:
    """Many labelled patterns, tried together: only those whose first word stands in the text are matched in full."""

    def __init__(self, labelled: Iterable[tuple[str, str]]) -> None:
        """Take (label, pattern) pairs. Raises `BadPattern` naming the pattern."""
        self._words: defaultdict[str, list[int]] = defaultdict(list)
        self._prefixes: defaultdict[int, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._compiled: list[tuple[str, str, re.Pattern[str]]] = []
        for label, pattern in labelled:
            body = pattern.strip()
            opening = r"^\W*" if body.startswith("^") else r"\b"
            body = body.removeprefix("^").strip()
            try:
                compiled = re.compile(rf"{opening}{_sequence(body)}\b")
                firsts = _first_words(body)
            except BadPattern as error:
                raise BadPattern(f"pattern '{pattern}': {error}") from None
            number = len(self._compiled)
            self._compiled.append((label, pattern, compiled))
            for word in firsts:
                if word.endswith("*"):
                    self._prefixes[len(word) - 1][word[:-1]].append(number)
                else:
                    self._words[word].append(number)

    def _candidates(self, words: Iterable[str]) -> set[int]:
        numbers: set[int] = set()
        for word in words:
            numbers.update(self._words.get(word, ()))
            for length, table in self._prefixes.items():
                numbers.update(table.get(word[:length], ()))
        return numbers

    def find(self, folded: str, words: frozenset[str] | set[str]) -> list[Match]:
        """The first place of each pattern in a folded text whose distinct words are given."""
        matches = []
        for number in sorted(self._candidates(words)):
            label, pattern, compiled = self._compiled[number]
            found = compiled.search(folded)
            if found is not None:
                matches.append(Match(label, found.start(), found.end(), pattern))
        return matches
