"""How many feeds and pages a second go through the whole collection, beside the parser and the extractor alone.

    python -m bench.collecting FOLDER [DOCUMENTS]

FOLDER holds real `feeds` and `pages`. They are served on loopback by a process of its own, each host an address of its
own, without delays, and collected as always: fetched, read, and kept in a database. In the same run the same bodies are
read by the parser, and the same pages by the extractor, one after the other and nothing else; both in turns, and what
is printed is the median of the pairs with the least and the most. The start of the collecting process, which is the
same however much there is to read, is measured each time with nothing to read and taken off.
Then DOCUMENTS articles (20,000 when not given) are collected, and the most memory that the collecting process took.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.articles import of_fundus, of_trafilatura
from bench.memory import most_of
from crawlers.collect import collect_once
from crawlers.extract import extract
from crawlers.reading import read, read_as_wished
from store import sources
from store.database import Database
from store.migrate import upgrade
from store.sources import SourceEntry
from vigie.settings import CrawlSettings

_NOW = datetime(2026, 11, 26, tzinfo=UTC)
_HOSTS = 64
_FEEDS, _PAGES, _PAIRS = 300, 400, 5
_LIMIT = 1.15
_FEWEST = 5  # entries of what is taken for a feed that somebody publishes
_RSS = "<rss version='2.0'><channel><title>x</title>{}</channel></rss>"
_ITEM = "<item><title>{0} et son usine de la rue {1}</title><link>/p/{1}</link></item>"
Bodies = dict[str, tuple[str, bytes]]
"""What is served at a path: content type and body."""


def _serve(bodies: Bodies, said: Connection) -> None:
    """Answer at all addresses until the process is ended."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            while (await reader.readline()).strip():
                pass
            found = bodies.get(line.split()[1].decode())
            kind, body = found or ("text/plain", b"")
            status = "200 OK" if found else "404 Not Found"
            writer.write(f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode())
            writer.write(body)
            await writer.drain()
        writer.close()

    async def main() -> None:
        server = await asyncio.start_server(answer, "0.0.0.0", 0)  # noqa: S104 (all addresses of the loopback interface)
        said.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


@contextmanager
def _served(bodies: Bodies) -> Iterator[Callable[[int], str]]:
    """Serve; gives the address of each host by its number."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_serve, args=(bodies, there), daemon=True)
    process.start()
    port = here.recv()
    try:
        yield lambda number: f"http://127.0.1.{number % _HOSTS + 1}:{port}"
    finally:
        process.terminate()
        process.join()


def _collect(folder: Path, addresses: Sequence[str], *, follow: bool) -> tuple[float, int, int]:
    """Seconds that a round takes, the articles fetched, and bytes of memory."""
    database = Database(f"sqlite:///{folder / 'vigie.db'}")
    upgrade(database)
    with database.session() as session:
        sources.synchronise(session, [SourceEntry(one, one) for one in addresses])
    settings = CrawlSettings(delay_seconds=0, allow_loopback=True, follow_articles=follow, host_requests=10**9)
    started = time.perf_counter()
    with most_of("crawlers.spider") as most:
        counts = collect_once(database_url=str(database.url), folder=folder, crawl=settings.model_dump())
        memory = most()
    seconds = time.perf_counter() - started
    database.close()
    return seconds, counts["articles_done"], memory


def _round(addresses: Callable[[Path], Sequence[str]], *, follow: bool) -> tuple[float, int, int]:
    with tempfile.TemporaryDirectory() as name:
        return _collect(Path(name), addresses(Path(name)), follow=follow)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _parse(bodies: Sequence[bytes]) -> None:
    for body in bodies:
        read_as_wished(body, wished=None, url="http://127.0.0.1/", content_type="text/xml", now=_NOW)


def _extract(pages: Sequence[bytes]) -> None:
    for body in pages:
        try:
            extract(body, "text/html", "http://127.0.0.1/a", _NOW)
        except ValueError:
            continue


def _real_feeds(folder: Path) -> list[bytes]:
    bodies = [file.read_bytes() for file in sorted(folder.rglob("*")) if file.suffix in (".xml", ".rss", ".atom")]
    facts = {"url": "http://127.0.0.1/", "content_type": "text/xml", "now": _NOW}
    read_all = [(body, read(body, kind="feed", **facts)) for body in bodies]  # type: ignore[arg-type]
    return [body for body, found in read_all if len(found.entries) >= _FEWEST]


def _real_pages(folder: Path) -> list[bytes]:
    return [page.body for page in (*of_trafilatura(folder / "trafilatura"), *of_fundus(folder / "fundus"))]


def _lists(paths: Sequence[str]) -> Bodies:
    """A feed a host, of the paths that it is asked for."""
    feeds = {}
    for host in range(_HOSTS):
        items = "".join(_ITEM.format("Voltrix", path.rpartition("/")[2]) for path in paths[host::_HOSTS])
        feeds[f"/feed{host}"] = ("application/rss+xml", _RSS.format(items).encode())
    return feeds


@dataclass(frozen=True)
class _Pair:
    """How many were read, and the seconds that it took through the whole collection and alone."""

    number: int
    whole: float
    alone: float

    @property
    def ratio(self) -> float:
        """Times the seconds alone."""
        return self.whole / self.alone


def _started() -> float:
    """Seconds of a round with nothing to read."""
    return _round(lambda _: [], follow=True)[0]


def _feeds(feeds: Sequence[bytes]) -> _Pair:
    asked = [feeds[number % len(feeds)] for number in range(_FEEDS)]
    bodies = {f"/{number}": ("text/xml", body) for number, body in enumerate(asked)}
    with _served(bodies) as address:
        urls = [f"{address(number)}/{number}" for number in range(_FEEDS)]
        seconds, _, _ = _round(lambda _: urls, follow=False)
    return _Pair(_FEEDS, seconds - _started(), _timed(lambda: _parse(asked)))


def _pages(pages: Sequence[bytes]) -> _Pair:
    paths = [f"/p/{number}" for number in range(min(_PAGES, len(pages)))]
    bodies: Bodies = {path: ("text/html", body) for path, body in zip(paths, pages, strict=False)}
    with _served(bodies | _lists(paths)) as address:
        urls = [f"{address(host)}/feed{host}" for host in range(_HOSTS)]
        seconds, fetched, _ = _round(lambda _: urls, follow=True)
    return _Pair(fetched, seconds - _started(), _timed(lambda: _extract([body for _, body in bodies.values()])))


def _memory(documents: int) -> tuple[int, int]:
    """The articles that were fetched, and the most memory that took."""
    text = "<p>Une usine ouvre à Firminy, dans la Loire, où travailleront cinquante personnes.</p>" * 8
    paths = [f"/p/{number}" for number in range(documents)]
    bodies: Bodies = {path: ("text/html", f"<article><h1>Usine {path}</h1>{text}</article>".encode()) for path in paths}
    with _served(bodies | _lists(paths)) as address:
        urls = [f"{address(host)}/feed{host}" for host in range(_HOSTS)]
        _, fetched, memory = _round(lambda _: urls, follow=True)
    return fetched, memory


def main(folder: Path, documents: int) -> None:
    """Print the two tables."""
    feeds, pages = _real_feeds(folder / "feeds"), _real_pages(folder / "pages")
    table = Table("", "number", "a second", "alone, a second", "times alone", "of", "limit")
    for name, pairs in (
        ("feeds", [_feeds(feeds) for _ in range(_PAIRS)]),
        ("pages", [_pages(pages) for _ in range(_PAIRS)]),
    ):
        middle = sorted(pairs, key=lambda one: one.ratio)[_PAIRS // 2]
        least, most = (choose(one.ratio for one in pairs) for choose in (min, max))
        rates = f"{middle.number / middle.whole:.0f}", f"{middle.number / middle.alone:.0f}", f"{middle.ratio:.2f}"
        table.add_row(name, f"{middle.number:,}", *rates, f"{least:.2f}–{most:.2f}", f"{_LIMIT:.2f}")
    Console().print(table)
    memory = Table("articles", "memory at most, MB", "times")
    first = 0
    for wanted in (documents // 10, documents):
        fetched, most = _memory(wanted)
        first = first or most
        memory.add_row(f"{fetched:,}", f"{most / 1e6:.0f}", f"{most / first:.2f}")
    Console().print(memory)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)
