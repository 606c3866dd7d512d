"""`vigie index` and `vigie reindex`."""

from __future__ import annotations

from vigie.commands.options import ConfigOption
from vigie.console import say
from vigie.jobs.indexing import run_index, run_reindex
from vigie.opening import opened
from vigie.settings import DEFAULT_FILE


def update_index(config: ConfigOption = DEFAULT_FILE) -> None:
    """Bring the search index up to date with what was collected and analysed."""
    with opened(config) as (settings, database):
        read = run_index(settings, database)
    say(f"{read} documents indexed")


def reindex(config: ConfigOption = DEFAULT_FILE) -> None:
    """Build the search index anew from the database, beside the live one; go on where an earlier start stopped."""
    with opened(config) as (settings, database):
        read = run_reindex(settings, database)
    say(f"{read} documents indexed anew")
