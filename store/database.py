"""The connection to the database: one engine, short sessions, errors translated once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from store.errors import Conflict, Invalid, NotFound, Unavailable

_WAIT = 30
"""Seconds that SQLite waits for others of the same database."""


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # what begins is said by `_begin`, and not guessed by the driver
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_WAIT * 1000}")
    _write_ahead(cursor)
    for pragma in ("synchronous=NORMAL", "cache_size=-65536"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Let readers and a writer work side by side, which a new database is told once and keeps.

    Where several open it at the same moment, SQLite refuses all but one of them at once, whatever they would wait.
    """
    last = monotonic() + _WAIT
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > last:
                raise
            sleep(0.02)
        else:
            return


def _begin(connection: Connection) -> None:
    """Begin a transaction of SQLite: one that may write takes the only place to write at once.

    One that took it later would have read what others have changed meanwhile.
    """
    options = connection.get_execution_options()
    reads, checks = options.get("reads", False), options.get("foreign_keys", True)
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
    driver.execute(f"PRAGMA foreign_keys={'ON' if checks else 'OFF'}")  # inside a transaction it would do nothing
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _address(url: str) -> URL:
    """The address with the driver that is used. Raises `Invalid` when it is of no database that can be used."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise Invalid("this is no address of a database; write it as in postgresql+psycopg://user@host/name") from None
    kind = address.get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        raise Invalid(f"'{kind}' is no kind of database that can be used; there are sqlite and postgresql")
    return address.set(drivername="postgresql+psycopg") if kind == "postgresql" else address


def _json(value: object) -> str:
    """As JSON, without the character NUL, like all text."""
    written = json.dumps(value)
    return json.dumps(_without_nul(value)) if "\\u0000" in written else written


def _without_nul(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(one) for key, one in value.items()}
    return [_without_nul(one) for one in value] if isinstance(value, list | tuple) else value


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise Conflict(_one_line(error)) from error
    except DataError as error:  # a number that is too large for its column, say
        raise Invalid(_one_line(error)) from error
    except OperationalError as error:
        raise Unavailable(_one_line(error)) from error
    except OverflowError as error:  # of SQLite, whose numbers have 64 bits; others know that they have none so large
        if "SQLite" in str(error):
            raise NotFound("there is nothing with so large a number") from None
        raise


def _one_line(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split())


class Database:
    """A database by its SQLAlchemy address (`sqlite:///path` or `postgresql+psycopg://…`).

    `session()` gives a transaction: committed when the block ends, rolled back when it raises.
    """

    def __init__(self, url: str, *, echo: bool = False) -> None:
        self.url = _address(url)
        if self.is_sqlite and self.url.database not in (None, "", ":memory:"):
            Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
        options: dict[str, Any] = {} if self.is_sqlite else {"pool_pre_ping": True, "pool_size": 10}
        options["json_serializer"] = _json
        self.engine: Engine = create_engine(self.url, echo=echo, **options)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _sqlite_pragmas)
            event.listen(self.engine, "begin", _begin)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        only_reads = self.engine.execution_options(reads=True, postgresql_readonly=True)
        self._readings = sessionmaker(only_reads, expire_on_commit=False)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database (one writer at a time)."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction, of which SQLite does one at a time: what it reads stays as it is until it has written.

        Raises `Conflict` on a broken constraint, `Unavailable` when there is no database.
        """
        with _translated(), self._sessions() as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that writes nothing, and waits for nobody who writes. Raises `Unavailable`."""
        with _translated(), self._readings() as session:
            yield session

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction without objects, for what copies many rows. Raises as `session` does."""
        with _translated(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def changing_tables(self) -> Iterator[Connection]:
        """One transaction in which tables are made anew, whose rows others refer to. Raises as `session` does.

        Raises `Conflict` when something is referred to in the end that is not there.
        """
        with _translated(), self.engine.execution_options(foreign_keys=False).begin() as connection:
            yield connection
            if self.is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                raise Conflict(f"a row of '{broken[0]}' refers to one of '{broken[2]}' that is not there")

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection whose statements each count at once. Raises as `session` does."""
        with _translated(), self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()
