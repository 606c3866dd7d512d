"""What is searched for: the same question for every back-end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Literal, Protocol

from index.signals import Found, SignalEntry, SignalPage, SignalQuery
from store.characters import cleaned
from store.tables import Signal

Order = Literal["relevance", "date", "id"]
"""The best first, those published last (undated ones come last), or those found last (with the highest ids)."""
_PIECE = re.compile(r'(-)?(?:"([^"]*)"?|([^\s"]+))')


@dataclass(frozen=True)
class Clause:
    """A part of the text that a document must hold (`negated`: must not): words in a row, or a word's beginning."""

    text: str
    phrase: bool = False
    prefix: bool = False
    negated: bool = False


def parse(text: str) -> tuple[Clause, ...]:
    """Cut what a person typed into clauses: words, "words in a row", begin*, -without. No text is an error.

    >>> parse('usine "levée de fonds" entrepr* -rumeur')[2]
    Clause(text='entrepr', phrase=False, prefix=True, negated=False)
    """
    clauses = []
    for minus, phrase, word in _PIECE.findall(cleaned(text)):
        if phrase:
            clauses.append(Clause(phrase, phrase=True, negated=bool(minus)))
        elif stripped := word.rstrip("*"):
            clauses.append(Clause(stripped, prefix=stripped != word, negated=bool(minus)))
    return tuple(clauses)


@dataclass(frozen=True)
class Query:
    """A search. All that is given must hold; family, type and department must hold of one and the same signal.

    `since` and `until` are days of publication, both included; an undated document is in no period.
    `order`: `relevance` or `date` (newest first); without text it is always `date`.
    """

    text: str = ""
    family: str | None = None
    type: str | None = None
    department: str | None = None
    since: date | None = None
    until: date | None = None
    order: Order = "relevance"
    limit: int = 20
    offset: int = 0

    @property
    def fact(self) -> str | None:
        """The conjunction asked of one signal, as `facts` writes it; None when nothing is asked."""
        return fact(self.family, self.type, self.department)


@dataclass(frozen=True)
class Entry:
    """A document as it is indexed, with its signals on known companies.

    `day` is its day of publication; `facts` come from `facts`.
    """

    id: int
    title: str
    text: str
    language: str | None
    day: date | None
    facts: frozenset[str]
    signals: tuple[SignalEntry, ...] = ()


@dataclass(frozen=True)
class Hits:
    """The ids of the documents found, best first, and how many there are in all."""

    ids: tuple[int, ...]
    total: int


class Rebuild(Protocol):
    """An index that is built beside the live one, from the first document to the last. Meanwhile, what is written to
    the live one is written to it as well; what was begun and interrupted goes on where it stopped.
    """

    reached: int
    """The highest id of a document that was written to it."""

    def write(self, entries: list[Entry], reached: int) -> None:
        """Add the entries of all documents up to an id, from the last one that was reached."""

    def finish(self) -> None:
        """Put it in the live one's place, at once for every reader, and remove the old."""


class SearchIndex(Protocol):
    """What every back-end does. It can be rebuilt from the store at any time; nothing is kept only here."""

    def is_new(self) -> bool:
        """Whether nothing was ever written, so that every document must be."""

    def write(self, entries: list[Entry], removed: set[int]) -> None:
        """Put the entries in place of those with the same id, and take the removed out; all of it or none."""

    def rebuild(self) -> Rebuild:
        """Begin to build it anew, or go on with that."""

    def search(self, query: Query) -> Hits:
        """The documents that answer the query."""

    def find(self, query: SignalQuery) -> list[Found]:
        """The signals that answer the query, with their companies, by their ids."""

    def look(self, query: SignalQuery, order: Order = "date", *, limit: int = 20, offset: int = 0) -> SignalPage:
        """A page of the signals that answer the query, with counts."""


def fact(family: str | None, kind: str | None, department: str | None) -> str | None:
    """One conjunction of what is said of a signal, as a single term: `family=growing&department=38`."""
    named = (("family", family), ("type", kind), ("department", department))
    return "&".join(f"{name}={value}" for name, value in named if value) or None


def facts(families: list[str], kind: str, department: str | None) -> frozenset[str]:
    """Every conjunction that a signal satisfies, so that one term asks for several properties of the same signal."""
    choices = product((None, *families), (None, kind), (None, department))
    return frozenset(term for choice in choices if (term := fact(*choice)))


def signal_facts(signal: Signal) -> frozenset[str]:
    """The conjunctions that a stored signal satisfies; its company must be loaded."""
    return facts(signal.families, signal.type, signal.company.department if signal.company else None)
