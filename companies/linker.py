"""Finding company names in a text with a memory-mapped trie of folded names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from sqlalchemy.orm import Session

from companies.folding import Tokens, name_key
from companies.name_frequency import CommonWords
from companies.name_frequency import count as counted
from companies.name_index import NameIndex, NameIndexes, build
from companies.values import domains_in
from store import companies, documents
from store.database import Database
from store.folders import sweep

_ARTICLES = {"le", "la", "les", "l", "un", "une", "des", "ce", "cette", "ces", "the", "a", "an"}
_OPENING_ARTICLES = ("Le ", "La ", "Les ", "L'", "L’", "The ")
_FORMAT = 7  # of the index of names; another one is written anew
_PARTICLES = {"de", "du", "des", "d", "la", "le", "les", "l", "et", "en", "of", "the", "and"}
_LONGEST = 200  # letters of a name
_LETTER_AND_DIGIT = re.compile(r"\d[^\W\d_]|[^\W\d_]\d")
_STATE = re.compile(rf"names-{_FORMAT}-(\d+)-(\d+)")
_FEW, _FEW_OF = 1_000, 20  # names that are added to an index without writing it anew: so many, or one in so many
_COUNTED = 3_000  # articles whose words are counted
_TICKER = re.compile(
    r"\((?:[\w .\u00a0]{2,30}:[ \u00a0]?([A-Z][A-Z0-9]{0,5}(?:\.[A-Z]{1,2})?)|([A-Z][A-Z0-9]{0,5}\.[A-Z]{1,2}))\)"
    r"|\$([A-Z]{2,6})\b"
)


@dataclass(frozen=True)
class Mention:
    """A name in a text: offsets in the text as given, and the companies that bear the name.

    `key` is the name as the index has it, `marks` what it is besides, as `CommonWords` has it.
    """

    start: int
    end: int
    text: str
    company_ids: tuple[int, ...]
    key: str = ""
    marks: int = 0


def _keys(names: Iterable[tuple[str, int, str]]) -> Iterator[tuple[str, int]]:
    """Names as the file has them: a ticker apart from words that are written alike."""
    return ((f"${folded}" if kind == "ticker" else folded, company_id) for folded, company_id, kind in names)


def _looks_like_a_name(text: str, whole_is_lower: bool) -> bool:
    """A name stands in one paragraph and carries a capital, or a digit beside a letter.

    Where the whole text is without capitals, letters will do.
    """
    if "\n" in text:
        return False
    if text.startswith(_OPENING_ARTICLES):  # at the start of a sentence any article has a capital
        text = text[3:] or text
    if whole_is_lower:
        return not text.isdigit()
    return any(character.isupper() for character in text) or bool(_LETTER_AND_DIGIT.search(text))


def _beginnings(tokens: Tokens) -> list[int]:
    """The places of the words with which a name may begin, in order.

    They have a capital or a digit, or stand before such a word, with or without particles: "la Poste", "banque de
    l'Est".
    """
    found, next_free, folded = list[int](), 0, tokens.folded
    for place in [place for place, word in enumerate(tokens.words) if not word.islower()]:
        first = place - 1
        while first > next_free and folded[first] in _PARTICLES:
            first -= 1
        found.extend(range(max(first, next_free), place + 1))
        next_free = place + 1
    return found


class Linker:
    """Finds the names of indexes; `merged` are companies that another one stands for, with that one, by their ids."""

    def __init__(self, *folders: Path, merged: Mapping[int, int] | None = None) -> None:
        self._names = NameIndex(*folders) if len(folders) == 1 else NameIndexes(folders)
        self._merged = merged or {}

    def find(self, text: str) -> list[Mention]:
        """The longest names at each place of the text, from left to right, none inside another."""
        tokens = Tokens(text)
        folded = tokens.folded
        whole_is_lower, whole_is_upper = text.islower(), text.isupper()
        joined = " ".join(folded)
        starts = [0, *accumulate(map(len, folded))]
        mentions: list[Mention] = []
        free = 0  # the first word that is in no mention yet
        places = range(len(folded)) if whole_is_lower else _beginnings(tokens)
        for position in self._names.openings(folded, places):
            if position < free:
                continue
            begin = starts[position] + position
            for key in reversed(self._names.prefixes(joined[begin : begin + _LONGEST])):
                if begin + len(key) < len(joined) and joined[begin + len(key)] != " ":
                    continue
                count = key.count(" ") + 1
                if whole_is_upper and count == 1 and position and folded[position - 1] in _ARTICLES:
                    continue  # where all is in capitals, "LE GALET" is a pebble, "L'USINE GALET" a company's
                start, end = tokens.span(position, position + count - 1)
                if _looks_like_a_name(text[start:end], whole_is_lower):
                    mentions.append(self._mention(text, start, end, key))
                    free = position + count
                    break
        if others := [*self._tickers(text), *self._domains(text)]:
            taken = {mention.start for mention in mentions}
            mentions += [other for other in others if other.start not in taken]
            mentions.sort(key=lambda mention: mention.start)
        return mentions

    def _domains(self, text: str) -> Iterator[Mention]:
        """The domains of web sites, whatever letters they are in."""
        for end, site in domains_in(text):
            if (key := name_key(site)) in self._names:
                yield self._mention(text, end - len(site), end, key)

    def _tickers(self, text: str) -> Iterator[Mention]:
        """Tickers in brackets, after the name of an exchange, with one's ending, or after a dollar sign.

        So (Euronext: ABC), (ABC.PA) and $ABC; (ABC) alone is more often an abbreviation.
        """
        for found in _TICKER.finditer(text) if "(" in text or "$" in text else ():
            symbol = found.lastindex or 0
            key = f"${name_key(found[symbol])}"
            if key in self._names:
                yield self._mention(text, *found.span(symbol), key)

    def _mention(self, text: str, start: int, end: int, key: str) -> Mention:
        bearers = self._names.bearers(key)
        if self._merged:
            bearers = tuple(sorted({self._merged.get(one, one) for one in bearers}))
        return Mention(start, end, text[start:end], bearers, key, self._names.marks(key))


def _base(session: Session, folder: Path, count: int, newest: int) -> tuple[Path, int] | None:
    """An index to which little was added since, and from which nothing was taken, with the newest name in it."""
    for index in sorted(folder.glob(f"names-{_FORMAT}-*")):
        state = _STATE.fullmatch(index.name)
        if not state:
            continue  # what was added to another, or one whose writing was cut off
        old_count, old_newest = int(state[1]), int(state[2])
        little = 0 <= count - old_count <= max(_FEW, old_count // _FEW_OF)
        if little and old_newest <= newest and companies.names_state(session, old_newest) == (old_count, old_newest):
            return index, old_newest
    return None


def open_linker(database: Database, folder: Path) -> Linker:
    """The linker of the register as it stands.

    Its index is written anew when names were taken away, or many were added; few that are new get one of their own, so
    that a name typed by hand costs nothing among millions. Common words are counted when one is written: in the
    package's texts and in the articles that were read last.
    """
    with database.reading() as session:
        count, newest = companies.names_state(session)
        base = _base(session, folder, count, newest)
        index, after = base or (folder / f"names-{_FORMAT}-{count}-{newest}", 0)
        wanted = [index]
        if after < newest and base:
            wanted.append(index.with_name(f"{index.name}+{count}-{newest}"))
        for one, start in zip(wanted, (0, after), strict=False):
            if not one.exists():
                words = CommonWords(counted(documents.last_texts(session, _COUNTED)))
                build(_keys(companies.all_names(session, start)), one, words)
        merged = companies.merged(session)
    sweep(folder, "names-*", wanted)
    return Linker(*wanted, merged=merged)
