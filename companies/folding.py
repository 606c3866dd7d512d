"""Text without case and accents, knowing where each letter came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

_LIGATURES = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "’": "'", "ʼ": "'", "`": "'"}
_REMEMBERED = 50_000  # characters, words
_WORD = re.compile(r"[^\W_]+|&")
_APART = re.compile(r"([^\W_]+|&)")  # splits a text into what is between the words, and every other part a word
_DECOMPOSED_APART = re.compile(r"((?:[^\W_]|[\u0300-\u036f])+|&)")


def _fold_character(character: str) -> str:
    folded = []
    for letter in unicodedata.normalize("NFKD", character.casefold()):
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf":  # a mark that nobody sees
            folded.append(_LIGATURES.get(letter, letter))
    return "".join(folded)


class _Letters(dict[int, str]):
    """What each character folds to, for `str.translate`; `uneven` are those that fold to none or to several."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        if len(self) > _REMEMBERED:
            self.clear()
        character = chr(code)
        folded = self[code] = _fold_character(character)
        if len(folded) != 1:
            self.uneven.add(character)
        return folded


_LETTERS = _Letters()


@dataclass(frozen=True)
class Folded:
    """A folded text; `starts[i]` is the offset in the original of the character that `text[i]` came from."""

    text: str
    starts: Sequence[int]
    original: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's offsets of a span of the folded text, combining marks included."""
        first, last = self.starts[start], self.starts[end - 1] + 1
        while last < len(self.original) and unicodedata.combining(self.original[last]):
            last += 1
        return first, last


def fold(text: str) -> Folded:
    """Fold a text with its offsets."""
    folded = text.translate(_LETTERS)
    if _LETTERS.uneven.isdisjoint(text):
        return Folded(folded, range(len(text)), text)
    starts: list[int] = []
    for position, character in enumerate(text):
        starts.extend([position] * len(_LETTERS[ord(character)]))
    return Folded(folded, starts, text)


def fold_text(text: str) -> str:
    """Fold a text when its offsets are not needed."""
    return text.lower() if text.isascii() else text.translate(_LETTERS)


def words(folded: str) -> list[str]:
    """Words of a folded text: runs of letters and digits, and `&`, which reads `et`."""
    return ["et" if word == "&" else word for word in _WORD.findall(folded)]


class _Words(dict[str, str]):
    """What each word folds to; `&` reads `et`."""

    def __missing__(self, word: str) -> str:
        if len(self) > _REMEMBERED:
            self.clear()
        folded = self[word] = "et" if word == "&" else fold_text(word)
        return folded


_FOLDED = _Words()


class Tokens:
    """The words of a text that is not folded: as they are written, folded, and where each is when it is asked."""

    def __init__(self, text: str) -> None:
        is_composed = text.isascii() or unicodedata.is_normalized("NFC", text)
        self._parts: list[str] = (_APART if is_composed else _DECOMPOSED_APART).split(text)
        self.words = self._parts[1::2]
        self.folded = list(map(_FOLDED.__getitem__, self.words))

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(map(len, self._parts)))[1::2]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The offsets of the words from the first to the last, combining marks included."""
        return self._ends[first] - len(self.words[first]), self._ends[last]


def by_key(names: Iterable[str]) -> dict[str, str]:
    """Names by the form under which they are compared, the first of several that are the same; empty ones left out."""
    return {key: text for text in reversed(list(names)) if (key := name_key(text))}


def by_kind(named: Sequence[tuple[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """Names and their kinds by the form under which names are compared: of several that are the same the first."""
    keyed = [(name_key(text), text, kind) for text, kind in reversed(named)]
    return {key: text for key, text, _ in keyed if key}, {key: kind for key, _, kind in keyed if key}


def name_key(name: str) -> str:
    """The form under which a name is compared: folded words, one space between; `&` counts as `et`."""
    return " ".join(words(fold_text(name)))
