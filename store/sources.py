"""Sources: kept in step with the configuration, claimed when due, marked after a visit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union, update
from sqlalchemy.orm import Session

from store import claims
from store.base import one_of, utcnow
from store.errors import Conflict, NotFound
from store.hosts import EVERY_HOST, Share
from store.tables import Document, Source
from store.tables.press import TO_ANALYSE

FEED, SITEMAP, NEWSROOM, REGISTER = "feed", "sitemap", "newsroom", "register"
COMPANIES = "companies"  # a register of companies, which is imported and tells no news
LISTS = (SITEMAP, NEWSROOM)  # what names pages without saying which of them are articles, nor which are new
"""Kinds of source."""

_IS_READ = and_(Source.active, Source.asleep_at.is_(None))
_OF_COMPANIES = func.coalesce(Source.kind, "") == COMPANIES
_NEWS = (_IS_READ, ~_OF_COMPANIES)
_MAY_BE_ASKED = func.coalesce(Source.trouble, "") != "limited"  # today
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
    changed, absent = out_of_step(session, entries)
    for source, entry in changed:
        if source is None:
            session.add(Source(url=entry.url, name=entry.name, language=entry.language, kind=entry.kind))
        else:
            source.name, source.language, source.kind = entry.name, entry.language, entry.kind or source.kind
            source.active, source.origin = True, _CONFIG
    for source in absent:
        source.active = False


def out_of_step(
    session: Session, entries: Iterable[SourceEntry]
) -> tuple[list[tuple[Source | None, SourceEntry]], list[Source]]:
    """What of the configuration the table has otherwise or not at all, and what it has that is absent there."""
    known = {source.url: source for source in session.scalars(select(Source))}
    wanted = {entry.url: entry for entry in entries}
    changed = [(source, entry) for url, entry in wanted.items() if not _follows(source := known.get(url), entry)]
    absent = [one for one in known.values() if one.active and one.origin == _CONFIG and one.url not in wanted]
    return changed, absent


def _follows(source: Source | None, entry: SourceEntry) -> bool:
    if source is None or not source.active or source.origin != _CONFIG:
        return False
    kind = entry.kind or source.kind
    return (source.name, source.language, source.kind) == (entry.name, entry.language, kind)


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
    """Let a source be due at once; one that was put to sleep wakes."""
    source.due_at, source.asleep_at = now, None


def _is_due(now: datetime, *, companies: bool = False) -> ColumnElement[bool]:
    """Whether a source of news, or else a register of companies, is to be looked at and nobody is at it."""
    kind = _OF_COMPANIES if companies else ~_OF_COMPANIES
    return and_(_IS_READ, kind, Source.due_at <= now, claims.is_free(Source, now))


def claim_due(
    session: Session, now: datetime, *, hold: timedelta, limit: int = 1000, share: Share = EVERY_HOST
) -> list[Source]:
    """Take the active sources of news of a share that are due, and at hosts that no other process asks, for `hold`.

    Those that are longest due come first. What a process of this machine held that is gone is free at once, of another
    machine when its `hold` is over.
    """
    claims.free_orphans(session)
    claims.in_turn(session, "fetch")
    due = (_is_due(now), share.where(Source.host_slot), Source.host_slot.not_in(hosts_of_others(now)))
    query = select(Source.id).where(*due).order_by(Source.due_at, Source.id).limit(limit)
    taken = claims.take(session, Source, query, now + hold)
    return list(session.scalars(select(Source).where(one_of(Source.id, taken)).order_by(Source.due_at, Source.id)))


def hosts_of_others(now: datetime) -> Select[int]:
    """The slots of the hosts that other processes ask now, for sources of news or for articles."""
    asked = union(
        select(Source.host_slot).where(claims.is_of_another(Source, now), ~_OF_COMPANIES),
        select(Document.host_slot).where(claims.is_of_another(Document, now), Document.state.not_in(TO_ANALYSE)),
    ).subquery()
    return select(asked.c.host_slot)


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
    claims.free_orphans(session)
    query = select(Source.id).where(_is_due(now, companies=True)).order_by(Source.due_at, Source.id).limit(1)
    taken = claims.take(session, Source, query, now + hold)
    return session.get_one(Source, taken[0]) if taken else None


def looked_at(register: Source, now: datetime, state: str | None, error: str | None) -> None:
    """Note that a register of companies was looked at: in what state its file was, or what went wrong."""
    claims.let_go(register)
    register.fetched_at, register.error = now, error
    register.failures = register.failures + 1 if error else 0
    register.trouble = "failed" if error else None
    register.due_at = now + min(_A_DAY, timedelta(hours=2 ** min(register.failures - 1, 5)) if error else _A_DAY)
    if state != register.body_digest:
        register.body_digest, register.last_new_at = state, now


def release(session: Session, share: Share) -> None:
    """Let go of the sources and articles of a share whose holder died."""
    for table in (Source, Document):
        claims.let_go_of_all(session, table, share.where(table.host_slot))


def slots_due(session: Session, now: datetime) -> set[int]:
    """The slots of the hosts of which a source of news is due and not held."""
    claims.free_orphans(session)
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
