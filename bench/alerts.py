"""What a round of new documents costs with ten thousand saved searches, against asking them of the archive.

python -m bench.alerts
"""

from __future__ import annotations

import random
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from index.embedded import EmbeddedIndex, PassingIndex
from index.query import Entry
from index.signals import SignalEntry, SignalQuery, Value
from leads.conditions import spelt
from signals.types import default_taxonomy
from vigie.queries import query_of
from watch.searches import Search

TODAY = date(2026, 3, 10)
_SEARCHES = 10_000
_NEW, _ARCHIVE = (100, 400, 1600), (5_000, 20_000)
SMALLEST = (20, (10,), (100,))
_SAMPLE = 200  # searches that are asked of the archive; asking all would take minutes
_WORDS = [
    f"{first}{last}" for first in ("ro", "ma", "li", "te", "por", "fon") for last in ("bot", "chine", "gne", "rie")
]


def _entry(number: int, chance: random.Random) -> Entry:
    kinds = list(default_taxonomy().types)
    facts: dict[str, Value] = {
        "department": f"{chance.randint(1, 95):02d}",
        "country": "FR",
        "naf": ("2", "28"),
        "headcount": 80.0,
    }
    signal = SignalEntry(number, chance.randint(1, 5000), chance.choice(kinds), ("growing",), 0.9, facts)
    day = TODAY - timedelta(days=chance.randint(0, 300))
    return Entry(number, "Titre", " ".join(chance.choices(_WORDS, k=300)), "fr", day, frozenset(), (signal,))


def _search(chance: random.Random) -> SignalQuery:
    asked = {
        "text": chance.choice(["", chance.choice(_WORDS), " ".join(chance.sample(_WORDS, 2))]),
        "types": tuple(chance.sample(list(default_taxonomy().types), chance.randint(0, 4))),
        "territory": (f"{chance.randint(1, 95):02d}",) if chance.random() < 0.7 else (),
        "criteria": (spelt("headcount>=50"),) if chance.random() < 0.5 else (),
    }
    return query_of(Search.model_validate(asked), TODAY)


def main(many: int = _SEARCHES, fresh: tuple[int, ...] = _NEW, archives: tuple[int, ...] = _ARCHIVE) -> None:
    """Print the seconds of a round, by how many documents are new and how many are stored."""
    chance = random.Random(1)  # noqa: S311
    searches = [_search(chance) for _ in range(many)]
    table = Table("archive", "new", "s a round", "searches a second", "s by the archive", "ratio")
    table.title = f"{many:,} saved searches"
    for stored in archives:
        with tempfile.TemporaryDirectory() as folder:
            archive = EmbeddedIndex(Path(folder))
            archive.write([_entry(number, chance) for number in range(1, stored + 1)], set())
            started = time.perf_counter()
            for search in searches[:_SAMPLE]:
                archive.find(search)
            whole = (time.perf_counter() - started) * many / min(many, _SAMPLE)
        for new in fresh:
            entries = [_entry(number, chance) for number in range(1, new + 1)]
            started = time.perf_counter()
            index = PassingIndex(entries)
            for search in searches:
                index.find(search)
            taken = time.perf_counter() - started
            rate = f"{many / taken:,.0f}"
            table.add_row(f"{stored:,}", f"{new:,}", f"{taken:.2f}", rate, f"{whole:.1f}", f"{whole / taken:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
