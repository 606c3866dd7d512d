"""How many articles a second go through the whole pipeline, and which stage costs most.

    python -m bench.pipeline [COPIES]

The demonstration's press is served COPIES times over (20 when not given), each copy under addresses of its own, on
loopback without delays. Beside the stages, in the same run, stands the peer: trafilatura alone on the same pages.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import trafilatura
from rich.console import Console
from rich.table import Table

from store.base import utcnow
from store.database import Database
from vigie.demo import run, server
from vigie.jobs.analysis import run_analyse
from vigie.jobs.collecting import run_collect
from vigie.jobs.indexing import run_index
from vigie.jobs.mailing import run_digest
from vigie.jobs.rankings import run_rankings
from vigie.opening import opened
from vigie.settings import Settings

SMALLEST = (1,)


def _peer(copies: int) -> float:
    """Seconds that trafilatura alone takes for the same pages."""
    now = datetime.now(UTC)
    pages = [
        server.page(outlet, key, story, now) for key, outlet in server.outlets().items() for story in outlet.articles
    ]
    started = time.perf_counter()
    for _ in range(copies):
        for page in pages:
            trafilatura.bare_extraction(page, with_metadata=True)
    return time.perf_counter() - started


def _timed(settings: Settings, database: Database) -> tuple[int, dict[str, float]]:
    stages: dict[str, Callable[[], object]] = {
        "collect (fetch, feeds, text)": lambda: run_collect(settings, database),
        "analyse (events, slots, companies)": lambda: run_analyse(settings, database),
        "index": lambda: run_index(settings, database),
        "rank": lambda: run_rankings(settings, database, utcnow().date()),
        "digest": lambda: run_digest(settings, database, utcnow()),
    }
    seconds = {}
    articles = 0
    for name, stage in stages.items():
        started = time.perf_counter()
        result = stage()
        seconds[name] = time.perf_counter() - started
        articles = result["articles_done"] if isinstance(result, dict) else articles
    return articles, seconds


def main(copies: int) -> None:
    """Run the pipeline once and print a row a stage."""
    with tempfile.TemporaryDirectory() as folder, server.serving(copies) as address:
        config = Path(folder) / "config.yaml"
        text = (Path(server.__file__).parent / "config.yaml").read_text("utf-8")
        config.write_text(text.replace("data: var/demo", f"data: {folder}/var"), "utf-8")
        with opened(config) as (settings, database):
            run.prepare(database, address, copies)
            articles, seconds = _timed(settings, database)
    total, peer = sum(seconds.values()), _peer(copies)
    table = Table("stage", "seconds", "articles/s", "share", "times the peer", title=f"{articles} articles")
    for name, taken in [*seconds.items(), ("all", total), ("peer: trafilatura alone", peer)]:
        share = f"{taken / total:.0%}" if name in (*seconds, "all") else ""
        table.add_row(name, f"{taken:.1f}", f"{articles / taken:.0f}", share, f"{taken / peer:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
