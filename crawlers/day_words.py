"""Days as people write them, in French and English: `14 sept. 2026`, `le 1er mars 2026 à 10 h 30`, `Nov. 3, 2026`.

Libraries for this read the French `sept` as seven; only whole days with their year are read here. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from email.utils import parsedate_to_datetime

_MONTHS = {
    1: "janvier janv jan january",
    2: "février fevrier févr fevr fév fev february feb",
    3: "mars march mar",
    4: "avril avr april apr",
    5: "mai may",
    6: "juin june jun",
    7: "juillet juil july jul",
    8: "août aout aoû aou august aug",
    9: "septembre sept sep september",
    10: "octobre oct october",
    11: "novembre nov november",
    12: "décembre decembre déc dec december",
}
_NUMBER = {name: number for number, names in _MONTHS.items() for name in names.split()}
_NAME = "|".join(sorted(_NUMBER, key=len, reverse=True))
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_HOUR = (
    r"(?:\W{0,3}(?:à|at|-|–|\|)?\W{0,3}(?P<hour>[01]?\d|2[0-3])\s?[h:]\s?(?P<minute>[0-5]\d)"
    r"(?:\s?(?P<half>[ap])\.?m\b)?)?"
)
_MAIL = re.compile(
    rf"(?<!\d)(\d{{1,2}})[ -](?P<month>{_NAME})\.?[ -]((?:19|20)\d\d),?\s+(\d\d?:\d\d(?::\d\d)?)"
    r"\s*([+-]\d{4}|[A-Z]{1,5})?",
    re.IGNORECASE,
)
_ZONES = {  # of Europe; RFC 5322 has those of North America only
    name: offset
    for offset, names in {
        "+0000": "UTC UT WET",
        "+0100": "CET MET MEZ WEST BST",
        "+0200": "CEST MEST MESZ EET",
        "+0300": "EEST MSK",
    }.items()
    for name in names.split()
}
_ENGLISH = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FORMS = [
    re.compile(form + _HOUR, re.IGNORECASE)
    for form in (
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)?\s*(?:of\s+)?[ .-]?(?P<month>{_NAME})\b\.?,?[ .-]?\s*{_YEAR}",
        rf"\b(?P<month>{_NAME})\b\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}",
        rf"(?<!\d)(?P<day>\d{{1,2}})[/.-](?P<month>\d{{1,2}})[/.-]{_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)",
    )
]


def _read(found: re.Match[str], zone: tzinfo) -> datetime | None:
    name, hour = found["month"].lower(), found["hour"]
    month = int(name) if name.isdigit() else _NUMBER[name]
    try:
        if hour is None:
            return datetime(int(found["year"]), month, int(found["day"]), tzinfo=UTC)
        half = {"a": 0, "p": 12}.get((found["half"] or "").lower())
        clock = int(hour) if half is None else int(hour) % 12 + half
        return datetime(int(found["year"]), month, int(found["day"]), clock, int(found["minute"]), tzinfo=zone)
    except ValueError:
        return None


def days_in(text: str, zone: tzinfo) -> Iterator[datetime]:
    """The days of a text in its order: at their hour of the zone where the text says it, else at midnight UTC.

    `03/04/2026` is the third of April.
    """
    found = (one for form in _FORMS for one in form.finditer(text))
    for one in sorted(found, key=lambda match: match.start()):
        day = _read(one, zone)
        if day is not None:
            yield day


def in_place(moment: datetime, zone: tzinfo) -> datetime:
    """A moment in the zone where it is published, so that its date is the day there.

    One with an offset is kept as it is written. One in UTC, in which many sites write all their hours, is moved to the
    zone, but for midnight, which is how a day without an hour is given.
    """
    utc = moment.astimezone(UTC)
    is_moved = moment.utcoffset() == timedelta() and utc.time() != time()
    return utc.astimezone(zone) if is_moved else moment


def iso_moment(text: str, zone: tzinfo = UTC) -> datetime | None:
    """A date of ISO 8601, `in_place`: one without an offset is of the zone, a day alone midnight UTC; None if none."""
    text = text.strip()
    try:
        return datetime.combine(date.fromisoformat(text), time(tzinfo=UTC))
    except ValueError:
        pass
    try:
        found = datetime.fromisoformat(text)
        return in_place(found.replace(tzinfo=found.tzinfo or zone), zone)
    except (ValueError, OverflowError):
        return None


def _of_mail(text: str, zone: tzinfo) -> datetime | None:
    """A moment as mails have it: in the zone that it says, or in the one given where it says none.

    None when it says one of a name that nobody knows.
    """
    mail = _MAIL.search(text)
    if mail is None:
        return None
    said = _ZONES.get((mail[5] or "").upper(), mail[5] or "")
    try:
        month = _ENGLISH[_NUMBER[mail["month"].lower()]]
        found = parsedate_to_datetime(f"{mail[1]} {month} {mail[3]} {mail[4]} {said or '-0000'}")  # -0000: says none
        own = found.tzinfo or (None if said else zone)
        return in_place(found.replace(tzinfo=own), zone) if own else None
    except (ValueError, TypeError, OverflowError):
        return None


def exact_moment(text: str, zone: tzinfo = UTC) -> datetime | None:
    """A moment whose zone is sure, `in_place`: ISO 8601, or that of mails (RFC 5322) with months in French too.

    What says no zone is of the one given. None when it is no moment, or says a zone of a name that nobody knows.
    """
    text = " ".join(text.split())
    return iso_moment(text, zone) or _of_mail(text, zone)


def moment_of(text: str, zone: tzinfo = UTC) -> datetime | None:
    """A moment as feeds write it, `in_place`: an exact one, one of a zone that nobody knows (UTC then), or a day."""
    text = " ".join(text.split())
    if (found := exact_moment(text, zone)) is not None:
        return found
    try:
        found = parsedate_to_datetime(text)
        return in_place(found.replace(tzinfo=found.tzinfo or UTC), zone)
    except (ValueError, TypeError, OverflowError):
        return next(days_in(text, zone), None)
