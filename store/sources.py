"""Sources: kept in step with the configuration, claimed when due, marked after a visit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from store.base import utcnow
from store.errors import Conflict, NotFound
from store.hosts import EVERY_HOST, Share
from store.processes import gone, this_process
from store.tables import Source

FEED, SITEMAP, NEWSROOM, REGISTER = "feed", "sitemap", "newsroom", "register"
COMPANIES = "companies"  # a register of companies, which is imported and tells no news
LISTS = (SITEMAP, NEWSROOM)  # what names pages without saying which of them are articles, nor which are new
"""Kinds of source."""

_IS_READ = and_(Source.active, Source.asleep_at.is_(None))
_OF_COMPANIES = func.coalesce(Source.kind, "") == COMPANIES
_NEWS = (_IS_READ, ~_OF_COMPANIES)
_MAY_BE_ASKED = func.coalesce(Source.trouble, "") != "limited"  # today
_FREE = {"claimed_until": None, "claimed_by": None}
_A_DAY = timedelta(days=1)
_CONFIG, _PERSON = "config", "person"


@dataclass(frozen=True)
class SourceEntry:
    """A source as the administrator wrote it."""

    url: str
    name: str
    language: str | None = None
    kind: str | None = None


def synchronise(session: Session, entries: Iterable[SourceEntry]) -> None:
    """Make the table follow the configuration: new ones added, changed ones renamed, absent ones set inactive.

    What people added stays as it is, unless the configuration has it too.
    """
    known = {source.url: source for source in session.scalars(select(Source))}
    wanted = {entry.url: entry for entry in entries}
    for url, entry in wanted.items():
        source = known.get(url)
        if source is None:
            session.add(Source(url=url, name=entry.name, language=entry.language, kind=entry.kind))
        else:
            source.name, source.language, source.kind = entry.name, entry.language, entry.kind or source.kind
            source.active, source.origin = True, _CONFIG
    for url, source in known.items():
        if url not in wanted and source.origin == _CONFIG:
            source.active = False


def add(session: Session, entry: SourceEntry) -> Source:
    """Read a source from now on, as a person wishes. Raises `Conflict` when it is read already."""
    source = session.scalar(select(Source).where(Source.url == entry.url))
    if source is None:
        source = Source(url=entry.url, origin=_PERSON)
        session.add(source)
    elif source.active:
        raise Conflict(f"{entry.url} is read already, as {source.name}")
    source.name, source.language, source.kind = entry.name, entry.language, entry.kind
    source.active, source.origin = True, _PERSON
    source.due_at, source.failures, source.error, source.trouble = utcnow(), 0, None, None
    source.asleep_at = source.moved_to = source.moved_since = None
    session.flush()
    return source


def by_url(session: Session, url: str) -> Source:
    """The source with this address. Raises `NotFound`."""
    source = session.scalar(select(Source).where(Source.url == url))
    if source is None:
        raise NotFound(f"there is no source {url}")
    return source


def drop(source: Source) -> None:
    """Read a source no more; what it told stays. Raises `Conflict` for one of the configuration."""
    if source.origin == _CONFIG:
        raise Conflict(f"{source.url} stands in the configuration file; take it out there")
    source.active = False


def hurry(source: Source, now: datetime) -> None:
    """Let a source be due at once, whoever holds it; one that was put to sleep wakes."""
    let_go(source)
    source.due_at, source.asleep_at = now, None


def let_go(source: Source) -> None:
    """Let others take a source."""
    source.claimed_until = source.claimed_by = None


def renew(session: Session, now: datetime, *, hold: timedelta) -> None:
    """Keep what this process holds for `hold` more."""
    mine = and_(Source.claimed_by == this_process(), Source.claimed_until.is_not(None))
    session.execute(update(Source).where(mine).values(claimed_until=now + hold))


def free_orphans(session: Session) -> None:
    """Let go of what processes of this machine held that run no more."""
    holders = session.scalars(select(Source.claimed_by).where(Source.claimed_by.is_not(None)).distinct())
    if left := gone(holders):
        session.execute(update(Source).where(Source.claimed_by.in_(left)).values(_FREE))


def _is_due(now: datetime, *, companies: bool = False) -> ColumnElement[bool]:
    """Whether a source of news, or else a register of companies, is to be looked at and nobody is at it."""
    free = or_(Source.claimed_until.is_(None), Source.claimed_until <= now)
    return and_(_IS_READ, _OF_COMPANIES if companies else ~_OF_COMPANIES, Source.due_at <= now, free)


def _claim(found: Iterable[Source], until: datetime) -> None:
    """Hold sources for this process."""
    holder = this_process()
    for source in found:
        source.claimed_until, source.claimed_by = until, holder


def claim_due(
    session: Session, now: datetime, *, hold: timedelta, limit: int = 1000, share: Share = EVERY_HOST
) -> list[Source]:
    """Take the active sources of news of a share that are due and held by no other run, oldest due first, for `hold`.

    What a process of this machine held that is gone is free at once, of another machine when its `hold` is over.
    On PostgreSQL rows another run is claiming are skipped; SQLite has one writer, so there is nothing to skip.
    """
    query = (
        select(Source)
        .where(_is_due(now), share.where(Source.host_slot))
        .order_by(Source.due_at, Source.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    free_orphans(session)
    claimed = list(session.scalars(query))
    _claim(claimed, now + hold)
    return claimed


def hurry_unvisited(session: Session, since: datetime, until: datetime, now: datetime) -> None:
    """Let the sources of news that were not visited since then, nor are due until then, be due at once.

    Those whose host was asked as often as a day allows are left.
    """
    late = (Source.fetched_at < since, Source.due_at > until, _MAY_BE_ASKED)
    session.execute(update(Source).where(*_NEWS, *late).values(due_at=now))


def first_visit(session: Session, since: datetime) -> datetime | None:
    """When the first of the sources of news was visited whose last visit was since then; None when none was."""
    return session.scalar(select(func.min(Source.fetched_at)).where(*_NEWS, Source.fetched_at >= since))


def is_any_read(session: Session) -> bool:
    """Whether there is a source of news that was asked before, and may be today."""
    asked = select(Source.id).where(*_NEWS, Source.fetched_at.is_not(None), _MAY_BE_ASKED)
    return session.scalar(asked.limit(1)) is not None


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether a source of news is to be read, or is being read."""
    read = or_(Source.due_at <= now, Source.claimed_until > now)
    return session.scalar(select(Source.id).where(*_NEWS, read).limit(1)) is not None


@dataclass(frozen=True)
class Waiting:
    """Why no source is read: how many others hold and until when at most, and which is due next."""

    held: int
    until: datetime | None
    following: Source | None


def waiting(session: Session) -> Waiting:
    """Why no source of news is read now."""
    count, until = session.execute(
        select(func.count(Source.id), func.max(Source.claimed_until)).where(*_NEWS, Source.claimed_until.is_not(None))
    ).one()
    following = select(Source).where(*_NEWS, Source.claimed_until.is_(None)).order_by(Source.due_at, Source.id).limit(1)
    return Waiting(count, until, session.scalar(following))


def is_register_due(session: Session, now: datetime) -> bool:
    """Whether a register of companies is to be looked at."""
    return session.scalar(select(Source.id).where(_is_due(now, companies=True)).limit(1)) is not None


def claim_register(session: Session, now: datetime, *, hold: timedelta) -> Source | None:
    """Take the register of companies that is longest due, if one is, for `hold`."""
    query = select(Source).where(_is_due(now, companies=True)).order_by(Source.due_at, Source.id)
    free_orphans(session)
    source = session.scalar(query.limit(1).with_for_update(skip_locked=True))
    if source is not None:
        _claim([source], now + hold)
    return source


def looked_at(register: Source, now: datetime, state: str | None, error: str | None) -> None:
    """Note that a register of companies was looked at: in what state its file was, or what went wrong."""
    let_go(register)
    register.fetched_at, register.error = now, error
    register.failures = register.failures + 1 if error else 0
    register.trouble = "failed" if error else None
    register.due_at = now + min(_A_DAY, timedelta(hours=2 ** min(register.failures - 1, 5)) if error else _A_DAY)
    if state != register.body_digest:
        register.body_digest, register.last_new_at = state, now


def release(session: Session, share: Share) -> None:
    """Let go of the sources of a share whose holder died."""
    session.execute(update(Source).where(share.where(Source.host_slot)).values(_FREE))


def slots_due(session: Session, now: datetime) -> set[int]:
    """The slots of the hosts of which a source of news is due and not held."""
    free_orphans(session)
    return set(session.scalars(select(Source.host_slot).where(_is_due(now)).distinct()))


def active(session: Session) -> list[Source]:
    """The sources of the configuration, by name."""
    return list(session.scalars(select(Source).where(Source.active).order_by(Source.name)))


def failing(session: Session) -> list[Source]:
    """The active sources whose last visit failed."""
    return list(session.scalars(select(Source).where(Source.active, Source.error.is_not(None)).order_by(Source.name)))


def all_of(session: Session) -> list[Source]:
    """All sources, those that are read no more included, by name."""
    return list(session.scalars(select(Source).order_by(Source.name, Source.id)))
