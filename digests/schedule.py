"""When a rep is written to: a time of day in the rep's own zone, on chosen days. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from store.errors import Invalid

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LATE = timedelta(hours=12)


def days_of(text: str) -> frozenset[int]:
    """The days of the week (0 is Monday) that `daily`, `mon-fri`, `mon,wed` or `fri-mon` stand for.

    Raises `Invalid` for anything else.
    """
    if text == "daily":
        return frozenset(range(7))
    found: set[int] = set()
    for part in text.split(","):
        ends = [one.strip() for one in part.split("-")]
        if not 1 <= len(ends) <= 2 or any(one not in DAYS for one in ends):
            raise Invalid(f"days: '{text}': write daily, mon-fri or mon,wed,fri")
        first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
        found |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
    return frozenset(found)


@dataclass(frozen=True)
class Schedule:
    """A time of day, the zone it is meant in, and days of the week.

    On the night when clocks are put forward, a time that does not exist is as long after midnight as it says (02:30 is
    03:30 summer time); when they are put back, the first of two is meant. So there is one on each chosen day.
    """

    at: time
    zone: ZoneInfo
    days: frozenset[int]

    @classmethod
    def of(cls, at: str, zone: str, days: str) -> Schedule:
        """From `07:00`, `Europe/Paris` and `mon-fri`. Raises `Invalid` that says which is wrong."""
        try:
            clock = time.fromisoformat(at)
        except ValueError:
            raise Invalid(f"time of day: '{at}': write it as 07:00") from None
        if clock.tzinfo or clock.second:
            raise Invalid(f"time of day: '{at}': write it as 07:00")
        try:
            return cls(clock, ZoneInfo(zone), days_of(days))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Invalid(f"time zone: '{zone}': there is none of this name; write it as Europe/Paris") from None

    def on(self, day: date) -> datetime:
        """The instant on a day, in UTC."""
        return datetime.combine(day, self.at, self.zone).astimezone(UTC)

    def next(self, after: datetime) -> datetime:
        """The first instant later than the one given, in UTC."""
        day = after.astimezone(self.zone).date() - timedelta(days=1)  # a zone's gap may move an instant to the next day
        while day.weekday() not in self.days or self.on(day) <= after:
            day += timedelta(days=1)
        return self.on(day)

    def due(self, last: datetime | None, now: datetime) -> datetime | None:
        """The instant that has come since `last` and is at most twelve hours past; None when there is none."""
        start = max(now - _LATE, last) if last else now - _LATE
        found = None
        while (come := self.next(start)) <= now:
            found = start = come
        return found

    def missed(self, last: datetime | None, now: datetime) -> bool:
        """Whether an instant passed since `last` and before the one that has come now."""
        return last is not None and self.next(self.next(last)) <= now
