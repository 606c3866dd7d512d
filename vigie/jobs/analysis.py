"""Analysing what was collected, and linking stored articles anew."""

from __future__ import annotations

from collections.abc import Callable, Collection

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn

from companies.linker import open_linker
from signals.analyse import analyse_collected
from signals.relink import naming, relink
from signals.rules import default_extractor
from store import documents
from store.database import Database
from vigie.console import progress_bars
from vigie.settings import Settings


def run_analyse(settings: Settings, database: Database, stopping: Callable[[], bool] = lambda: False) -> int:
    """Analyse what waits, with a progress bar; returns how many signals were found."""
    with progress_bars(TextColumn("analysed"), BarColumn(), MofNCompleteColumn()) as bars:
        with database.reading() as session:
            task = bars.add_task("articles", total=documents.count_in_state(session, *documents.TO_ANALYSE))
        linker = open_linker(database, settings.data)

        def show(done: int) -> None:
            bars.update(task, completed=done)

        return analyse_collected(database, default_extractor(embedding=settings.nlp.embedding), linker, show, stopping)


def run_relink(settings: Settings, database: Database, names: Collection[str]) -> tuple[int, int]:
    """Link the stored articles that have these folded names anew, with a progress bar.

    Returns how many were read again, and of how many of them something else is told now.
    """
    with progress_bars(TextColumn("searched"), BarColumn(), MofNCompleteColumn()) as bars:
        with database.reading() as session:
            task = bars.add_task("articles", total=documents.count_in_state(session, "analysed"))
        ids = naming(database, names, lambda done: bars.update(task, completed=done))
    return len(ids), relink(
        database, ids, default_extractor(embedding=settings.nlp.embedding), open_linker(database, settings.data)
    )
