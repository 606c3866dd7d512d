"""Finding company names in a text with a memory-mapped trie of folded names."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import marisa_trie
import numpy as np

from companies.folding import fold, name_key, placed_words
from companies.names import forms
from companies.values import domain
from store import companies
from store.database import Database

_ARTICLES = {"le", "la", "les", "l", "un", "une", "des", "ce", "cette", "ces", "the", "a", "an"}
_FORMAT = 2  # of the file of names; another one is written anew
_LONGEST = 12  # words in a name
_SHORTEST = 3  # letters in a name of one word
_TICKER = re.compile(r"\((?:[\w .]{2,30}: ?)?([A-Z][A-Z0-9.]{1,9})\)|\$([A-Z]{2,6})\b")


@dataclass(frozen=True)
class Mention:
    """A name in a text: offsets in the text as given, and the companies that bear the name."""

    start: int
    end: int
    text: str
    company_ids: tuple[int, ...]


def build(names: Iterable[tuple[str, int]], file: Path) -> None:
    """Write the names of (folded name, company id) pairs to a file, and beside it (`.npy`) who bears them.

    Each is written in one step, the names last, so that no reader sees half of it.
    """
    bearers: defaultdict[str, set[int]] = defaultdict(set)
    for key, company_id in names:
        for form in {key} if key.startswith("$") else forms(key):
            length = form.count(" ") + 1
            if length <= _LONGEST and (length > 1 or len(form) >= _SHORTEST):
                bearers[form].add(company_id)
    trie = marisa_trie.Trie(bearers)
    ids = [sorted(bearers[trie.restore_key(number)]) for number in range(len(trie))]
    starts = np.cumsum([len(ids) + 1, *map(len, ids)])
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_suffix(f".{os.getpid()}.tmp.npy")
    np.save(scratch, np.concatenate([starts, *map(np.asarray, ids)]).astype(np.int64))
    scratch.replace(file.with_suffix(".npy"))
    scratch = file.with_suffix(f".{os.getpid()}.tmp")
    trie.save(str(scratch))
    scratch.replace(file)


def _keys(names: Iterable[tuple[str, int, str]]) -> Iterator[tuple[str, int]]:
    """Names as the file has them: a ticker apart from words that are written alike."""
    return ((f"${folded}" if kind == "ticker" else folded, company_id) for folded, company_id, kind in names)


def _looks_like_a_name(text: str, whole_is_lower: bool) -> bool:
    """A name stands in one paragraph and carries a capital or a digit, unless the whole text is without any.

    A domain may be in small letters anywhere.
    """
    if "\n" in text:
        return False
    if "." in text and domain(text):
        return True
    return whole_is_lower or any(character.isupper() or character.isdigit() for character in text)


class Linker:
    """Finds the names of a file; ready at once, since names and ids are mapped, not read."""

    def __init__(self, file: Path) -> None:
        self._trie = marisa_trie.Trie().mmap(str(file))
        self._ids = np.load(file.with_suffix(".npy"), mmap_mode="r")

    def find(self, text: str) -> list[Mention]:
        """The longest names at each place of the text, from left to right, none inside another."""
        folded = fold(text)
        whole_is_lower = not any(character.isupper() for character in text)
        whole_is_upper = not any(character.islower() for character in text)
        found = placed_words(folded.text)
        joined = " ".join(word for word, _, _ in found)
        starts = [0, *accumulate(len(word) + 1 for word, _, _ in found)]
        mentions: list[Mention] = []
        position = 0
        while position < len(found):
            mention, length = None, 1
            begin = starts[position]
            ahead = joined[begin : starts[min(position + _LONGEST, len(found))]]
            for key in reversed(self._trie.prefixes(ahead)):
                if begin + len(key) < len(joined) and joined[begin + len(key)] != " ":
                    continue
                count = key.count(" ") + 1
                if whole_is_upper and count == 1 and position and found[position - 1][0] in _ARTICLES:
                    continue  # where all is in capitals, "LE GALET" is a pebble, "L'USINE GALET" a company's
                start, end = folded.span(found[position][1], found[position + count - 1][2])
                if _looks_like_a_name(text[start:end], whole_is_lower):
                    mention, length = Mention(start, end, text[start:end], self._bearers(key)), count
                    break
            if mention is not None:
                mentions.append(mention)
            position += length
        if tickers := list(self._tickers(text)):
            taken = {mention.start for mention in mentions}
            mentions += [ticker for ticker in tickers if ticker.start not in taken]
            mentions.sort(key=lambda mention: mention.start)
        return mentions

    def _tickers(self, text: str) -> Iterator[Mention]:
        """Tickers in brackets, after the name of an exchange or a dollar sign: (Euronext: ABC), (ABC.PA), $ABC."""
        for found in _TICKER.finditer(text) if "(" in text or "$" in text else ():
            symbol = found[1] or found[2]
            key = f"${name_key(symbol)}"
            if key in self._trie:
                yield Mention(*found.span(1 if found[1] else 2), symbol, self._bearers(key))

    def _bearers(self, key: str) -> tuple[int, ...]:
        number = self._trie[key]
        first, last = self._ids[number : number + 2].tolist()
        return tuple(self._ids[first:last].tolist())


def open_linker(database: Database, folder: Path) -> Linker:
    """The linker of the register as it stands; its file is written anew only when names were added or removed."""
    with database.session() as session:
        stem = f"names-{_FORMAT}-{companies.names_stamp(session)}"
        file = folder / f"{stem}.marisa"
        if not file.exists():
            build(_keys(companies.all_names(session)), file)
    for old in folder.glob("names-*.*"):
        if old.stem != stem:
            old.unlink(missing_ok=True)
    return Linker(file)
