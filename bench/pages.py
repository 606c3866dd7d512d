"""How long the pages take and how large they are with 300,000 documents, against the limits that they shall keep.

python -m bench.pages [DOCUMENTS]
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table
from sqlalchemy import Table as SqlTable
from sqlalchemy import insert

from companies.criteria import indexed
from index.indexing import update_index
from leads import offers
from leads.offers import Offer
from signals.types import default_taxonomy
from store import reps, users, watchlists
from store.base import Base, utcnow
from store.database import Database
from store.migrate import upgrade
from tests.support.pages import served
from tests.web.support import PASSWORD, sign_in
from vigie.jobs.rankings import run_rankings
from vigie.pages import PageJobs, ready, site_of
from vigie.settings import Settings
from web.passwords import hashed

DOCUMENTS = 300_000
SMALLEST = (1_200,)
_TIMES, _BATCH = 15, 5000
_TABLES = ("source", "company", "name", "document", "mention", "story", "signal")  # each refers to those before it
_MOST_MS, _MOST_KB = 100, 100
_EMAIL = "bench@x.example"
_WORDS = [a + b for a in ("ro", "ma", "li", "te", "por", "fon", "sou", "plan") for b in ("bot", "chine", "gne", "rie")]
_OFFER = Offer.model_validate(
    {
        "name": "bench",
        "fit": [
            {"criterion": "naf", "in": ["25", "26", "28"], "points": 30},
            {"criterion": "headcount", "min": 50, "points": 20},
        ],
    }
)
_PATHS = {
    "today": "/?all=1",
    "ranking": "/ranking",
    "ranking, potential": "/ranking?state=potential",
    "ranking, filtered": "/ranking?department=69&headcount_min=50",
    "company": "/companies/77",
    "company, the most told": "/companies/1",
    "signal": "/signals/1000",
    "search, all": "/search",
    "search, words": "/search?text=robot+machine",
    "search, phrase and kind": "/search?text=%22robot+machine%22&family=growing",
    "search, criteria": "/search?type=hiring&place=69&headcount_min=50",
    "search, company": "/search?text=societe",
    "watchlists": "/watchlists",
    "watchlist": "/watchlists/1",
    "digest": "/digest",
    "digest, preview": "/digest/preview",
    "offer": "/offers/edit?name=bench",
    "administration": "/admin",
    "sources": "/admin/sources",
    "audit": "/admin/audit",
    "RSS of a list": "rss",
}


def _rows(documents: int, chance: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    """Table by table, the rows of a database with so many documents, two thirds as many signals, a third companies."""
    now, kinds = datetime.now(UTC).replace(microsecond=0), list(default_taxonomy().types)
    family = {kind: default_taxonomy().family_of(kind).family for kind in kinds}
    companies = documents // 3
    for number in range(1, 201):
        source = {"id": number, "url": f"https://s{number}.example/rss", "name": f"Source {number}", "origin": "person"}
        yield "source", source | {"fetched_at": now}
    for number in range(1, companies + 1):
        place = {"department": f"{chance.randint(1, 95):02d}", "city": "Lyon", "naf": f"{chance.randint(10, 96)}11Z"}
        size = {"headcount": chance.randint(1, 3000) if chance.random() < 0.4 else None, "country": "FR"}
        yield "company", {"id": number, "name": f"Société {number}", "sources": {}, **place, **size}
        name = {"text": f"Société {number}", "folded": f"societe {number}", "kind": "legal"}
        yield "name", {"company_id": number, **name}
    for number in range(1, documents + 1):
        day = now - timedelta(minutes=chance.randint(1, 730 * 1440))
        text = " ".join(chance.choices(_WORDS, k=90))
        read = {"state": "analysed", "published_at": day, "found_at": day, "date_source": "feed", "language": "fr"}
        said = {"title": f"Titre {text[:40]}", "text": text, "url": f"https://s.example/{number}"}
        yield "document", {"id": number, "source_id": chance.randint(1, 200), **said, **read}
        company = int(companies * chance.random() ** 3) + 1  # two in a hundred articles name the first
        yield "mention", {"document_id": number, "company_id": company}
        if number % 3:
            kind = chance.choice(kinds)
            sure = {"confidence": 0.9, "link_confidence": 0.9, "impact": 1.0, "version": "bench", "role": "subject"}
            story = {"company_id": company, "type": kind, "status": "done", "best_id": number}
            times = {"first_at": day, "last_at": day, "confidence": 0.9, "sources": 1, "published": True}
            yield "story", {"id": number, **story, **times}
            told = {"document_id": number, "company_id": company, "type": kind, "families": [family[kind]]}
            sentence = {"sentence": f"{text[:150]}.", "start": 0, "end": 150, "slots": {}, "subject": "Société"}
            links: dict[str, Any] = {"candidates": [], "link_reasons": [["in the title", 0.5]], "story_id": number}
            found = {"id": number, "status": "done", "published_at": day, "found_at": day}
            yield "signal", {**found, **told, **sentence, **sure, **links}


def _fill(database: Database, documents: int) -> None:
    waiting: dict[str, list[dict[str, Any]]] = {}

    def write(name: str) -> None:
        table: SqlTable = Base.metadata.tables[name]
        with database.session() as session:
            session.execute(insert(table), waiting.pop(name))

    def write_all() -> None:
        for name in [one for one in _TABLES if one in waiting]:
            write(name)

    for name, row in _rows(documents, random.Random(1)):  # noqa: S311
        waiting.setdefault(name, []).append(row)
        if len(waiting[name]) >= _BATCH:
            write_all()
    write_all()
    with database.session() as session:
        offers.save(session, _OFFER, "bench")
        rep = reps.save(session, _EMAIL, "Bench", "fr")
        users.save(session, rep, "admin").password = hashed(PASSWORD, _EMAIL)
        watchlists.add(session, watchlists.save(session, rep, "Liste"), range(1, 301))


def main(documents: int) -> None:
    """Print a row for each page: milliseconds, kilobytes, and their share of the limits."""
    out = Console()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        database = Database(settings.database_url)
        upgrade(database)
        started = time.perf_counter()
        _fill(database, documents)
        update_index(database, PageJobs(settings, database).index, indexed)
        run_rankings(settings, database, utcnow().date())
        out.print(f"{documents:,} documents in {time.perf_counter() - started:.0f} s")
        site = site_of(settings, database)
        with database.session() as session:
            user = users.by_email(session, _EMAIL)
            rss = site.sender.links.feed(user.rep_id, user.password, 1).removeprefix(site.sender.links.base)
        with served(ready(site)) as address, httpx.Client(base_url=address, timeout=60) as client:
            sign_in(client, _EMAIL)
            table = Table("page", "ms", "ms, the slowest", f"of {_MOST_MS} ms", "KB", f"of {_MOST_KB} KB")
            for name, path in _PATHS.items():
                table.add_row(name, *_measured(client, rss if path == "rss" else path))
            out.print(table)
        database.close()


def _measured(client: httpx.Client, path: str) -> tuple[str, ...]:
    taken = []
    for _ in range(_TIMES + 1):
        started = time.perf_counter()
        answer = client.get(path)
        taken.append((time.perf_counter() - started) * 1000)
        answer.raise_for_status()
    warm, size = taken[1:], len(answer.content) / 1000
    middle = statistics.median(warm)
    return f"{middle:.0f}", f"{max(warm):.0f}", f"{middle / _MOST_MS:.2f}", f"{size:.0f}", f"{size / _MOST_KB:.2f}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS)
