"""How many articles workers get through on PostgreSQL, by how many there are: fetching at the hosts' pace, analysing.

python -m bench.workers
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import product
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select, update

from nlp.corpus import texts
from store import sources
from store.base import utcnow
from store.companies import CompanyRow
from store.companies import save as save_companies
from store.database import Database
from store.migrate import upgrade
from store.sources import SourceEntry
from store.tables import Document, Source
from tests.support import postgres
from tests.support.press import Answer, serving
from vigie.queue import Queue
from vigie.settings import load

_PROCESSES = (1, 2, 4)
_HOSTS, _ARTICLES, _ANSWER = 12, 25, 0.1
_STORED = 4000
SMALLEST = ((1,), 2, 3, 20)
_SYLLABLES = ("vel", "cas", "tav", "orm", "bru", "mor", "tel", "lin", "iva", "dro", "pen", "sog", "rak")
_COMPANIES = ["".join(parts).capitalize() for parts in product(_SYLLABLES, repeat=3)]
_DAYS = 60  # over which the articles are spread


def _config(folder: Path, url: str, feeds: list[str]) -> Path:
    file = folder / "config.yaml"
    sources = [{"url": one, "name": one} for one in feeds]
    crawl = {"allow_loopback": True, "delay_seconds": 0.2, "retries": 0}
    content = {"data": str(folder / "var"), "store": {"url": url}, "crawl": crawl, "sources": sources}
    file.write_text(json.dumps(content), "utf-8")
    return file


def _work(file: Path, queue: str, processes: int, database: Database, state: str) -> float:
    """Articles a second that come into a state, from the first one on until nothing waits in a queue."""
    command = [sys.executable, "-m", "vigie", "work", "--once", "--queue", queue, "--config", str(file)]
    with subprocess.Popen([*command, "--processes", str(processes)], stdout=subprocess.DEVNULL) as workers:  # noqa: S603
        while not _in_state(database, state):  # programs start and models are loaded, once for many jobs
            time.sleep(0.05)
        started = time.perf_counter()
        workers.wait()
    return _in_state(database, state) / (time.perf_counter() - started)


def _in_state(database: Database, state: str) -> int:
    with database.session() as session:
        return session.scalar(select(func.count(Document.id)).where(Document.state == state)) or 0


def _fetch(folder: Path, database: Database, addresses: list[str], processes: int) -> float:
    feeds = [f"{one}/feed{processes}" for one in addresses]
    file = _config(folder, database.url.render_as_string(hide_password=False), feeds)
    with database.session() as session:
        session.execute(update(Document).values(state="done"))
        sources.synchronise(session, [SourceEntry(one, one) for one in feeds])
    queue = Queue(load(file), database)
    with queue.app.open():
        queue.put_fetches()
    return _work(file, "fetch", processes, database, "collected")


def _analyse(file: Path, database: Database, processes: int, stored: int) -> float:
    chance, sentences = random.Random(processes), list(texts())  # noqa: S311
    with database.session() as session:
        session.execute(update(Document).values(state="done"))
        source = session.scalars(select(Source).limit(1)).one()
        for number in range(stored):
            text = " ".join(chance.sample(sentences, 8))
            url = f"https://x.example/{processes}/{number}"
            read = {"state": "collected", "published_at": utcnow(), "date_source": "feed"}
            session.add(
                Document(source=source, url=url, title=f"{chance.choice(_COMPANIES)} : {text[:60]}", text=text, **read)
            )
    queue = Queue(load(file), database)
    with queue.app.open():
        for share in range(processes):
            queue.put("analyse", share=share)
    return _work(file, "analyse", processes, database, "analysed")


def main(
    amounts: tuple[int, ...] = _PROCESSES, hosts: int = _HOSTS, articles: int = _ARTICLES, stored: int = _STORED
) -> None:
    """Print articles a second, by how many processes work, and how many times those of one that is."""
    table = Table("processes", "fetched a second", "times", "analysed a second", "times")
    table.title = f"{hosts} hosts of {articles} articles, 0.2 s between two requests to one; {stored:,} to analyse"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        presses = [stack.enter_context(serving(f"127.0.0.{number + 2}")) for number in range(hosts)]
        for press in presses:
            press.slowness = _ANSWER
            for count in amounts:
                paths = [f"/{count}-{number}" for number in range(articles)]
                for path in paths:
                    press.answers[path] = Answer(b"<article><p>" + b"Une usine ouvre. " * 60 + b"</p></article>")
                press.rss(f"/feed{count}", *((path, "Une usine ouvre") for path in paths))
        url = stack.enter_context(postgres.running()).create()
        database, file = Database(url), _config(folder, url, [])
        upgrade(database)
        with database.session() as session:
            save_companies(session, [CompanyRow(one, {one.lower(): one}) for one in _COMPANIES])
        Queue(load(file), database).prepare()
        fetched = [_fetch(folder, database, [one.address for one in presses], count) for count in amounts]
        analysed = [_analyse(file, database, count, stored) for count in amounts]
        database.close()
    for count, one, other in zip(amounts, fetched, analysed, strict=True):
        table.add_row(str(count), f"{one:.1f}", f"{one / fetched[0]:.2f}", f"{other:.0f}", f"{other / analysed[0]:.2f}")
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
