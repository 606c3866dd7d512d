"""Importing registers of companies."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from rich.progress import BarColumn, TaskProgressColumn, TextColumn

from companies.importing import Imported, Wishes, import_file
from crawlers import files
from crawlers.download import download
from store import failures, sources
from store.base import utcnow
from store.database import Database
from store.tables import Source
from vigie.console import progress_bars, say, warn
from vigie.settings import Settings

_IMPORT_HOLD = timedelta(hours=1)  # after which an import that was cut off is gone on with


def run_import(settings: Settings, database: Database, file: Path, wishes: Wishes) -> Imported:
    """Import a file of companies, with a progress bar; refused lines go to the `rejects` folder of the data."""
    with progress_bars(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()) as bars:
        task = bars.add_task(file.name, total=1.0)
        return import_file(
            database,
            file,
            settings.imports,
            wishes,
            rejects=settings.data / "rejects" / f"{file.name.split('.')[0]}.csv",
            progress=lambda share: bars.update(task, completed=share),
        )


def run_download(settings: Settings, url: str) -> Path:
    """The file at an address, in the `downloads` folder of the data, with a progress bar; only if it changed."""
    with progress_bars(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()) as bars:
        task = bars.add_task("download", total=1.0)
        return download(
            url,
            settings.data / "downloads",
            user_agent=settings.crawl.user_agent,
            allow_loopback=settings.crawl.allow_loopback,
            seconds=settings.crawl.timeout_seconds,
            progress=lambda share: bars.update(task, completed=share),
        )


def file_of(settings: Settings, address: str) -> Path:
    """The file of a register: at an address of the web, sent again only if it changed, or on this machine."""
    if address.startswith(("https://", "http://")):
        return run_download(settings, address)
    return files.path_of(address) if address.startswith(files.SCHEME) else Path(address)


def run_registers(settings: Settings, database: Database, stopping: Callable[[], bool] = lambda: False) -> int:
    """Look at the registers of companies that are due, and import those that changed; returns how many were looked at.

    What goes wrong is noted on the source, which is looked at again after an hour, then two, four and so on.
    """
    looked = 0
    while not stopping():
        with database.session() as session:
            source = sources.claim_register(session, utcnow(), hold=_IMPORT_HOLD)
            if source is None:
                break
            number, address, name, before = source.id, source.url, source.name, source.body_digest
        state, error = before, None
        try:
            file = file_of(settings, address)
            with file.open("rb") as opened_file:
                state = hashlib.file_digest(opened_file, "blake2b").hexdigest()
            if state != before:
                _tell_import(name, run_import(settings, database, file, Wishes()))
        except Exception as wrong:  # whatever a damaged file makes it raise, the others are looked at
            state, error = before, failures.said(wrong)
        with database.session() as session:
            sources.looked_at(session.get_one(Source, number), utcnow(), state, error)
        looked += 1
    return looked


def _tell_import(name: str, outcome: Imported) -> None:
    say(f"{name}: {outcome.added} companies added, {outcome.updated} updated, {outcome.refused} lines refused")
    if outcome.rejects_file:
        warn(f"{name}: the refused lines are in {outcome.rejects_file}")
