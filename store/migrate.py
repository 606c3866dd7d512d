"""Bringing a database to the newest schema with alembic."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from store.database import Database
from store.locks import only_one

_MIGRATIONS = Path(__file__).parent / "migrations"


def config(url: str = "") -> Config:
    """Alembic's configuration for our migrations, without an ini file."""
    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS))
    configuration.set_main_option("path_separator", "os")
    if url:
        configuration.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return configuration


def upgrade(database: Database, revision: str = "head") -> None:
    """Create or upgrade all tables, in one transaction; to the newest schema when no other is named.

    Of several processes that start at once on PostgreSQL, one does it and the others wait.
    """
    alone = nullcontext() if database.is_sqlite else only_one(database, "schema", wait=True)
    with alone, database.begin() as connection:
        configuration = config()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, revision)


def current(database: Database) -> str | None:
    """The schema revision the database stands at, or None when it is empty."""
    with database.connection() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The newest schema revision known to this code."""
    return ScriptDirectory.from_config(config()).get_current_head()
