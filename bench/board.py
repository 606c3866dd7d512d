"""How long it takes to know all companies before a ranking: from the files with what changed, against read anew.

    python -m bench.board

A database of SQLite with made-up companies and one signal for each five of them, of which 1,000 companies and 300
signals change between two rankings.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import update
from sqlalchemy.orm import Session

from bench.ranking import OFFER, TAXONOMY
from leads.board import read_board
from leads.board_files import open_board
from store.base import Base, in_chunks, utcnow
from store.bulk import add_rows
from store.database import Database
from store.migrate import upgrade
from store.tables import Company, Signal, Source

_SIZES = (10_000, 100_000, 1_000_000)
_SINCE = datetime(2024, 1, 1, tzinfo=UTC)
_PART = 10_000
_COMPANIES, _SIGNALS = 1_000, 300  # that change


def _fill(session: Session, first: int, random_: random.Random) -> None:
    one, tables, now = random_.choice, Base.metadata.tables, utcnow()
    ids = range(first, first + _PART)
    facts = ("name", "siren", "department", "country", "naf", "headcount_band", "turnover", "created_on", "city")
    rows = [
        (
            f"C{number}",
            str(100_000_000 + number),
            f"{random_.randint(1, 95):02d}",
            "FR",
            f"{random_.randint(1000, 9700)}Z",
            one(["01", "11", "21", "31", None]),
            one([None, None, random_.random() * 1e7]),
            date(1980 + random_.randint(0, 45), random_.randint(1, 12), random_.randint(1, 28)),
            f"V{random_.randint(1, 36_000)}",
        )
        for number in ids
    ]
    shared = {"added_at": now, "changed_at": now - timedelta(days=3), "register": "b", "register_date": now.date()}
    add_rows(session, tables["company"], facts, rows, shared)
    told = range(first // 5 + 1, (first + _PART) // 5 + 1)
    documents = [(number, 1, f"http://x/{number}", "t", "t", "fr") for number in told]
    add_rows(
        session,
        tables["document"],
        ("id", "source_id", "url", "title", "text", "language"),
        documents,
        {"found_at": now},
    )
    kinds = list(TAXONOMY.types)
    signals = [
        (number, random_.choice(ids), one(kinds), now - timedelta(days=random_.randint(0, 700)), 0.9, 0.9)
        for number in told
    ]
    columns = ("document_id", "company_id", "type", "published_at", "confidence", "link_confidence")
    shared = {"families": [], "status": "done", "sentence": "t", "start": 0, "end": 1, "slots": {}, "version": "v"}
    shared |= {"candidates": [], "link_reasons": [], "changed_at": now - timedelta(days=3), "found_at": now}
    add_rows(session, tables["signal"], columns, signals, shared)


def _change(session: Session, size: int, random_: random.Random) -> None:
    for ids in in_chunks(random_.sample(range(1, size), _COMPANIES)):
        session.execute(update(Company).where(Company.id.in_(ids)).values(headcount=random_.randint(1, 5_000)))
    for ids in in_chunks(random_.sample(range(1, size // 5), _SIGNALS)):
        session.execute(update(Signal).where(Signal.id.in_(ids)).values(impact=1 + random_.random()))


def main(sizes: tuple[int, ...]) -> None:
    """Print a row for each number of companies."""
    title = f"all companies before a ranking; {_COMPANIES:,} companies and {_SIGNALS} signals changed"
    table = Table(
        "companies", "signals", "read anew, s", "first time, s", "with changes, s", "times as fast", title=title
    )
    for size in sizes:
        random_ = random.Random(1)  # noqa: S311
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            database = Database(f"sqlite:///{folder / 'vigie.db'}")
            upgrade(database)
            with database.session() as session:
                session.add(Source(url="http://x/feed", name="x"))
            for first in range(0, size, _PART):
                with database.session() as session:
                    _fill(session, first, random_)
            with database.session() as session:
                started = time.perf_counter()
                read_board(session, TAXONOMY, _SINCE, OFFER).facts.fit(OFFER, utcnow().date())
                anew = time.perf_counter() - started
                started = time.perf_counter()
                open_board(session, folder, TAXONOMY, _SINCE)
                written = time.perf_counter() - started
            taken = []
            for _ in range(3):
                with database.session() as session:
                    _change(session, size, random_)
                with database.session() as session:
                    started = time.perf_counter()
                    open_board(session, folder, TAXONOMY, _SINCE).facts.fit(OFFER, utcnow().date())
                    taken.append(time.perf_counter() - started)
            database.close()
        times = (f"{one:.2f}" for one in (anew, written, statistics.median(taken)))
        table.add_row(f"{size:,}", f"{size // 5:,}", *times, f"{anew / statistics.median(taken):.1f}")
    Console().print(table)


if __name__ == "__main__":
    main(_SIZES[: int(sys.argv[1])] if sys.argv[1:] else _SIZES)
