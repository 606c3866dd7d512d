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
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from bench.ranking import OFFER, TAXONOMY
from leads.board import read_board
from leads.board_files import open_board
from store.base import Base, in_chunks, utcnow
from store.database import Database
from store.migrate import upgrade
from store.tables import Company, Signal, Source

_SIZES = (10_000, 100_000, 1_000_000)
SMALLEST = ((1_000,),)
_SINCE = datetime(2024, 1, 1, tzinfo=UTC)
_PART = 10_000
_COMPANIES, _SIGNALS = 1_000, 300  # that change


def _company(number: int, random_: random.Random) -> dict[str, Any]:
    born = date(1980 + random_.randint(0, 45), random_.randint(1, 12), random_.randint(1, 28))
    return {
        "id": number,
        "name": f"C{number}",
        "siren": str(100_000_000 + number),
        "department": f"{random_.randint(1, 95):02d}",
        "country": "FR",
        "naf": f"{random_.randint(1000, 9700)}Z",
        "headcount_band": random_.choice(["01", "11", "21", "31", None]),
        "turnover": random_.choice([None, None, random_.random() * 1e7]),
        "created_on": born,
        "city": f"V{random_.randint(1, 36_000)}",
    }


def _fill(session: Session, first: int, part: int, random_: random.Random) -> None:
    tables, now, kinds = Base.metadata.tables, utcnow(), list(TAXONOMY.types)
    before = now - timedelta(days=3)
    ids = range(first + 1, first + part + 1)
    register = {"added_at": now, "changed_at": before, "register": "b", "register_date": now.date()}
    session.execute(insert(tables["company"]), [_company(number, random_) | register for number in ids])
    told = range(first // 5 + 1, (first + part) // 5 + 1)
    article = {"source_id": 1, "title": "t", "text": "t", "language": "fr", "found_at": now}
    session.execute(insert(tables["document"]), [{"id": n, "url": f"http://x/{n}"} | article for n in told])
    said = {"families": [], "status": "done", "sentence": "t", "start": 0, "end": 1, "slots": {}, "version": "v"}
    said |= {"candidates": [], "link_reasons": [], "changed_at": before, "found_at": now}
    said |= {"confidence": 0.9, "link_confidence": 0.9}
    signals = [
        {
            "document_id": number,
            "company_id": random_.choice(ids),
            "type": random_.choice(kinds),
            "published_at": now - timedelta(days=random_.randint(0, 700)),
        }
        | said
        for number in told
    ]
    session.execute(insert(tables["signal"]), signals)


def _change(session: Session, size: int, random_: random.Random) -> None:
    for ids in in_chunks(random_.sample(range(1, size), min(_COMPANIES, size // 2))):
        session.execute(update(Company).where(Company.id.in_(ids)).values(headcount=random_.randint(1, 5_000)))
    for ids in in_chunks(random_.sample(range(1, size // 5), min(_SIGNALS, size // 10))):
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
                    _fill(session, first, min(_PART, size - first), random_)
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
