"""Gathers the first names that the product knows: `python -m vigie.prepare.first_names FAKER_WHEEL`.

FAKER_WHEEL is Faker from PyPI (MIT), whose providers list the first names of some sixty countries; `make names` fetches
it. The result, nlp/models/first_names.marisa, is part of the package.
"""

from __future__ import annotations

import importlib
import sys
import zipfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import marisa_trie

from nlp.people import FIRST_NAMES, key
from vigie.console import say
from vigie.prepare.places import is_western

_FOLDER = "faker/providers/person/"
_LAST_WESTERN = 0x0250  # the end of Latin Extended-B
_LEAST_LETTERS = 2
_NO_NAMES = {"le", "la", "de", "del", "van", "von", "saint", "sainte", "french", "tech", "prince", "princess"}


def listed(wheel: Path, kind: str, languages: Collection[str] = ()) -> Iterator[str]:
    """The names of people of a kind (`first` or `last`) that Faker's wheel has, in whatever letters.

    Those of all countries, or of those where one of the languages is spoken (`fr` for `fr_BE` as well).
    """
    with zipfile.ZipFile(wheel) as archive:
        inside = [name.removeprefix(_FOLDER) for name in archive.namelist() if name.startswith(_FOLDER)]
    countries = sorted({name.split("/")[0] for name in inside if name.count("/") == 1})
    sys.path.insert(0, str(wheel))
    for country in countries:
        if languages and country.split("_")[0] not in languages:
            continue
        provider = importlib.import_module(f"faker.providers.person.{country}").Provider
        for attribute, names in vars(provider).items():
            if attribute.startswith(f"{kind}_") and isinstance(names, Iterable):
                yield from (str(name) for name in names)


def main(wheel: str) -> int:
    """Write the file of first names."""
    full = (
        name for name in listed(Path(wheel), "first") if is_western(name, _LAST_WESTERN) and len(name) >= _LEAST_LETTERS
    )
    names = {key(part) for name in full for part in (name, name.split("-")[0])}
    marisa_trie.Trie(sorted(names - _NO_NAMES)).save(str(FIRST_NAMES))
    say(f"{len(names)} first names, {FIRST_NAMES.stat().st_size / 1e3:.0f} kB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
