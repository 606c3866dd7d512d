"""Apostrophes put back into texts that have lost them, as addresses of articles have: `louverture dune usine`."""

from __future__ import annotations

import re
from functools import lru_cache

from companies.folding import Folded, fold_text
from nlp.corpus import FOLDER

_ELIDED = re.compile(r"\b(l|d|s|n|m|c|j|qu)([aeiouyh]\w+)\b")
_WORD = re.compile(r"[^\W\d_]+")
_MARKED = re.compile(r"[\[{][^\]}]*[\]}]")


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """The words of the project's French sentences, folded; names of companies are left out."""
    words: set[str] = set()
    for file in sorted((FOLDER / "fr").glob("*.txt")):
        for line in file.read_text("utf-8").splitlines():
            if not line.startswith("#") and not is_bare(line):
                words.update(fold_text(word) for word in _WORD.findall(_MARKED.sub(" ", line)) if word.islower())
    return frozenset(words)


def is_bare(text: str) -> bool:
    """Whether a text has neither capitals nor apostrophes, so that it may have lost them."""
    return text.islower() and "'" not in text and "’" not in text


def restore(folded: Folded) -> Folded:
    """The folded text with an apostrophe after `l`, `d`, `qu`, … where only what follows is a word that we know."""
    known = _known()
    letters: list[str] = []
    starts: list[int] = []
    last = 0
    for match in _ELIDED.finditer(folded.text):
        if match[0] in known or match[2] not in known:
            continue
        at = match.start(2)
        letters.append(folded.text[last:at] + "'")
        starts += [*folded.starts[last:at], folded.starts[at]]
        last = at
    if not last:
        return folded
    return Folded("".join(letters) + folded.text[last:], [*starts, *folded.starts[last:]], folded.original)
