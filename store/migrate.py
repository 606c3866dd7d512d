"""Bringing a database to the newest schema with alembic, which is loaded only where there is something to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from store.database import Database
from store.locks import only_one

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"


def config(url: str = "") -> Config:
    """Alembic's configuration for our migrations, without an ini file."""
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS))
    configuration.set_main_option("path_separator", "os")
    if url:
        configuration.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return configuration


def upgrade(database: Database, revision: str = "head") -> None:
    """Create or upgrade all tables, in one transaction; to the newest schema when no other is named.

    Of several processes that start at once, one does it and the others wait.
    """
    if revision == "head" and current(database) == newest():
        return
    from alembic import command

    with only_one(database, "schema", wait=True), database.changing_tables() as connection:
        configuration = config()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, revision)


def current(database: Database) -> str | None:
    """The schema revision the database stands at, or None when it is empty."""
    with database.connection() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return revision


def newest() -> str:
    """The newest schema revision known to this code: a migration's file begins with it."""
    return max(file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*_*.py"))
