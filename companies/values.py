"""What stands in a cell of a register: days, figures, codes, departments. Each raises `ValueError`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache, lru_cache
from urllib.parse import urlsplit

_AHEAD = timedelta(days=366)
"""Registers announce companies of next year; a day later than that is a mistake."""
_REMEMBERED = 50_000  # days, places, codes: a register has few of them, millions of times
EMPTY = frozenset({"", "-", "n/a", "nc", "nd", "[nd]", "null", "none"})
"""What cells hold that say nothing."""
_SPACE = re.compile(r"[\s\u00a0\u202f]+")
_FRENCH_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_ENDING = re.compile(r"\.[a-z]{2,}\b(?!\.[a-z])")
_HOST = re.compile(r"[\w.-]+$")
_LONGEST_HOST = 200  # letters
_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")
_LARGEST = 1e15  # of an amount: more than all the money there is
MOST = 2_000_000_000  # of what is counted: people, sites, followers
_NAF = 5  # signs of a whole code
_SHORT_NAF = re.compile(r"\d{3}[A-Z]")
_NAF_CODE = re.compile(r"\d{2,4}|\d{4}[A-Z]")
_RANGE = re.compile(r"(?:de |entre |from )?(\d{1,9}) ?(?:-|–|à|a|et|to|and) ?(\d{1,9})(?: [^\W\d]+)?")
_FIGURE = re.compile(r"[+-]?\d+(?:\.\d+)?")


@lru_cache(maxsize=_REMEMBERED)
def day(value: str, today: date) -> date | None:
    """A day written `2026-11-25` (a time after it is left out), `25/11/2026` or `2026`; None when the cell is empty."""
    text = value.strip()
    if text.lower() in EMPTY:
        return None
    french = _FRENCH_DAY.fullmatch(text)
    try:
        if french:
            told = date(int(french[3]), int(french[2]), int(french[1]))
        else:
            told = date.fromisoformat(f"{text}-01-01" if len(text) == len("2026") else text[:10])
    except ValueError:
        raise ValueError(f"'{text[:30]}' is not a day; write it as in 2026-11-25 or 25/11/2026") from None
    if told > today + _AHEAD:
        raise ValueError(f"the day {told.isoformat()} lies in the future")
    return told


def figure(value: str, unit: float = 1) -> float | None:
    """A figure as French or English spreadsheets write it, times `unit`; None, not zero, when the cell is empty.

    The last point or comma is the decimal one, unless it stands more than once.
    """
    text = _SPACE.sub("", value).rstrip("€%").replace("\u2212", "-")
    if text.lower() in EMPTY:
        return None
    marks = [sign for sign in text if sign in ".,"]
    decimal = marks[-1] if marks and marks.count(marks[-1]) == 1 else ""
    for sign in ".,":
        text = text.replace(sign, "." if sign == decimal else "")
    if not _FIGURE.fullmatch(text):
        raise ValueError(f"'{value[:30]}' is not a figure")
    found = round(float(text) * unit, 6)
    if not abs(found) <= _LARGEST:
        raise ValueError(f"'{value[:30]}' is larger than any figure of a company")
    return found


def between(value: str) -> int | None:
    """The middle of a range of whole numbers, `20 à 49 salariés` or `20-49`; None when the cell is none."""
    found = _RANGE.fullmatch(_SPACE.sub(" ", value).strip())
    return None if found is None else (int(found[1]) + int(found[2])) // 2


def whole(value: str) -> int | None:
    """A whole number; None when the cell is empty."""
    found = figure(value)
    if found is None:
        return None
    if found != int(found) or found < 0:
        raise ValueError(f"'{value[:30]}' is not a whole number")
    if found > MOST:
        raise ValueError(f"'{value[:30]}' is more than anything is counted")
    return int(found)


@lru_cache(maxsize=_REMEMBERED)
def department(code: str) -> str | None:
    """The department of a commune's code, a postcode or a department's number: `69123` is in 69, `97411` in 974."""
    text = code.strip().upper()
    if text.lower() in EMPTY:
        return None
    text = text.zfill(2 if len(text) < 4 else 5)
    if text[:2] == "20" and len(text) == len("20000"):
        return "2A" if text[2] in "01" else "2B"
    return text[:3] if text[:2] in ("97", "98") else text[:2]


def naf(code: str) -> str | None:
    """An activity's code of the French nomenclature without its point: `14.19 Z` is 1419Z; a lost zero is put back."""
    text = "".join(code.split()).replace(".", "").upper()
    return (text.zfill(_NAF) if _SHORT_NAF.fullmatch(text) else text) if text.lower() not in EMPTY else None


def whole_naf(code: str) -> str | None:
    """As `naf`, of a cell: a code of five signs, or a division or class of the nomenclature."""
    found = naf(code)
    if found and not _NAF_CODE.fullmatch(found):
        raise ValueError(f"'{code[:30]}' is no code of an activity; write it as in 62.01Z")
    return found


def country(text: str) -> str | None:
    """A country's code (ISO 3166-1), from itself or from its French or English name; None when the cell is empty."""
    said = " ".join(text.split()).casefold()
    if said in EMPTY:
        return None
    if said not in _countries():
        raise ValueError(f"'{text[:30]}' is no country; write its code of two letters, as in FR")
    return _countries()[said]


@cache
def _countries() -> dict[str, str]:
    """The codes of countries, by themselves and by their names in small letters."""
    from babel import Locale

    names = [Locale(language).territories for language in ("fr", "en")]
    codes: dict[str, str] = {name.casefold(): code for known in names for code, name in known.items() if code.isalpha()}
    return codes | {code.casefold(): code for code in codes.values()}


@lru_cache(maxsize=_REMEMBERED)
def domain(site: str) -> str:
    """The domain of a web site, without `www`; empty when the text is no address of one."""
    if _DOMAIN.fullmatch(plain := site.removeprefix("www.")):
        return plain
    try:
        host = (urlsplit(site if "//" in site else f"//{site}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return host if _DOMAIN.fullmatch(host) else ""


def domains_in(text: str) -> Iterator[tuple[int, str]]:
    """The domains that a text names, without `www`, in small letters, each with the offset where it ends.

    It looks back from each ending, so that a long run of letters and dots costs no more than its length.
    """
    for ending in _ENDING.finditer(text):
        host = _HOST.search(text, max(0, ending.start() - _LONGEST_HOST), ending.start())
        if host and (found := domain(f"{host[0]}{ending[0]}".lower())):
            yield ending.end(), found
