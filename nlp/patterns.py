"""Phrases that a non-programmer can write, matched on folded text.

| written | matches |
|---|---|
| `leve` | the word, whatever its case and accents |
| `recrut*` | any word that begins so |
| `*era` | any word of more letters that ends so |
| `(ouvre|inaugure) une usine` | one of the alternatives; `(appoint|name)*`: one that begins so |
| `...` | up to six words, or none |
| `_` | any one word |
| `~` | a word with a capital or a digit in it, as names of products have |
| `#` | a number, in figures or in words |
| `^` | the beginning of the sentence |

An apostrophe or a hyphen separates words, so `chiffre d'affaires` also matches `chiffre d affaires`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from companies.folding import fold_text
from nlp.numerals import NUMBER, WORDS

_PIECE = re.compile(r"\)\*|\.\.\.|[()|]|[^\s()|]+")
_STARRED = re.compile(r"\w+\*?|\*\w+")
_REMEMBERED = 100_000  # words
_SEPARATOR = r"[^\w#]+"
_GAP = r"(?:[^\w]+\w+){0,6}?" + _SEPARATOR


class BadPattern(ValueError):
    """A phrase pattern cannot be understood."""


@dataclass(frozen=True)
class _Node:
    """A part of a pattern: its regular expression, and words of which a text that it matches holds one.

    Such a `key` is a word, a prefix (`x*`), a suffix (`*x`) or `#`; `rarity` is the length of the shortest. Of several
    words that must all stand in a text the longest is asked for: it is the rarest. `begins` tells whether the part
    begins with a word or a number.
    """

    regex: str
    keys: frozenset[str]
    begins: bool = True

    @property
    def rarity(self) -> int:
        return min((len(key.strip("*")) for key in self.keys), default=0)


def _word(text: str) -> _Node:
    if text == "_":
        return _Node(r"\w+", frozenset(), begins=False)
    if text == "~":
        return _Node(r"(\w+)", frozenset(), begins=False)
    if text == "#":
        return _Node(NUMBER, frozenset("#"))
    parts = [part for part in re.split(r"[^\w*]+", fold_text(text)) if part]
    if not parts or any(not _STARRED.fullmatch(part) for part in parts):
        raise BadPattern(f"'{text}' is not a word; `*` may only end one, or begin it")
    regexes = (re.escape(part).replace(r"\*", r"\w*" if part.endswith("*") else r"\w+") for part in parts)
    return _Node(_SEPARATOR.join(regexes), frozenset([max(parts, key=len)]))


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
        nodes: list[_Node] = []
        while self.pieces and self.pieces[0] not in ("|", ")", ")*"):
            piece = self.pieces.pop(0)
            if piece == "...":
                if not nodes:
                    raise BadPattern("it must begin with a word or a number")
                gap = _GAP
                continue
            nodes.append(self.group() if piece == "(" else _word(piece))
            regex += (gap or _SEPARATOR) + nodes[-1].regex if regex else nodes[-1].regex
            gap = ""
        if not nodes:
            raise BadPattern("there is nothing to match")
        return _Node(regex, max(nodes, key=lambda node: node.rarity).keys, nodes[0].begins)

    def group(self) -> _Node:
        nodes = [self.sequence()]
        while self.pieces and self.pieces[0] == "|":
            self.pieces.pop(0)
            nodes.append(self.sequence())
        if not self.pieces:
            raise BadPattern("a parenthesis is not closed")
        starred = self.pieces.pop(0) == ")*"
        regex = "(?:" + "|".join(node.regex for node in nodes) + ")" + (r"\w*" if starred else "")
        keys = frozenset(key for node in nodes for key in node.keys)
        if starred:
            keys = frozenset(key if key.endswith("*") else f"{key}*" for key in keys)
        if not all(node.keys for node in nodes):
            keys = frozenset()
        return _Node(regex, keys, all(node.begins for node in nodes))


@dataclass(frozen=True)
class Match:
    """A pattern found: its label, its offsets in the folded text, and the pattern as written."""

    label: str
    start: int
    end: int
    pattern: str


class PatternSet:
    """Many labelled patterns, tried together: only those whose rarest word stands in the text are matched in full."""

    def __init__(self, parts: Mapping[str, Iterable[tuple[str, str]]]) -> None:
        """Take (label, pattern) pairs by the part that they play. Raises `BadPattern` naming the pattern."""
        self._words: defaultdict[str, list[int]] = defaultdict(list)
        self._prefixes: defaultdict[int, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._suffixes: defaultdict[int, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._compiled: list[tuple[str, str, str, re.Pattern[str]]] = []
        self._remembered: dict[str, tuple[int, ...]] = {}
        self._parts = tuple(parts)
        for part, labelled in parts.items():
            for label, pattern in labelled:
                self._add(part, label, pattern)

    def _add(self, part: str, label: str, pattern: str) -> None:
        body = pattern.strip()
        opening = r"^\W*" if body.startswith("^") else r"\b"
        body = body.removeprefix("^").strip()
        try:
            node = _Parser(body).whole()
            if not node.begins:
                raise BadPattern("it must begin with a word or a number")
        except BadPattern as error:
            raise BadPattern(f"pattern '{pattern}': {error}") from None
        number = len(self._compiled)
        self._compiled.append((part, label, pattern, re.compile(rf"{opening}{node.regex}\b")))
        for key in node.keys:
            if key.endswith("*"):
                self._prefixes[len(key) - 1][key[:-1]].append(number)
            elif key.startswith("*"):
                self._suffixes[len(key) - 1][key[1:]].append(number)
            else:
                self._words[key].append(number)

    def _look_up(self, word: str) -> tuple[int, ...]:
        """The patterns that ask for a word, remembered: few words make up most of a text."""
        found = set(self._words.get(word, ()))
        if word[0].isdigit() or word in WORDS:
            found.update(self._words.get("#", ()))
        for length, table in self._prefixes.items():
            found.update(table.get(word[:length], ()))
        for length, table in self._suffixes.items():
            found.update(table.get(word[-length:], ()))
        if len(self._remembered) >= _REMEMBERED:
            self._remembered.clear()
        known = self._remembered[word] = tuple(found)
        return known

    def find(
        self, folded: str, words: Iterable[str], is_name: Callable[[int, int], bool] = lambda _start, _end: False
    ) -> dict[str, list[Match]]:
        """By part, the first place of each pattern in a folded text whose distinct words are given.

        `is_name` tells whether a word of it, by its offsets, is written as a name is.
        """
        matches: dict[str, list[Match]] = {part: [] for part in self._parts}
        remembered, candidates = self._remembered, set[int]()
        for word in words:
            known = remembered.get(word)
            if known is None:
                known = self._look_up(word)
            if known:
                candidates.update(known)
        for number in sorted(candidates):
            part, label, pattern, compiled = self._compiled[number]
            found = compiled.search(folded)
            if compiled.groups and found is not None:
                places = range(1, compiled.groups + 1)
                each = compiled.finditer(folded)
                found = next(
                    (one for one in each if all(one[n] is None or is_name(*one.span(n)) for n in places)), None
                )
            if found is not None:
                matches[part].append(Match(label, found.start(), found.end(), pattern))
        return matches
