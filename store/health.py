"""What there is to tell of a source: that it fails, is blocked, silent, gone, or moved. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from store.tables import Source

Connection = Literal["certificate", "unknown_host", "unreachable", "slow", "redirects", "large"]
"""Why there was no answer that can be read."""
Trouble = Literal["gone", "blocked", "empty", "limited", "failed", Connection]
Kind = Literal[Trouble, "asleep", "silent", "moved", "validators", "malformed", "page"]

_SILENT_AT_LEAST = timedelta(days=14)
_SILENT_GAPS = 8  # times the usual time between two articles
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Problem:
    """Something to tell of a source: since when, and words of the server or an address that say more."""

    kind: Kind
    since: datetime | None = None
    words: str = ""
    times: int = 0


def silent_after(per_week: float | None) -> timedelta | None:
    """After how long without an article a source counts as silent; None when it was never heard to publish."""
    return max(_SILENT_AT_LEAST, _SILENT_GAPS * _WEEK / per_week) if per_week else None


def problems(source: Source, now: datetime) -> list[Problem]:
    """What there is to tell of a source, the worst first; nothing of one that is read as it should."""
    if source.asleep_at is not None:
        return [Problem("asleep", source.asleep_at, source.error or "")]
    found: list[Problem] = []
    if source.error:
        known = source.trouble in get_args(Trouble)
        kind: Kind = source.trouble if known else "failed"  # type: ignore[assignment]
        found.append(Problem(kind, source.fetched_at, source.error, source.failures))
    quiet = silent_after(source.usual_per_week)
    if source.last_new_at is not None and quiet is not None and now - source.last_new_at > quiet:
        found.append(Problem("silent", source.last_new_at))
    if source.moved_to:
        found.append(Problem("moved", source.moved_since, source.moved_to))
    if source.validators_failed_at:
        found.append(Problem("validators", source.validators_failed_at))
    if source.note and not source.error:
        found.append(Problem("malformed", source.fetched_at, source.note))
    if source.page_error:
        found.append(Problem("page", source.page_error_at, source.page_error))
    return found


def said(problem: Problem) -> str:
    """A problem in English, on one line."""
    since = f"{problem.since:%Y-%m-%d}" if problem.since else "unknown"
    often = f" ({problem.times} times in a row)" if problem.times > 1 else ""
    return {
        "asleep": f"gone, and not read any more since {since}: {problem.words}",
        "gone": f"gone: {problem.words}",
        "blocked": f"blocked: {problem.words}{often}",
        "empty": f"nothing can be read in it: {problem.words}{often}",
        "limited": f"put off until tomorrow: {problem.words}",
        "failed": f"{problem.words}{often}",
        **dict.fromkeys(get_args(Connection), f"{problem.words}{often}"),
        "silent": f"silent: nothing new since {since}",
        "moved": f"moved for good to {problem.words} since {since}",
        "validators": f"said that nothing had changed though it had, on {since}; it is asked for the whole each time",
        "malformed": f"read as far as it goes: {problem.words}",
        "page": f"a page could not be read: {problem.words}",
    }[problem.kind]
