"""The days, months, quarters and years that a sentence names, and what relative ones mean on the day it was published.

A moment is a span of days, because most are vague: "en mars", "d'ici 2027", "last quarter".
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from companies.folding import fold


def _numbered(*names: str, start: int = 1) -> dict[str, int]:
    """The names of consecutive numbers, several a number."""
    return {name: number for number, same in enumerate(names, start) for name in same.split()}


_MONTHS = _numbered(
    "janvier janv january jan",
    "fevrier fevr february feb",
    "mars march mar",
    "avril avr april apr",
    "mai may",
    "juin june jun",
    "juillet juil july jul",
    "aout august aug",
    "septembre sept september sep",
    "octobre october oct",
    "novembre november nov",
    "decembre december dec",
)
_WEEKDAYS = _numbered(
    "lundi monday",
    "mardi tuesday",
    "mercredi wednesday",
    "jeudi thursday",
    "vendredi friday",
    "samedi saturday",
    "dimanche sunday",
    start=0,
)
CALENDAR = frozenset([*_MONTHS, *_WEEKDAYS])
"""The folded names of months and days of the week."""
_COUNTS = _numbered(
    "un une a one an",
    "deux two",
    "trois three",
    "quatre four",
    "cinq five",
    "six",
    "sept seven",
    "huit eight",
    "neuf nine",
    "dix ten",
)
_ORDINALS = {"premier": 1, "1er": 1, "first": 1, "deuxieme": 2, "second": 2, "2e": 2, "troisieme": 3, "third": 3}
_ORDINALS |= {"3e": 3, "quatrieme": 4, "fourth": 4, "4e": 4, "dernier": 4}
_UNITS = {"jour": 1, "jours": 1, "day": 1, "days": 1, "semaine": 7, "semaines": 7, "week": 7, "weeks": 7}
_UNITS |= {"mois": 30, "month": 30, "months": 30, "trimestre": 91, "quarter": 91, "semestre": 182}
_UNITS |= {"an": 365, "ans": 365, "annee": 365, "annees": 365, "year": 365, "years": 365}

_MONTHS_OF = {30: 1, 91: 3, 182: 6}

_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b(?:\.(?= ?\d))?"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_COUNT = r"(?P<count>\d{1,2}|" + "|".join(_COUNTS) + r")\b"
_UNIT = "(?P<unit>" + "|".join(sorted(_UNITS, key=len, reverse=True)) + r")\b"
_ORDINAL = "(?P<ordinal>" + "|".join(_ORDINALS) + ")"
_BEFORE_YEAR = (
    "(?:l'annee|en|in|by|since|depuis|d'ici(?: a| fin)?|fin|debut|mi|of|before|avant|horizon|des|vers|pour|"
    "from|for|mid)"
)
_WEEKDAY = f"(?:{'|'.join(_WEEKDAYS)})"
_DAY = r"(?P<day>[0-3]?\d)(?:er|st|nd|rd|th)?\b"
_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("day", r"\b(?P<day>[0-3]?\d)/(?P<month>[01]?\d)/(?P<year>(?:19|20)\d\d)\b"),
        ("day", r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)\b"),
        ("day", rf"\b(?:{_WEEKDAY},? )?{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?"),
        ("day", rf"\b(?:{_WEEKDAY},? )?{_MONTH} {_DAY}(?:,? {_YEAR})?"),
        ("quarter", rf"\b{_ORDINAL} (?P<part>trimestre|semestre|quarter|half)\b(?:[ ,]+(?:de |of |in )?{_YEAR})?"),
        ("quarter", rf"\b(?P<letter>[qth])(?P<ordinal>[1-4])\b(?!-)(?: {_YEAR})?"),
        ("month", rf"\b{_MONTH},? {_YEAR}"),
        (
            "month",
            r"\b(?:en|in|debut|fin|mi|mid|early|late|since|depuis|by|des|from|until|before|avant|courant|"
            rf"d'ici(?: a| fin)?)[ -]{_MONTH}(?! \d)",
        ),
        ("years", rf"\b{_YEAR}[-/](?P<until>(?:19|20)?\d\d)\b(?![-/])"),
        ("year", rf"\b{_BEFORE_YEAR}[ -]{_YEAR}"),
        ("year", rf"(?<=\b(?:19|20)\d\d )(?:et|and) {_YEAR}"),
        ("ago", rf"\bil y a (?:pres de |environ |plus de )?{_COUNT} {_UNIT}"),
        ("ago", rf"\b{_COUNT} {_UNIT} ago\b"),
        ("ahead", rf"\b(?:dans|d'ici(?: a)?|sous|in|within) (?:les |the next )?{_COUNT} {_UNIT}"),
        ("ahead", rf"\b(?:next|coming) {_COUNT} {_UNIT}"),
        ("ahead", rf"\b{_COUNT} (?:prochain|prochaine)s {_UNIT}"),
        ("weekday", rf"\b(?P<weekday>{'|'.join(_WEEKDAYS)})\b(?: (?P<way>dernier|prochain))?"),
        ("weekday", rf"\b(?P<way>last|next) (?P<weekday>{'|'.join(_WEEKDAYS)})\b"),
        ("unit", rf"\b(?:la|le|l'|les) ?{_UNIT} (?P<way>dernier|derniere|passe|passee|prochain|prochaine)\b"),
        ("unit", rf"\b(?P<way>last|next|this|cette|ce) {_UNIT}"),
        ("near", r"\b(?P<near>avant-hier|hier|aujourd'hui|demain|yesterday|today|tomorrow)\b"),
    )
)
_BACK = frozenset({"dernier", "derniere", "passe", "passee", "last"})
_NOW = frozenset({"this", "cette", "ce"})
# "the first loss in twenty years" looks back, not ahead.
_LOOKING_BACK = re.compile(r"\b(?:first|worst|best|biggest|largest|lowest|highest|time)\b[^.;:]*$")
_NEAR = {"avant-hier": -2, "hier": -1, "yesterday": -1, "aujourd'hui": 0, "today": 0, "demain": 1, "tomorrow": 1}


@dataclass(frozen=True)
class Moment:
    """A span of days, first and last included, and where in the text it is named (offsets in characters)."""

    first: date
    last: date
    start: int
    end: int


def _month(year: int, month: int, months: int = 1) -> tuple[date, date]:
    """The first and last day of so many months."""
    last = month + months - 1
    return date(year, month, 1), date(year, last, monthrange(year, last)[1])


def _nearest_year(month: int, published: date) -> int:
    """The year of a month named without one: within half a year of the publication."""
    ahead = month - published.month
    return published.year + (1 if ahead < -6 else -1 if ahead > 6 else 0)


def _absolute(kind: str, said: dict[str, str], published: date | None) -> tuple[date, date] | None:
    """What a moment means that names a day, month, quarter or year; without its year, near the publication."""
    year = int(said["year"]) if said.get("year") else 0
    if kind in ("year", "years"):
        until = said.get("until", str(year))
        last = int(str(year)[: 4 - len(until)] + until)
        return (date(year, 1, 1), date(last, 12, 31)) if year <= last else None
    if kind == "quarter":
        year = year or (published.year if published else 0)
        ordinal = said["ordinal"]
        number = int(ordinal) if ordinal.isdigit() else _ORDINALS[ordinal]
        months = 6 if said.get("part") in ("semestre", "half") or said.get("letter") == "h" else 3
        return _month(year, 1 + (min(number, 12 // months) - 1) * months, months) if year else None
    month = int(said["month"]) if said["month"].isdigit() else _MONTHS[said["month"]]
    year = year or (_nearest_year(month, published) if published else 0)
    if not year:
        return None
    if kind == "month":
        return _month(year, month)
    day = date(year, month, int(said["day"]))
    return day, day


def _relative(kind: str, said: dict[str, str], published: date) -> tuple[date, date]:
    """What a moment means that is counted from the day of publication."""
    way = -1 if said.get("way") in _BACK else 0 if said.get("way") in _NOW else 1
    if kind == "near":
        day = published + timedelta(_NEAR[said["near"]])
        return day, day
    if kind == "weekday":
        ahead = (_WEEKDAYS[said["weekday"]] - published.weekday()) % 7
        # Without more, the press means the last one, today included.
        days = (ahead or 7) if said.get("way") and way == 1 else ahead - 7 if ahead or said.get("way") else 0
        day = published + timedelta(days)
        return day, day
    days = _UNITS[said["unit"]]
    if kind == "unit":
        if days == 365:
            return date(published.year + way, 1, 1), date(published.year + way, 12, 31)
        if days in _MONTHS_OF:
            months = _MONTHS_OF[days]
            index = (published.year * 12 + published.month - 1) // months + way
            return _month(index * months // 12, index * months % 12 + 1, months)
        monday = published - timedelta(published.weekday()) + timedelta(way * days)
        return monday, monday + timedelta(days - 1)
    count = said["count"]
    far = timedelta((int(count) if count.isdigit() else _COUNTS[count]) * days)
    day = published - far if kind == "ago" else published + far
    if days < 30:
        return day, day
    return (day.replace(day=1), day.replace(day=28)) if days < 365 else (date(day.year, 1, 1), date(day.year, 12, 31))


def _matches(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """What names a moment, the more exact pattern first; nothing inside another."""
    taken: list[tuple[int, int]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if all(match.end() <= start or end <= match.start() for start, end in taken):
                taken.append(match.span())
                yield kind, match


def moments(text: str, published: date | None) -> list[Moment]:
    """The moments a text names, in its order; without a day of publication, only those that say their year.

    French and English. A date that does not exist is left out. A weekday alone is the last one, today included.
    """
    if not any(character.isdigit() for character in text) and published is None:
        return []
    folded = fold(text)
    found = []
    for kind, match in _matches(folded.text):
        said: dict[str, Any] = {name: value for name, value in match.groupdict().items() if value}
        try:
            if match[0].startswith("in ") and kind == "ahead" and _LOOKING_BACK.search(folded.text[: match.start()]):
                continue
            if kind in ("day", "month", "quarter", "year", "years"):
                span = _absolute(kind, said, published)
            else:
                span = _relative(kind, said, published) if published else None
        except (ValueError, OverflowError):
            continue
        if span:
            found.append(Moment(*span, *folded.span(*match.span())))
    return sorted(found, key=lambda moment: moment.start)
