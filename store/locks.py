"""What only one process of an installation does at a time. A process that dies holds nothing."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from sqlalchemy import func, select

from store.database import Database
from store.errors import Unavailable


@contextmanager
def only_one(database: Database, work: str, *, wait: bool = False) -> Iterator[None]:
    """Do a piece of work that no other process, and no other thread, does meanwhile: for example `index`.

    PostgreSQL keeps the lock for as long as a connection of its own lives; beside SQLite it is a locked file.

    Raises `Unavailable` when it is being done; `wait` waits for its end instead.
    """
    hold = _on_a_file if database.is_sqlite else _on_a_connection
    with hold(database, work, wait):
        yield


def _busy(work: str) -> Unavailable:
    return Unavailable(f"another process is at it ({work}); it is tried again later")


@contextmanager
def _on_a_file(database: Database, work: str, wait: bool) -> Iterator[None]:
    with Path(f"{database.url.database}.{work}.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            raise _busy(work) from None
        yield


@contextmanager
def _on_a_connection(database: Database, work: str, wait: bool) -> Iterator[None]:
    key = int.from_bytes(sha256(f"vigie {work}".encode()).digest()[:8], "big", signed=True)
    with database.connection() as connection:
        if wait:
            connection.execute(select(func.pg_advisory_lock(key)))
        elif not connection.scalar(select(func.pg_try_advisory_lock(key))):
            raise _busy(work)
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(key)))
