"""Counts the words by which names that are common words are told: `python -m vigie.words`, after `make places names`.

The result, companies/models/words.marisa, is part of the package.
"""

from __future__ import annotations

import marisa_trie

from companies.commonness import FILE, count, save
from companies.folding import name_key
from nlp.corpus import texts
from nlp.people import FIRST_NAMES
from nlp.places import FILE as PLACES
from vigie.console import say

_PEOPLE = 2_000  # of a town whose name is taken for the town


def main() -> int:
    """Write the file of words."""
    places = marisa_trie.BytesTrie().mmap(str(PLACES))
    towns = {name_key(name) for name, facts in places.iteritems() if int(facts.split(b"|")[3]) >= _PEOPLE}
    first_names = {name_key(name) for name in marisa_trie.Trie().mmap(str(FIRST_NAMES))}
    entries = save(count(texts()), towns, first_names)
    say(f"{entries} words, {FILE.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
