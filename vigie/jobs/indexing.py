"""Bringing the search index up to date."""

from __future__ import annotations

from collections.abc import Callable

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from companies.criteria import indexed
from index.indexing import reindex, update_index
from index.query import SearchIndex
from store.base import utcnow
from store.database import Database
from store.errors import Unavailable
from vigie.console import progress_bars, warn
from vigie.engines import open_index
from vigie.percolator import Percolator
from vigie.settings import Settings


def run_index(settings: Settings, database: Database) -> int:
    """Index what changed, and find the lists that it answers; returns how many documents were read."""
    return _with_progress(update_index, settings, database)


def run_reindex(settings: Settings, database: Database) -> int:
    """Build the index anew beside the live one, with a progress bar; returns how many documents are in it."""
    return _with_progress(reindex, settings, database)


def _with_progress(how: Callable[..., int], settings: Settings, database: Database) -> int:
    with progress_bars(TextColumn("indexed"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as bars:
        task = bars.add_task("documents", total=None)

        def show(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total)

        return how(database, open_index(settings), indexed, Percolator(database, utcnow().date()), show)


def up_to_date(settings: Settings, database: Database) -> SearchIndex:
    """The index, with what changed read if that is possible now."""
    try:
        run_index(settings, database)
    except Unavailable as error:  # the service may be writing: what it has indexed so far can be searched
        warn(f"the newest documents may be missing: {error}")
    return open_index(settings)
