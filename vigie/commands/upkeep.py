"""`vigie check` and `vigie migrate-store`: the configuration, and from SQLite into PostgreSQL."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from sqlalchemy.engine import make_url

from nlp.embedding import why_not
from store.copying import copy_all
from store.database import Database
from vigie.commands.options import ConfigOption
from vigie.console import progress_bars, say
from vigie.opening import opened
from vigie.settings import DEFAULT_FILE, Settings, load


def migrate_store(
    to: Annotated[str, typer.Argument(metavar="ADDRESS", help="postgresql+psycopg://user@host/database, empty.")],
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Copy everything into an empty database, such as one of PostgreSQL, and check that all has come.

    A password need not be in the address: PGPASSWORD and ~/.pgpass are read. Stop the service before: what is written
    meanwhile is not copied.
    """
    with opened(config) as (_, database):
        target = Database(to)
        try:
            counts = _copied(database, target)
        finally:
            target.close()
    say(f"{sum(counts.values())} rows of {len(counts)} tables copied; the numbers of rows agree")
    say(f"set 'store.url' in {config} to the new address; the search index stays as it is")


def _copied(database: Database, target: Database) -> dict[str, int]:
    with progress_bars(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()) as bars:
        tasks: dict[str, TaskID] = {}

        def show(table: str, done: int, total: int) -> None:
            if table not in tasks:
                tasks[table] = bars.add_task(table, total=total)
            bars.update(tasks[table], completed=done)

        return copy_all(database, target, show)


def check(config: ConfigOption = DEFAULT_FILE) -> None:
    """Read the configuration and say what is wrong with it, or that all is well."""
    settings: Settings = load(config)
    say(f"{config}: ok (data in {settings.data}, database {make_url(settings.database_url)!r})")
    if settings.nlp.embedding and (reason := why_not()):
        say(f"events are found by words alone, fewer than with their meaning: {reason}")
