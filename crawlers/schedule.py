"""When a source is next due: a pure function of what the last visit found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SHORTEST = 15
LONGEST = 24 * 60


@dataclass(frozen=True)
class Visit:
    """What a visit of a source found. `retry_after` is the server's own wish, in seconds."""

    new_entries: int = 0
    failed: bool = False
    retry_after: int | None = None


@dataclass(frozen=True)
class Next:
    """When the source is due again, the interval kept for it (minutes), and how often it has failed in a row."""

    due_at: datetime
    interval_minutes: int
    failures: int


def next_visit(now: datetime, interval_minutes: int, failures: int, visit: Visit) -> Next:
    """Come back sooner where there is news, later where there is none, and double the wait at each failure.

    The interval stays between 15 minutes and one day; the server's Retry-After is respected up to one day.
    """
    if visit.failed:
        failures += 1
        wait = min(interval_minutes * 2 ** min(failures, 10), LONGEST)
        if visit.retry_after is not None:
            wait = max(wait, min(-(-visit.retry_after // 60), LONGEST))
        return Next(now + timedelta(minutes=wait), interval_minutes, failures)
    factor = 0.5 if visit.new_entries else 1.5
    interval = round(min(max(interval_minutes * factor, SHORTEST), LONGEST))
    return Next(now + timedelta(minutes=interval), interval, 0)
