"""Phrases that a non-programmer can write, matched on folded text.

| written | matches |
|---|---|
| `leve` | the word, whatever its case and accents |
| `recrut*` | any word that begins so |
| `*era` | any word of more letters that ends so |
| `(ouvre|inaugure) une usine` | one of the alternatives; `(appoint|name)*`: one that begins so |
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

_PIECE = re.compile(r"\)\*|\.\.\.|[()|]|[^\s()|]+")
_STARRED = re.compile(r"\w+\*?|\*\w+")
_REMEMBERED = 100_000  # words
_SEPARATOR = r"[^\w#]+"
_GAP = r"(?:[^\w]+\w+){0,6}?" + _SEPARATOR


class BadPattern(ValueError):
    """A phrase pattern cannot be understood."""


@dataclass(frozen=True)
class _Node:
    """A part of a pattern: its regular expression, and the words, prefixes (`x*`) or suffixes that it begins with."""

    regex: str
    firsts: frozenset[str]


def _word(text: str) -> _Node:
    if text == "_":
        return _Node(r"\w+", frozenset("_"))
    if text == "#":
        return _Node(r"\d+(?:[ \u00a0\u202f.,]\d+)*", frozenset("#"))
    parts = [part for part in re.split(r"[^\w*]+", fold_text(text)) if part]
    if not parts or any(not _STARRED.fullmatch(part) for part in parts):
        raise BadPattern(f"'{text}' is not a word; `*` may only end one, or begin it")
    regexes = (re.escape(part).replace(r"\*", r"\w*" if part.endswith("*") else r"\w+") for part in parts)
    return _Node(_SEPARATOR.join(regexes), frozenset(parts[:1]))


class _Parser:
    """A recursive descent over the pieces of a pattern."""

    def __init__(self, text: str) -> None:
        self.pieces = _PIECE.findall(text)

    def whole(self) -> _Node:
        node = self.sequence()
        if self.pieces:
            raise BadPattern("a closing parenthesis or a bar stands outside parentheses")
        return node

    def sequence(self) -> _Node:
        regex, gap = "", ""
        firsts: frozenset[str] = frozenset()
        while self.pieces and self.pieces[0] not in ("|", ")", ")*"):
            piece = self.pieces.pop(0)
            if piece == "...":
                gap = _GAP
                continue
            node = self.group() if piece == "(" else _word(piece)
            if not regex:
                firsts = frozenset("_") if gap else node.firsts
            regex += (gap or _SEPARATOR) + node.regex if regex else node.regex
            gap = ""
        if not regex:
            raise BadPattern("there is nothing to match")
        return _Node(regex, firsts)

    def group(self) -> _Node:
        nodes = [self.sequence()]
        while self.pieces and self.pieces[0] == "|":
            self.pieces.pop(0)
            nodes.append(self.sequence())
        if not self.pieces:
            raise BadPattern("a parenthesis is not closed")
        starred = self.pieces.pop(0) == ")*"
        firsts = frozenset(word for node in nodes for word in node.firsts)
        if starred:
            firsts = frozenset(word if word.endswith("*") else f"{word}*" for word in firsts)
        return _Node("(?:" + "|".join(node.regex for node in nodes) + ")" + (r"\w*" if starred else ""), firsts)


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
        self._suffixes: defaultdict[int, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._compiled: list[tuple[str, str, re.Pattern[str]]] = []
        self._remembered: dict[str, tuple[int, ...]] = {}
        for label, pattern in labelled:
            body = pattern.strip()
            opening = r"^\W*" if body.startswith("^") else r"\b"
            body = body.removeprefix("^").strip()
            try:
                node = _Parser(body).whole()
                if "_" in node.firsts:
                    raise BadPattern("it must begin with a word or a number")
            except BadPattern as error:
                raise BadPattern(f"pattern '{pattern}': {error}") from None
            compiled = re.compile(rf"{opening}{node.regex}\b")
            number = len(self._compiled)
            self._compiled.append((label, pattern, compiled))
            for word in node.firsts:
                if word.endswith("*"):
                    self._prefixes[len(word) - 1][word[:-1]].append(number)
                elif word.startswith("*"):
                    self._suffixes[len(word) - 1][word[1:]].append(number)
                else:
                    self._words[word].append(number)

    def _beginning_with(self, word: str) -> tuple[int, ...]:
        """The patterns that a word can begin, remembered: few words make up most of a text."""
        known = self._remembered.get(word)
        if known is None:
            found = set(self._words.get("#" if word[0].isdigit() else word, ()))
            for length, table in self._prefixes.items():
                found.update(table.get(word[:length], ()))
            for length, table in self._suffixes.items():
                found.update(table.get(word[-length:], ()))
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            known = self._remembered[word] = tuple(found)
        return known

    def find(self, folded: str, words: Iterable[str]) -> list[Match]:
        """The first place of each pattern in a folded text whose distinct words are given."""
        matches = []
        candidates = {number for word in words for number in self._beginning_with(word)}
        for number in sorted(candidates):
            label, pattern, compiled = self._compiled[number]
            found = compiled.search(folded)
            if found is not None:
                matches.append(Match(label, found.start(), found.end(), pattern))
        return matches
