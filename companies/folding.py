"""Text without case and accents, knowing where each letter came from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_LIGATURES = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "’": "'", "ʼ": "'", "`": "'"}
_WORD = re.compile(r"[^\W_]+|&")


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    folded = []
    for letter in unicodedata.normalize("NFKD", character.casefold()):
        if not unicodedata.combining(letter):
            folded.append(_LIGATURES.get(letter, letter))
    return "".join(folded)


@dataclass(frozen=True)
class Folded:
    """A folded text; `starts[i]` is the offset in the original of the character that `text[i]` came from."""

    text: str
    starts: list[int]
    original: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's offsets of a span of the folded text, combining marks included."""
        first, last = self.starts[start], self.starts[end - 1] + 1
        while last < len(self.original) and unicodedata.combining(self.original[last]):
            last += 1
        return first, last


def fold(text: str) -> Folded:
    """Fold a text with its offsets."""
    letters: list[str] = []
    starts: list[int] = []
    for position, character in enumerate(text):
        folded = character.lower() if character.isascii() else _fold_character(character)
        letters.append(folded)
        starts.extend([position] * len(folded))
    return Folded("".join(letters), starts, text)


def fold_text(text: str) -> str:
    """Fold a text when its offsets are not needed."""
    return text.lower() if text.isascii() else "".join(map(_fold_character, text))


def words(folded: str) -> list[tuple[str, int, int]]:
    """Words of a folded text with their offsets: runs of letters and digits, and `&`, which reads `et`."""
    return [("et" if m[0] == "&" else m[0], m.start(), m.end()) for m in _WORD.finditer(folded)]


def name_key(name: str) -> str:
    """The form under which a name is compared: folded words, one space between; `&` counts as `et`."""
    return " ".join(word for word, _, _ in words(fold_text(name)))
