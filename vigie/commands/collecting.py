"""`vigie collect`: what sources and registers have that is new."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from store import sources
from store.database import Database
from vigie.commands.options import ConfigOption
from vigie.console import say, warn
from vigie.jobs.collecting import run_collect
from vigie.jobs.registers import run_registers
from vigie.opening import opened
from vigie.settings import DEFAULT_FILE, Settings


def collect(
    config: ConfigOption = DEFAULT_FILE,
    once: Annotated[bool, typer.Option("--once", help="One round, then stop; without it, a round a minute.")] = False,
) -> None:
    """Read the sources that are due and fetch their new articles."""
    with opened(config) as (settings, database):
        _collect_round(settings, database)
        while not once:
            time.sleep(60)
            _collect_round(settings, database)


def _collect_round(settings: Settings, database: Database) -> None:
    run_registers(settings, database)
    counts = run_collect(settings, database)
    say(f"{counts['sources_done']} sources read, {counts['articles_done']} articles fetched")
    if counts["articles_put_off"]:
        say(f"{counts['articles_put_off']} articles are left for a later round: their hosts want to be asked slowly")
    with database.session() as session:
        failing = sources.failing(session)
    for source in failing:
        said = f"{source.name} ({source.url}): {source.error}"
        warn(said)
