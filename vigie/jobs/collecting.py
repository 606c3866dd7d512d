"""Collecting: one round of the crawl."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn

from crawlers.collect import collect_once
from digests.due import BEFORE
from store import sources
from store.base import utcnow
from store.database import Database
from store.hosts import EVERY_HOST, Share
from vigie.console import progress_bars
from vigie.jobs.upkeep import cut_back
from vigie.mail_settings import next_digest
from vigie.settings import Settings


def hurry_before_digest(settings: Settings, database: Database, now: datetime) -> None:
    """In the two hours before a digest let every source be visited once, however seldom it publishes."""
    come = next_digest(settings, database, now)
    if come is not None and come - now <= BEFORE:
        with database.session() as session:
            sources.hurry_unvisited(session, come - BEFORE, come, now)


def run_collect(
    settings: Settings,
    database: Database,
    stopping: Callable[[], bool] = lambda: False,
    share: Share = EVERY_HOST,
) -> Counter[str]:
    """One round of the crawl, of every host or of a share, with a progress bar."""
    cut_back(settings.data, utcnow())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with progress_bars(*columns) as bars:
        feeds, articles = bars.add_task("sources", total=None), bars.add_task("articles", total=None)

        def show(counts: Counter[str]) -> None:
            bars.update(feeds, total=counts["sources"], completed=counts["sources_done"])
            bars.update(articles, total=counts["articles"], completed=counts["articles_done"])

        return collect_once(
            database_url=settings.database_url,
            folder=settings.data,
            crawl=settings.crawl.model_dump(),
            share=share,
            progress=show,
            stopping=stopping,
        )
