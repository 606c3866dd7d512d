"""The connection to the database: one engine, short sessions, errors translated once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from store.errors import Conflict, Unavailable


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "cache_size=-65536",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


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


class Database:
    """A database by its SQLAlchemy address (`sqlite:///path` or `postgresql+psycopg://…`).

    `session()` gives a transaction: committed when the block ends, rolled back when it raises.
    """

    def __init__(self, url: str, *, echo: bool = False) -> None:
        self.url = make_url(url)
        if self.is_sqlite and self.url.database not in (None, "", ":memory:"):
            Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
        options: dict[str, Any] = {} if self.is_sqlite else {"pool_pre_ping": True, "pool_size": 10}
        options["json_serializer"] = _json
        self.engine: Engine = create_engine(self.url, echo=echo, **options)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _sqlite_pragmas)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database (one writer at a time)."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction. Raises `Conflict` on a broken constraint, `Unavailable` when there is no database."""
        with self._sessions() as session:
            try:
                yield session
                session.commit()
            except IntegrityError as error:
                session.rollback()
                raise Conflict(str(error.orig)) from error
            except OperationalError as error:
                session.rollback()
                raise Unavailable(str(error.orig)) from error
            except BaseException:
                session.rollback()
                raise

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()
