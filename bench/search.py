"""Both search engines on the same documents: how fast they take them in, answer 20 clients at once, and what they hold.

python -m bench.search [DOCUMENTS ...]
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from elasticsearch import Elasticsearch
from rich.console import Console
from rich.table import Table

from bench.memory import process_of, resident
from index.elastic import ElasticIndex, Server
from index.embedded import EmbeddedIndex
from index.query import Entry, Query, SearchIndex, facts
from index.signals import SignalEntry, SignalQuery, Value
from nlp.corpus import texts
from tests.support.node import running

DOCUMENTS = (20_000,)
SMALLEST = ((100,),)
_CLIENTS, _SEARCHES, _BATCH, _WORDS = 20, 1500, 2000, 300
_HEAP = "2g"
_TODAY = date(2026, 3, 10)
_KINDS = {
    "hiring": ("growing",),
    "funding": ("financial_growth",),
    "opening": ("new_sites",),
    "layoffs": ("difficulty",),
}
_SYLLABLES = ("va", "lo", "mer", "ti", "so", "dan", "qui", "pra", "bel", "nor", "fa", "ren")


def _entries(chance: random.Random) -> Iterator[Entry]:
    """Articles of about 300 words, of sentences as the press writes them with names that few others have."""
    sentences, number = list(texts()), 0
    while True:
        number += 1
        said: list[str] = []
        while sum(map(len, said)) < _WORDS * 6:
            name = "".join(chance.choices(_SYLLABLES, k=3)).capitalize()
            said.append(f"{name} : {chance.choice(sentences)}")
        day = _TODAY - timedelta(days=int(730 * chance.random() ** 2))
        signals: list[SignalEntry] = []
        found = frozenset[str]()
        if number % 3:
            kind, place = chance.choice(list(_KINDS)), f"{chance.randint(1, 95):02d}"
            known: dict[str, Value] = {
                "department": place,
                "country": "FR",
                "naf": (place[0],),
                "headcount": number % 900,
            }
            signals = [SignalEntry(number, chance.randint(1, 100_000), kind, _KINDS[kind], 0.9, known)]
            found = facts(list(_KINDS[kind]), kind, place)
        yield Entry(number, chance.choice(sentences), " ".join(said), "fr", day, found, tuple(signals))


def _searches(chance: random.Random) -> Iterator[Callable[[SearchIndex], object]]:
    """What people ask: words, phrases, beginnings, with filters or not; documents, and signals with their counts."""
    sentences = [one.split() for one in texts() if len(one.split()) > 6]
    while True:
        words = chance.choice(sentences)
        at = chance.randrange(len(words) - 2)
        kind = chance.randrange(4)
        text = (words[at], f'"{words[at]} {words[at + 1]}"', f"{words[at][:5]}*", " ".join(chance.sample(words, 2)))[
            kind
        ]
        places = frozenset(f"{chance.randint(1, 95):02d}" for _ in range(5))
        if chance.random() < 0.5:
            asked = Query(text, type=chance.choice([None, "hiring"]), order=chance.choice(["relevance", "date"]))
            yield lambda index, asked=asked: index.search(asked)  # type: ignore[misc]
        else:
            wanted = SignalQuery(text, places=places, since=_TODAY - timedelta(days=90))
            yield lambda index, wanted=wanted: index.look(wanted)  # type: ignore[misc]


def _answer(index: SearchIndex, number: int = _SEARCHES) -> tuple[float, float, float]:
    """Seconds at the median and at the 95th of a hundred, and searches a second, of 20 clients at once."""
    asked = list(islice(_searches(random.Random(3)), number))  # noqa: S311

    def taken(search: Callable[[SearchIndex], object]) -> float:
        started = time.perf_counter()
        search(index)
        return time.perf_counter() - started

    started = time.perf_counter()
    with ThreadPoolExecutor(_CLIENTS) as pool:
        found = sorted(pool.map(taken, asked))
    cuts = statistics.quantiles(found, n=20)
    return cuts[9], cuts[18], number / (time.perf_counter() - started)


def _while_written(index: SearchIndex, entries: Iterator[Entry]) -> tuple[float, float, float]:
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            index.write(list(islice(entries, 200)), set())

    writer = threading.Thread(target=write)
    writer.start()
    try:
        return _answer(index)
    finally:
        done.set()
        writer.join()


def _measure(index: SearchIndex, documents: int, held: Callable[[], tuple[float, float]]) -> list[float]:
    """Documents a second, seconds of searches at rest and during ingest, megabytes of disk and of memory."""
    entries = _entries(random.Random(2))  # noqa: S311
    taken = 0.0
    for _ in range(0, documents, _BATCH):
        batch = list(islice(entries, min(_BATCH, documents)))
        started = time.perf_counter()
        index.write(batch, set())
        taken += time.perf_counter() - started
    _answer(index, 200)  # what is read from the disk the first time, and compiled
    rest = _answer(index)
    disk, memory = held()
    busy = _while_written(index, entries)
    return [
        documents / taken,
        *(1000 * one for one in rest[:2]),
        rest[2],
        *(1000 * one for one in busy[:2]),
        disk,
        memory,
    ]


_ROWS = (
    "documents a second taken in",
    "ms a search, median, 20 clients",
    "ms, 95th of a hundred",
    "searches a second",
    "ms during ingest, median",
    "ms during ingest, 95th",
    "MB on disk",
    "MB of memory",
)


def _embedded(documents: int) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        before = resident()

        def held() -> tuple[float, float]:
            size = sum(one.stat().st_size for one in Path(folder).rglob("*") if one.is_file())
            return size / 1e6, (resident() - before) / 1e6

        return _measure(EmbeddedIndex(Path(folder)), documents, held)


def _elastic(documents: int, node: str) -> list[float]:
    with nullcontext(node) if node else running(_HEAP) as address:
        client = Elasticsearch(address, request_timeout=120, connections_per_node=_CLIENTS)
        process = process_of("vigie.TestNode")

        def held() -> tuple[float, float]:
            size = client.indices.stats(index="vigie-*")["_all"]["total"]["store"]["size_in_bytes"]
            return size / 1e6, resident(process) / 1e6

        return _measure(ElasticIndex(Server(client)), documents, held)


def main(sizes: tuple[int, ...], node: str = "") -> None:
    """Print a table for each number of documents; `node` is the address of a node of Elasticsearch that is there."""
    for documents in sizes:
        here, there = _embedded(documents), _elastic(documents, node)
        table = Table("", "embedded", "Elasticsearch", "ratio", title=f"{documents:,} documents of {_WORDS} words")
        for name, one, other in zip(_ROWS, here, there, strict=True):
            table.add_row(name, f"{one:,.1f}", f"{other:,.1f}", f"{one / other:.2f}")
        Console(width=110).print(table)


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or DOCUMENTS)
