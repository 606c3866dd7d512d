"""What a rep's digest says beside the news: what was read since the last one, and how much each company is named."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy.orm import Session

from digests.digest import Background, Coverage
from digests.schedule import Schedule
from leads.whom import people_of
from store import documents, mentions, sources, watchlists
from store.tables import Rep

_FIRST_DAYS = 1  # how far back the count of articles goes for a rep who was never sent a digest
_SILENT = timedelta(days=30)  # followed companies that no article named for longer are said to be without coverage
_VOLUME_DAYS = 14


def coverage_of(session: Session, rep: Rep, schedule: Schedule, now: datetime) -> Coverage:
    """What was read since a rep's last digest, and who of those they follow is named by no source."""
    since = rep.digest_at or now - timedelta(days=_FIRST_DAYS)
    watched = {company.id: company.name for company in watchlists.watched(session, rep)}
    silent = mentions.unnamed_since(session, watched, now - _SILENT)
    return Coverage(
        articles=documents.count_found_since(session, since),
        sources=len(sources.active(session)),
        failing=len(sources.failing(session)),
        watched=len(watched),
        silent=tuple(name for number, name in watched.items() if number in silent),
        missed_since=rep.digest_at if schedule.missed(rep.digest_at, now) else None,
    )


def background_of(session: Session, company_ids: set[int], now: datetime) -> Background:
    """What is known of companies beside their news."""
    return Background(_volumes(session, company_ids, now), people_of(session, company_ids))


def _volumes(session: Session, company_ids: set[int], now: datetime) -> dict[int, tuple[int, ...]]:
    """How many articles of each of the last two weeks' days name a company."""
    days = [now.date() - timedelta(days=back) for back in range(_VOLUME_DAYS - 1, -1, -1)]
    found = mentions.by_day(session, company_ids, datetime.combine(days[0], time(), UTC))
    return {number: tuple(counts.get(day, 0) for day in days) for number, counts in found.items()}
