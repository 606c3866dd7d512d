"""Communes, departments, regions, countries and foreign cities: what a name of a place in a text stands for.

The names are those of the Code officiel géographique (INSEE, as etalab's decoupage-administratif publishes it, Licence
Ouverte), of GeoNames' cities of 15,000 people and more (CC BY 4.0) and of Unicode's CLDR.
`python -m vigie.prepare.places` gathers them into `models/places.marisa`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import marisa_trie

from companies.folding import fold_text
from nlp.dates import CALENDAR

FILE = Path(__file__).parent / "models" / "places.marisa"
KINDS = ("continent", "country", "region", "department", "commune", "city")
_WIDE = KINDS[:3]  # named without any preposition too
_HOME = {"fr": frozenset({"FR"}), "en": frozenset({"GB", "US"})}  # where a text of a language is most likely from
_NEARER = 50  # a place at home is meant before a namesake abroad that is up to so many times larger
_OUTWEIGHS = 5  # how many times more people a namesake needs to be meant without more in the text
_ARTICLE = re.compile(r"^(?:le |la |les |l'|the )")
_WORD = re.compile(r"[^\W_]+(?:-(?:d['’])?[^\W_]+)*")
_JOINING = re.compile("de|du|des|la|le|les|l|sur|sous|en|lès|près|et|aux|d|of|the|upon")
_BETWEEN = re.compile(r"[ \u00a0-]+|['’] ?")
_MOST_WORDS = 6
_WIDER = r"(?: (?:the|southern|northern|eastern|western|central|nearby))*\s+"
# What stands before a place and hardly ever before a company, and what stands before both.
_SURE = {
    "fr": re.compile(r"(?:\b(?:à|a|en|aux?|dans (?:le|la|les|l['’])?|vers|(?:pr[eè]s|autour) d[e'’]|\d{5})\s*)$", re.I),
    "en": re.compile(rf"(?:\b(?:in|at|near|across|throughout|outside){_WIDER})$", re.I),
}
_MAYBE = {
    "fr": re.compile(r"(?:\b(?:de|du|des|pour|depuis|entre|sur|la|le|les)\s+|\b[dl]['’])$", re.I),
    "en": re.compile(rf"(?:\b(?:from|to|into|of|for|'s){_WIDER})$", re.I),
}
_LISTED = re.compile(r"^\s*(?:,|et|and|ou|or|puis)\s+(?:à |en |au |aux |in |de |d['’])?$")
_OPENS = re.compile(r"^\s*(?::|\(\d)")
_LARGE, _SHORTEST_BARE = 100_000, 4  # people; letters
_HELD_BACK = 20_000  # people that a town needs where nothing but a doubtful word tells that it is one
_NUMBER = re.compile(r"\((\d{2,3}|2[ab])\)")


@dataclass(frozen=True)
class Place:
    """`country` is an ISO 3166 code; `department` its French number ("49", "2A", "974"), when there is one."""

    text: str
    kind: str
    country: str
    department: str = ""
    people: int = 0

    def as_slot(self) -> dict[str, str]:
        """The place as signals keep it."""
        found = {"text": self.text, "kind": self.kind, "country": self.country, "department": self.department}
        return {name: value for name, value in found.items() if value}


def key(name: str) -> str:
    """A place's name as it is looked up: folded, without article, hyphens as spaces, "saint" written out."""
    plain = re.sub(r"[-\u2010-\u2015]", " ", fold_text(name)).replace("’", "'").strip()
    return re.sub(r"\bst(e?)\b\.?", r"saint\1", _ARTICLE.sub("", plain))


def save(places: Iterable[Place], file: Path = FILE) -> int:
    """Write the places into a trie; how many names it holds. The same places give the same bytes."""
    pairs = {
        (key(one.text), f"{KINDS.index(one.kind)}|{one.country}|{one.department}|{one.people}".encode())
        for one in places
    }
    trie = marisa_trie.BytesTrie(sorted(pair for pair in pairs if pair[0]))
    trie.save(str(file))
    return len({name for name, _ in pairs})


@lru_cache(maxsize=1)
def _trie() -> marisa_trie.BytesTrie:
    return marisa_trie.BytesTrie().mmap(str(FILE))


def bearers(name: str) -> list[Place]:
    """All places of a name, in no order."""
    found = []
    for value in _trie().get(key(name), []):
        kind, country, department, people = value.decode().split("|")
        found.append(Place(name, KINDS[int(kind)], country, department, int(people)))
    return found


def _meant(name: str, nearby: frozenset[str], home: frozenset[str]) -> Place | None:
    """Which place of a name is meant, if that can be told: the one whose department the text names, or the largest."""

    def weight(one: Place) -> int:
        return one.people * (_NEARER if one.country in home else 1)

    found = sorted(bearers(name), key=lambda one: (-weight(one), one.department))
    near = next((one for one in found if one.kind == "commune" and one.department.lower() in nearby), None)
    if near or not found:
        return near
    first, rest = found[0], found[1:]
    if not rest or weight(first) >= _OUTWEIGHS * weight(rest[0]):
        return first
    # A namesake of about the same size: which of the two is unknown, the country may still be sure.
    rivals = [one for one in rest if weight(first) < _OUTWEIGHS * weight(one)]
    if any(one.country != first.country for one in rivals):
        return None
    return Place(name, first.kind, first.country)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Runs of words that may be a name of a place, the longer first at each start."""
    words = list(_WORD.finditer(text))
    bare = not any(letter.isupper() for letter in text)
    for first, word in enumerate(words):
        if word[0] == "The" or fold_text(word[0]) in CALENDAR or not (bare or word[0][0].isupper()):
            continue
        ends = [word.end()]
        for last in words[first + 1 : first + _MOST_WORDS]:
            joined = _BETWEEN.fullmatch(text, ends[-1], last.start())
            if not joined or not (bare or last[0][0].isupper() or _JOINING.fullmatch(last[0])):
                break
            ends.append(last.end())
        for end in reversed(ends):
            yield word.start(), end


def _is_said(text: str, start: int, end: int, places: Sequence[Place], last: int | None, language: str) -> bool:
    """Whether a known name stands in a text as a place: after a preposition, in a list of places, as a heading.

    `last` is where the place before it ends.
    """
    before, after = text[:start], text[end:]
    sure = bool(_SURE[language].search(before))
    wide = any(one.kind in _WIDE for one in places)
    people = max(one.people for one in places)
    if after[:1] == " " and after[1:2].isupper() and (people < _LARGE or not sure):
        return False  # "à Paul Vidal", "France Télévisions"
    if not any(letter.isupper() for letter in text):
        return sure and end - start >= _SHORTEST_BARE and (wide or people >= _HELD_BACK)
    listed = last is not None and _LISTED.match(text[last:start])
    if sure or listed:
        return True
    if not before.strip() and _OPENS.match(after):  # "Lyon : la gare rouvre", not "Grève : la gare ferme"
        return wide or people >= _LARGE or any(one.country in _HOME[language] for one in places)
    return wide or (people >= _HELD_BACK and bool(_MAYBE[language].search(before)))


def named(text: str, language: str, others: Iterable[str] = (), likely: Collection[str] = ()) -> list[str]:
    """The places that a sentence names, as it writes them; not within the name of a company or a person (`others`).

    `likely` are what a tagger takes for places: those of a known name are places after a doubtful word too.
    """
    taken = [m.span() for name in others if name for m in re.finditer(re.escape(name), text)]
    found: list[str] = []
    last: int | None = None
    for start, end in _spans(text):
        if any(start < stop and begin < end for begin, stop in taken):
            continue
        places = bearers(text[start:end])
        hinted = text[start:end] in likely and _MAYBE[language].search(text[:start])
        if places and (hinted or _is_said(text, start, end, places, last, language)):
            taken.append((start, end))
            found.append(text[start:end])
            last = end
    return list(dict.fromkeys(found))


def resolve(names: Sequence[str], text: str, language: str = "fr") -> list[Place]:
    """The places that names in a text stand for, in their order; names that no list has are left out.

    A department named or numbered anywhere in the text ("Chemillé (49)", "en Maine-et-Loire") decides between
    communes of one name.
    """
    numbers = {match[1].lower() for match in _NUMBER.finditer(fold_text(text))}
    departments = {one.department.lower() for name in names for one in bearers(name) if one.kind == "department"}
    nearby, home = frozenset(numbers | departments), _HOME.get(language, frozenset())
    return [place for name in names if (place := _meant(name, nearby, home))]


def is_abroad(place: Place, language: str = "fr") -> bool:
    """Whether a place lies in a country, but none of those where texts of the language are most likely from."""
    return bool(place.country) and place.country not in _HOME.get(language, frozenset())
