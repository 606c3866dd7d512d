"""Copying everything from one database into another, for example from SQLite into PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.engine import CursorResult

from store.base import ROWS, Base
from store.database import Database
from store.errors import Conflict
from store.migrate import upgrade

Progress = Callable[[str, int, int], None]
"""Told a table, how many of its rows are copied, and how many there are."""


def copy_all(
    source: Database, target: Database, progress: Progress = lambda table, done, total: None
) -> dict[str, int]:
    """Copy every row of every table, as they are at one moment, into an empty database.

    Returns how many rows each table has, counted in the target. All is copied or nothing.

    Raises `Conflict` when the target holds anything, or when it has not as many rows in the end.
    """
    upgrade(target)
    tables = Base.metadata.sorted_tables  # those that others refer to come first
    at_one_moment = {} if source.is_sqlite else {"isolation_level": "REPEATABLE READ"}
    with source.reading() as session, target.begin() as writing:
        reading = session.connection(execution_options=at_one_moment)
        if filled := [table.name for table in tables if _count(writing, table)]:
            raise Conflict(f"the database to copy into is not empty: there are rows in '{filled[0]}'")
        counts = {table.name: _copy(reading, writing, table, progress) for table in tables}
        if not target.is_sqlite:
            for table in tables:
                _count_on(writing, table)
    return counts


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _copy(reading: Connection, writing: Connection, table: Table, progress: Progress) -> int:
    total, done = _count(reading, table), 0
    progress(table.name, 0, total)
    query = select(table).order_by(*table.primary_key.columns)
    rows: CursorResult[tuple[object, ...]] = reading.execute(query.execution_options(yield_per=ROWS))
    for part in rows.mappings().partitions():
        writing.execute(insert(table), [dict(row) for row in part])
        done += len(part)
        progress(table.name, done, total)
    there = _count(writing, table)
    if there != total:
        raise Conflict(f"{table.name}: {total} rows were to be copied, and {there} have come; nothing is kept")
    return there


def _count_on(connection: Connection, table: Table) -> None:
    """Let the numbers that PostgreSQL gives to new rows follow those that were copied."""
    column = table.autoincrement_column
    if column is None:
        return
    sequence = func.pg_get_serial_sequence(f'"{table.name}"', column.name)
    name = connection.scalar(select(sequence))
    highest = connection.scalar(select(func.max(column)))
    if name and highest:
        connection.execute(text("SELECT setval(:name, :highest)"), {"name": name, "highest": highest})
