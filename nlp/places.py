"""Communes, departments, regions, countries and foreign cities: what a name of a place in a text stands for.

The names are those of the Code officiel géographique (INSEE, as etalab's decoupage-administratif publishes it, Licence
Ouverte), of GeoNames' cities of 15,000 people and more (CC BY 4.0) and of Unicode's CLDR. `python -m vigie.places`
gathers them into `models/places.marisa`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import marisa_trie

from companies.folding import fold_text

FILE = Path(__file__).parent / "models" / "places.marisa"
KINDS = ("country", "region", "department", "commune", "city")  # one letter each in the file: its first two differ
_HOME = {"fr": frozenset({"FR"}), "en": frozenset({"GB", "US"})}  # where a text of a language is most likely from
_NEARER = 50  # a place at home is meant before a namesake abroad that is up to so many times larger
_OUTWEIGHS = 5  # how many times more people a namesake needs to be meant without more in the text
_ARTICLE = re.compile(r"^(?:le |la |les |l'|the )")
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


def resolve(names: Sequence[str], text: str, language: str = "fr") -> list[Place]:
    """The places that names in a text stand for, in their order; names that no list has are left out.

    A department named or numbered anywhere in the text ("Chemillé (49)", "en Maine-et-Loire") decides between
    communes of one name.
    """
    numbers = {match[1].lower() for match in _NUMBER.finditer(fold_text(text))}
    named = {one.department.lower() for name in names for one in bearers(name) if one.kind == "department"}
    nearby, home = frozenset(numbers | named), _HOME.get(language, frozenset())
    return [place for name in names if (place := _meant(name, nearby, home))]


def is_abroad(place: Place, language: str = "fr") -> bool:
    """Whether a place lies outside the countries where texts of the language are most likely from."""
    return place.country not in _HOME.get(language, frozenset())
