"""The zone of hours that say none: that of the country which a feed, a page or a source is of. Pure."""

from __future__ import annotations

from datetime import UTC, tzinfo
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

_CAPITALS = {  # of countries that have one zone, by ISO 3166-1 and the domain of the highest level
    "at": "Vienna",
    "be": "Brussels",
    "ch": "Zurich",
    "de": "Berlin",
    "dk": "Copenhagen",
    "fr": "Paris",
    "gb": "London",
    "ie": "Dublin",
    "it": "Rome",
    "lu": "Luxembourg",
    "mc": "Monaco",
    "nl": "Amsterdam",
    "pl": "Warsaw",
    "se": "Stockholm",
    "uk": "London",
}
_COUNTRIES = {"fr": "fr"}  # of languages that most often mean one


def zone_of(url: str, *languages: str | None) -> tzinfo:
    """The zone of a country: that of a language's tag (`fr-BE`), of the host, or of the language; else UTC.

    The languages are those of a document and of its source, the surest first, as in RFC 5646.
    """
    tags = [said.strip().lower().replace("_", "-").split("-") for said in languages if said]
    host = (urlsplit(url).hostname or "").rpartition(".")[2]
    own = [_COUNTRIES.get(tag[0], "") for tag in tags[:1] if len(tag) == 1]
    countries = [*(tag[-1] for tag in tags if len(tag) > 1), host, *own]
    capital = next((_CAPITALS[one] for one in countries if one in _CAPITALS), None)
    return ZoneInfo(f"Europe/{capital}") if capital else UTC
