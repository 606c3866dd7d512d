"""Counts the common words that are names too: `python -m vigie.prepare.words FAKER_WHEEL NPM_FOLDER...`.

They are counted in the training text; the folders hold the unpacked npm packages an-array-of-french-words and
an-array-of-english-words (MIT), the wheel is Faker (MIT), whose family names are taken; `make words` fetches them.
Places and first names are those that are there. The result, companies/models/words.marisa, is part of the package.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import marisa_trie

from companies.folding import name_key
from companies.name_frequency import FAMILY_NAME, FILE, FIRST_NAME, PLACE, VILLAGE, WORD, count, save
from nlp.corpus import texts
from nlp.people import FIRST_NAMES
from nlp.places import FILE as PLACES
from vigie.console import say
from vigie.prepare.first_names import listed

_LARGE = {"FR": 5_000, "GB": 50_000, "US": 50_000, "CA": 50_000, "BE": 50_000, "CH": 50_000, "LU": 50_000}
_LEAST, _LONGEST = 3, 16  # letters of a word that may be a name
_LARGE_ABROAD = 1_000_000  # people of a town whose name is taken for the town, rather than for a company


def _spoken(folders: Iterable[str]) -> set[str]:
    """The folded words of lists that have them in small letters."""
    listed = (word for folder in folders for word in json.loads((Path(folder) / "index.json").read_text("utf-8")))
    return {name_key(word) for word in listed if word.isalpha() and _LEAST <= len(word) <= _LONGEST}


def main(wheel: str, *folders: str) -> int:
    """Write the file of words."""
    towns, villages = set[str](), set[str]()
    for name, facts in marisa_trie.BytesTrie().mmap(str(PLACES)).iteritems():
        _, country, _, people = facts.decode().split("|")
        is_large = int(people) >= _LARGE.get(country, _LARGE_ABROAD)
        (towns if is_large else villages).add(name_key(name))
    first_names = {name_key(name) for name in marisa_trie.Trie().mmap(str(FIRST_NAMES))}
    families = {name_key(name) for name in listed(Path(wheel), "last", ("fr", "en"))}
    marks = {
        PLACE: towns,
        VILLAGE: villages,
        FIRST_NAME: first_names,
        WORD: _spoken(folders),
        FAMILY_NAME: {name for name in families if name.isalpha() and len(name) >= _LEAST},
    }
    entries = save(count(texts()), marks)
    say(f"{entries} words, {FILE.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
