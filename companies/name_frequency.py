"""How common the words of a name are: counted in texts, and whether they are places or first names.

A company can be called Horizon, Martin or Orange. Whether such a word stands for the company has to be shown by more
than the word; which words are such is counted, in texts and in public lists, not written down by hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import marisa_trie

from companies.folding import fold_text
from companies.names import ARTICLES

FILE = Path(__file__).parent / "models" / "words.marisa"
"""Counts in the training text, words of the languages, places and first names: `make words`."""

PLACE, FIRST_NAME, VILLAGE, WORD, FAMILY_NAME = 1, 2, 4, 8, 16
FORMAT = "<HHB"
"""Of each entry: small, capital, marks."""
_MOST = 2**16 - 1
_REMEMBERED = 500_000  # words
_FULL_NAME = 2  # words
_WORD = re.compile(r"[^\W\d_]+")
_STARTS = re.compile(r"[.!?:;»«\"”“(\[\n–—-]\s*$")  # before a word with a capital that need not be a name


@dataclass(frozen=True)
class WordCounts:
    """Of each folded word, how often texts have it in small letters, and with a capital within a sentence."""

    small: Mapping[str, int]
    capital: Mapping[str, int]


def _is_within(text: str, start: int) -> bool:
    return start > 0 and not _STARTS.search(text, max(0, start - 3), start)


def count(texts: Iterable[str]) -> WordCounts:
    """Count the words of texts; one without any capital, or with a capital on most words, tells nothing."""
    small, capital = Counter[str](), Counter[str]()
    for text in texts:
        found = list(_WORD.finditer(text))
        lower = [match for match in found if match[0].islower()]
        if 2 * len(lower) < len(found) or len(lower) == len(found):
            continue
        small.update(fold_text(match[0]) for match in lower)
        capital.update(
            fold_text(match[0]) for match in found if match[0][0].isupper() and _is_within(text, match.start())
        )
    return WordCounts(small, capital)


def save(counts: WordCounts, listed: Mapping[int, Iterable[str]], file: Path = FILE) -> int:
    """Write counts, and by `PLACE`, `VILLAGE`, `FIRST_NAME`, `FAMILY_NAME` and `WORD` the folded names that are such.

    A place is one that is named as often as a company may be, a village any other. Returns how many entries there are;
    the same input gives the same bytes.
    """
    marks = Counter[str]()
    for mark, names in listed.items():
        marks.update(dict.fromkeys(names, mark))
    keys = sorted({*counts.small, *counts.capital, *marks})
    rows = [(min(counts.small.get(key, 0), _MOST), min(counts.capital.get(key, 0), _MOST), marks[key]) for key in keys]
    file.parent.mkdir(parents=True, exist_ok=True)
    marisa_trie.RecordTrie(FORMAT, zip(keys, rows, strict=True)).save(str(file))
    return len(keys)


class CommonWords:
    """What is known of words: the counts of the package, and those of texts that were read since."""

    COMMON, PLACE, FIRST_NAME, SHARED, WORD, PERSON = 1, 2, 4, 8, 16, 32
    """Marks of a name. `SHARED` is a word that many other names of the register have, after their first; `WORD` is one
    of the language that was not counted; `PERSON` a family name, or a first name before another."""

    def __init__(self, more: WordCounts | None = None, file: Path = FILE) -> None:
        self._trie = marisa_trie.RecordTrie(FORMAT).mmap(str(file))
        self._more = more or WordCounts({}, {})
        self._known: dict[str, tuple[int, int, int]] = {}

    def _of(self, word: str) -> tuple[int, int, int]:
        if known := self._known.get(word):
            return known
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        small, capital, marks = next(iter(self._trie.get(word, ())), (0, 0, 0))
        known = small + self._more.small.get(word, 0), capital + self._more.capital.get(word, 0), marks
        self._known[word] = known
        return known

    def is_common(self, word: str) -> bool:
        """Whether texts have a word in small letters at least as often as with a capital; figures are common."""
        if word.isdigit():
            return True
        small, capital, _ = self._of(word)
        return small > 0 and small >= capital

    def is_place(self, word: str) -> bool:
        """Whether a folded word is the name of a place, however small."""
        return bool(self._of(word)[2] & (PLACE | VILLAGE))

    def _is_a_full_name(self, words: Sequence[str]) -> bool:
        """Whether a name is a first name and a word that no language has: Pierre Fabre, unlike Charlie Hebdo."""
        if len(words) != _FULL_NAME or not self._of(words[0])[2] & FIRST_NAME:
            return False
        return not (self.is_common(words[1]) or self._of(words[1])[2] & WORD)

    def marks(self, key: str) -> int:
        """The marks of a folded name: all its words are common, it is a place, a first name, a person's name."""
        first, _, rest = key.partition(" ")
        listed = self._of(key)[2] | (self._of(rest)[2] & PLACE if first in ARTICLES else 0)
        words = key.split()
        common = all(map(self.is_common, words))
        spoken = not common and all(self.is_common(word) or self._of(word)[2] & WORD for word in words)
        marks = {
            self.PLACE: listed & PLACE,
            self.FIRST_NAME: listed & FIRST_NAME,
            self.COMMON: common,
            self.WORD: spoken,
            self.PERSON: listed & FAMILY_NAME or self._is_a_full_name(words),
        }
        return sum(mark for mark, has in marks.items() if has)


@cache
def known_words() -> CommonWords:
    """What the package knows of words."""
    return CommonWords()
