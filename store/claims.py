"""Taking rows for this process, so that each is worked on once.

A row is taken by one conditional UPDATE, and held until it is let go, until its time is over, or, on the machine that
took it, until its process ends.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from zlib import crc32

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from store.processes import gone, this_process
from store.tables import Document, Source
from store.tables.press import Held

_FREE = {"claimed_until": None, "claimed_by": None}


def is_free(table: type[Held], now: datetime) -> ColumnElement[bool]:
    """Whether nobody holds a row."""
    return or_(table.claimed_until.is_(None), table.claimed_until <= now)


def take(session: Session, table: type[Held], wanted: Select[int], until: datetime) -> list[int]:
    """Hold the rows that a query gives the ids of, but those that another transaction is taking; returns their ids."""
    ids = wanted.with_for_update(skip_locked=True)
    taken = update(table).where(table.id.in_(ids)).values(claimed_until=until, claimed_by=this_process())
    return list(session.scalars(taken.returning(table.id).execution_options(synchronize_session=False)))


def renew(session: Session, until: datetime) -> None:
    """Hold longer what this process holds."""
    for table in (Source, Document):
        mine = and_(table.claimed_by == this_process(), table.claimed_until.is_not(None))
        session.execute(update(table).where(mine).values(claimed_until=until))


def let_go(row: Held) -> None:
    """Let others take a row."""
    row.claimed_until = row.claimed_by = None


def let_go_of_mine(session: Session) -> None:
    """Let others take what this process holds."""
    for table in (Source, Document):
        let_go_of_all(session, table, table.claimed_by == this_process())


def let_go_of_all(session: Session, table: type[Held], *where: ColumnElement[bool]) -> None:
    """Let others take these rows, whoever holds them."""
    session.execute(update(table).where(table.claimed_until.is_not(None), *where).values(_FREE))


def free_orphans(session: Session) -> None:
    """Let go of what processes of this machine held that run no more."""
    for table in (Source, Document):
        holders = session.scalars(select(table.claimed_by).where(table.claimed_by.is_not(None)).distinct())
        if left := gone(holders):
            session.execute(update(table).where(table.claimed_by.in_(left)).values(_FREE))


def in_turn(session: Session, what: Literal["fetch", "signals", "sign_in"]) -> None:
    """Wait until no other transaction chooses hosts, adds signals or counts sign-ins; none does until this one ends."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one that writes at a time
        session.execute(select(func.pg_advisory_xact_lock(crc32(what.encode()))))


def is_of_another(table: type[Held], now: datetime) -> ColumnElement[bool]:
    """Whether another process holds a row."""
    return and_(table.claimed_by.is_not(None), table.claimed_by != this_process(), table.claimed_until > now)
