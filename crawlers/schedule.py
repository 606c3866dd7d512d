"""When a source is next due: a pure function of what its visits found."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

SHORTEST = 15
LONGEST = 24 * 60
_WEEK = timedelta(days=7)
_MEMORY = timedelta(days=7)  # in which an old rate of publication is forgotten to two thirds
_LOOKED_BACK = timedelta(days=28)  # in the first list of a source, to guess how often it publishes
_UNKNOWN, _RARELY = 28.0, 0.1  # entries a week: when a list has no date, and when its newest entry is old
_FEW_SEEN, _ENOUGH = 0.5, 5  # share of a list that was seen before, and entries of it, by which some may be lost
_SPREAD = 0.2  # of the time between two visits
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NO_CACHE = re.compile(r"(?:^|[,\s])(?:no-cache|no-store)(?:$|[,\s=])", re.IGNORECASE)


@dataclass(frozen=True)
class Past:
    """What is known of a source before a visit.

    `per_week` is how many entries it publishes a week (None: not known yet), `ttl_minutes` how long the feed itself
    says that it may be kept, `failures` how often it failed in a row.
    """

    visited_at: datetime | None = None
    per_week: float | None = None
    ttl_minutes: int | None = None
    failures: int = 0


@dataclass(frozen=True)
class Visit:
    """What a visit of a source found: `new` of its `listed` entries were not known.

    `per_week` is how often entries came by their own dates. `retry_after` and `max_age` are what the server said, in
    seconds; `spread` is a number from 0 to 1 that differs from visit to visit.
    """

    new: int = 0
    listed: int = 0
    per_week: float | None = None
    failed: bool = False
    retry_after: int | None = None
    max_age: int | None = None
    spread: float = 0.0


@dataclass(frozen=True)
class Next:
    """When the source is due again, how many entries a week it is taken to publish, and its failures in a row."""

    due_at: datetime
    per_week: float | None
    failures: int


def per_week(dates: Iterable[datetime | None], now: datetime) -> float | None:
    """How many entries a week a list shows: those of four weeks, or of less where it does not reach back so far.

    None when no entry has a date.
    """
    known = [date for date in dates if date]
    recent = [date for date in known if date >= now - _LOOKED_BACK]
    if not recent:
        return _RARELY if known else None
    reached = _LOOKED_BACK if len(recent) < len(known) else max(now - min(recent), timedelta(days=1))
    return len(recent) * (_WEEK / reached)


def max_age(cache_control: str) -> int | None:
    """Seconds for which an answer may be kept (RFC 9111, 5.2.2.1), or None when it says nothing of that."""
    found = _MAX_AGE.search(cache_control)
    return None if found is None or _NO_CACHE.search(cache_control) else int(found[1])


def _rate(now: datetime, past: Past, visit: Visit) -> float:
    """Entries a week: at first by the dates of what is listed, then by what was new at each visit."""
    if past.visited_at is None or past.per_week is None:
        return _UNKNOWN if visit.per_week is None else visit.per_week
    elapsed = max(now - past.visited_at, timedelta(minutes=1))
    weight = 1 - math.exp(-elapsed / _MEMORY)
    return past.per_week + weight * (visit.new * (_WEEK / elapsed) - past.per_week)


def _wait(rate: float, past: Past, visit: Visit) -> float:
    """Minutes until the next visit, by what is published: half the time between two entries."""
    minutes = 0.5 * (_WEEK / timedelta(minutes=1)) / max(rate, _RARELY)
    if past.visited_at and visit.listed >= _ENOUGH and visit.new > visit.listed * (1 - _FEW_SEEN):
        minutes /= 2
    return min(max(minutes, SHORTEST), LONGEST)


def next_visit(now: datetime, past: Past, visit: Visit, longest: int = LONGEST) -> Next:
    """Come back when about half an entry is to be expected, sooner when a list was nearly all new.

    Not before 15 minutes nor after `longest`, and not before what the feed (`ttl`) and the server (Cache-Control,
    Retry-After) wish, up to one day. After each failure in a row the wait doubles. It is shortened by up to a fifth, so
    that sources that began together do not stay together.
    """
    rate = past.per_week if visit.failed else _rate(now, past, visit)
    failures = past.failures + 1 if visit.failed else 0
    minutes = _wait(_UNKNOWN if rate is None else rate, past, visit) * 2 ** min(failures, 10)
    minutes = max(min(minutes, longest) * (1 - _SPREAD * visit.spread), SHORTEST)
    wishes = ((visit.retry_after or 0) / 60, (visit.max_age or 0) / 60, float(past.ttl_minutes or 0))
    return Next(now + timedelta(minutes=min(max(minutes, *wishes), LONGEST)), rate, failures)
