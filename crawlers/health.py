"""How sources are: what kind of failure an answer is, and what there is to tell of a source. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from store.tables import Source

Trouble = Literal["gone", "blocked", "empty", "failed"]
Kind = Literal["asleep", "gone", "blocked", "empty", "failed", "silent", "moved", "page"]

MOVED_TIMES = 3
"""Visits in a row that lead to the same new address for good, after which it is taken."""
GONE, BLOCKED = (410,), (401, 402, 403, 407, 451)
_SILENT_AT_LEAST = timedelta(days=14)
_SILENT_GAPS = 8  # times the usual time between two articles
_WEEK = timedelta(days=7)
_ROBOT_CHECK = re.compile(
    rb"captcha|cf-challenge|cf_chl_|challenge-platform|/_incapsula_|datadome|px-captcha|perimeterx|"
    rb"just a moment\.\.\.|attention required! \| cloudflare|verify you are (?:a )?human|are you a robot|"
    rb"vous n.{1,8}tes pas un robot|enable javascript and cookies to continue|access denied|acc.{1,8}s refus",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    rb"didomi|sp_message|onetrust|trustcommander|quantcast|privacy-center|consent[-_ ]?(?:wall|management|gate|form)|"
    rb"accepter (?:et continuer|les cookies)|accept (?:all )?cookies",
    re.IGNORECASE,
)
_CONSENT_HOST = re.compile(r"^(?:consent|guce|privacy|cmp)\.", re.IGNORECASE)
_LOOKED_AT = 200_000  # bytes of a page


@dataclass(frozen=True)
class Problem:
    """Something to tell of a source: since when, and words of the server or an address that say more."""

    kind: Kind
    since: datetime | None = None
    words: str = ""
    times: int = 0


def wall(host: str, body: bytes) -> str | None:
    """Which wall a page is that came instead of what was asked: in words, or None when it shows none."""
    head = body[:_LOOKED_AT]
    if _ROBOT_CHECK.search(head):
        return "the server answers with a check whether a robot asks"
    if _CONSENT_HOST.match(host) or _CONSENT.search(head):
        return "the server answers with a page that asks for consent to cookies"
    return None


def trouble_of(status: int) -> Trouble:
    """What kind of trouble an answer with an error is."""
    return "gone" if status in GONE else "blocked" if status in BLOCKED else "failed"


def silent_after(per_week: float | None) -> timedelta | None:
    """After how long without an article a source counts as silent; None when it was never heard to publish."""
    return max(_SILENT_AT_LEAST, _SILENT_GAPS * _WEEK / per_week) if per_week else None


def problems(source: Source, now: datetime) -> list[Problem]:
    """What there is to tell of a source, the worst first; nothing of one that is read as it should."""
    if source.asleep_at is not None:
        return [Problem("asleep", source.asleep_at, source.error or "")]
    found: list[Problem] = []
    if source.error:
        kind: Kind = source.trouble if source.trouble in ("gone", "blocked", "empty") else "failed"  # type: ignore[assignment]
        found.append(Problem(kind, source.fetched_at, source.error, source.failures))
    quiet = silent_after(source.usual_per_week)
    if source.last_new_at is not None and quiet is not None and now - source.last_new_at > quiet:
        found.append(Problem("silent", source.last_new_at))
    if source.moved_to:
        found.append(Problem("moved", None, source.moved_to, source.moved_times))
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
        "failed": f"{problem.words}{often}",
        "silent": f"silent: nothing new since {since}",
        "moved": f"moved for good to {problem.words}",
        "page": f"a page could not be read: {problem.words}",
    }[problem.kind]
