"""`vigie collect`: what sources and registers have that is new."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from store import sources
from store.base import utcnow
from store.database import Database
from vigie.commands.options import ConfigOption
from vigie.console import minute_of, say, warn
from vigie.jobs.collecting import hurry_before_digest, run_collect
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
    hurry_before_digest(settings, database, utcnow())
    counts = run_collect(settings, database)
    say(f"{counts['sources_done']} sources read, {counts['articles_done']} articles fetched")
    if not counts["sources"]:
        say(_why_none(database))
    if counts["articles_put_off"]:
        say(f"{counts['articles_put_off']} articles are left for a later round: their hosts want to be asked slowly")
    with database.reading() as session:
        failing = sources.failing(session)
    for source in failing:
        said = f"{source.name} ({source.url}): {source.error}"
        warn(said)


def _why_none(database: Database) -> str:
    """Why no source was read."""
    with database.reading() as session:
        waiting = sources.waiting(session)
    if waiting.held and waiting.until:
        free = f"{minute_of(waiting.until)} UTC"
        return f"another process reads {waiting.held} of them; if it ended, they are free at {free}"
    if waiting.following is None:
        return "there is no source to read: vigie sources add ADDRESS"
    return f"the next is due at {minute_of(waiting.following.due_at)} UTC: {waiting.following.name}"
