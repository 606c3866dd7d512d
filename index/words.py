"""How text becomes words to search, the same for documents, queries and highlights.

Accents are folded before stemming, so that `levee` meets `levée`; the folded word is kept beside its stem, so that
`chat` ranks its own word before `châtiment`, which has the same stem.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from index.query import Clause, parse

LANGUAGES = {"fr": "french", "en": "english"}
_IN_TITLE, _AS_ASKED, _SAME_STEM = 3.0, 2.0, 1.0
_ALL_IN_A_ROW, _TWO_IN_A_ROW = 1000.0, 5.0
_COMBINED = "\u0300-\u036f"
_WORD = re.compile(rf"[\w{_COMBINED}]+")
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’ʼ](?=\w)", re.IGNORECASE)
_SPECIAL = str.maketrans({"İ": "I"})  # its lower case is two characters, which no filter folds


def normalise(text: str) -> str:
    """Composed characters and no ligatures, as the tokenizers expect."""
    return unicodedata.normalize("NFKC", text.translate(_SPECIAL))


def analyser(stemmer: str | None = None) -> TextAnalyzer:
    """Lower-case words without accents, or their stems when a stemmer's language is named."""
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(80))
    builder = builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())
    return (builder.filter(Filter.stemmer(stemmer)) if stemmer else builder).build()


_folding = analyser()
_stemming = {code: analyser(stemmer) for code, stemmer in LANGUAGES.items()}


def tokens(text: str, language: str | None = None) -> list[str]:
    """Every word of a normalised text as it is indexed, lower-case and without accents; its stems in a language."""
    return (_stemming[language] if language else _folding).analyze(text)


@lru_cache(maxsize=65536)
def folded(word: str) -> tuple[str, ...]:
    """The words of a text, lower-case and without accents."""
    return tuple(tokens(normalise(word)))


@lru_cache(maxsize=65536)
def stem(word: str, language: str) -> str:
    """The stem of a folded word in a language of `LANGUAGES`."""
    return (_stemming[language].analyze(word) or [word])[0]


@dataclass(frozen=True)
class Term:
    """A clause as words: one, several in a row, or the beginning of one."""

    words: tuple[str, ...]
    prefix: bool
    negated: bool
    exact: bool

    @property
    def weighed(self) -> list[tuple[str, str, float]]:
        """Of a single word, each field that may have it, the word or stem to look for there, and what a hit weighs."""
        found = [("title", self.words[0], _IN_TITLE), ("words", self.words[0], _AS_ASKED)]
        return found + [(f"stems_{code}", one, _SAME_STEM) for code in LANGUAGES if (one := self.stems(code))]

    def stems(self, language: str) -> str | None:
        """The stem to look for beside the word; None where only the words themselves count."""
        return None if self.exact or self.prefix else stem(self.words[0], language)


def _terms(clause: Clause) -> Iterable[Term]:
    words = folded(_ELISION.sub(" ", clause.text))
    if not words:
        return ()
    if clause.prefix:
        return (Term(words, True, clause.negated, len(words) > 1),)
    return (Term(words, False, clause.negated, clause.phrase or len(words) > 1),)


def terms(text: str) -> list[Term]:
    """What a person typed, as terms. `l'avocat` is `avocat`; `aujourd'hui` is two words in a row."""
    return [term for clause in parse(text) for term in _terms(clause)]


def rows(text: str) -> list[tuple[tuple[str, ...], float]]:
    """Words that a person typed one after the other, and what it weighs to have them so in a text.

    All of them weigh more than whatever else can: a text that has them in a row comes before one that has them
    scattered. Of three or more each two weigh a little.
    """
    typed = [one for one in parse(text) if not one.negated]
    if any(one.phrase or one.prefix for one in typed):
        return []
    whole = tuple(word for one in typed for word in folded(one.text))
    elided = len(folded(_ELISION.sub(" ", typed[0].text))) < len(folded(typed[0].text)) if typed else False
    whole = whole[1:] if elided else whole
    pairs = [(pair, _TWO_IN_A_ROW) for pair in pairwise(whole)] if len(whole) > 2 else []
    return [(whole, _ALL_IN_A_ROW), *pairs] if len(whole) > 1 and len(typed) > 1 else []


@dataclass(frozen=True)
class Highlighter:
    """Finds in any text the words that a search asked for, by offsets of that very text."""

    text: str
    _terms: list[Term] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_terms", [term for term in terms(self.text) if not term.negated])

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Offsets (start, end) of what was asked for, in order, none overlapping."""
        words = [(match.span(), word) for match in _WORD.finditer(text) for word in folded(match.group())]
        found: list[tuple[int, int]] = []
        at = 0
        while at < len(words):
            length = max((self._matches(term, words, at) for term in self._terms), default=0)
            if length:
                found.append((words[at][0][0], words[at + length - 1][0][1]))
            at += length or 1
        return found

    def _matches(self, term: Term, words: list[tuple[tuple[int, int], str]], at: int) -> int:
        here = tuple(word for _, word in words[at : at + len(term.words)])
        if len(here) < len(term.words):
            return 0
        if term.prefix:
            hit = here[:-1] == term.words[:-1] and here[-1].startswith(term.words[-1])
        else:
            hit = here == term.words
        stems = (stem(here[0], code) == term.stems(code) for code in LANGUAGES)
        return len(here) if hit or (not term.exact and not term.prefix and any(stems)) else 0

    def passage(self, text: str, length: int = 240) -> str:
        """About `length` characters of a text around the first word asked for, cut between words."""
        spans = self.spans(text)
        start = max(0, (spans[0][0] if spans else 0) - length // 3)
        start = text.rfind(" ", 0, start) + 1 if start else 0
        end = start + length
        if end >= len(text):
            return ("… " if start else "") + text[start:]
        end = max(text.rfind(" ", start, end), spans[0][1] if spans else 0, start + 1)
        return ("… " if start else "") + text[start:end] + " …"
