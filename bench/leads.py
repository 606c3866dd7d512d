"""How long the pages of leads take with 100,000 leads and 2 million events of 200 reps, against a plain count of these.

python -m bench.leads [LEADS]
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, insert, select

from leads import offers
from leads.offers import Offer
from leads.stages import CLOSED, STAGES
from store import reps, users
from store.base import Base
from store.database import Database
from store.migrate import upgrade
from store.tables import LeadEvent
from tests.support.pages import served
from tests.web.support import PASSWORD, sign_in
from vigie.pages import ready, site_of
from vigie.settings import Settings
from web.passwords import hashed

LEADS = 100_000
SMALLEST = (300,)
_EVENTS = 20  # a lead
_REPS, _OFFERS, _DAYS = 200, ("Fibre", "Cloud", "Robots", "Conseil"), 730
_TIMES, _BATCH = 11, 5000
_MOST_MS, _MOST_QUALITY_MS = 100, 500
_REP, _MANAGER = "rep1@x.example", "manager@x.example"
_MOMENTS = ("accepted_at", "acted_at", "contacted_at", "qualified_at", "opportunity_at", "won_at")
_RESULTS = ("not_reached", "gatekeeper", "talked", "meeting", "call_back", "refused")
_QUALITY = "/leads/quality"
_PATHS = {
    "my leads, of a rep": (_REP, "/leads"),
    "all leads, as a board": (_MANAGER, "/leads?whose=all&view=board"),
    "a lead": (_MANAGER, "/leads/77"),
    "calls, of a rep": (_REP, "/leads/calls"),
    "pipeline, of all": (_MANAGER, "/leads/pipeline"),
    "pipeline, of a rep": (_REP, "/leads/pipeline"),
    "team": (_MANAGER, "/leads/team"),
    "figures of 90 days": (_MANAGER, _QUALITY),
    "figures of two years": (_MANAGER, f"{_QUALITY}?since=2000-01-01"),
}


def _rows(number_of_leads: int, chance: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    """Table by table, the rows of so many companies with a lead each, and their events and milestones."""
    now = datetime.now(UTC).replace(microsecond=0)
    for number in range(1, number_of_leads + 1):
        place = {"department": f"{chance.randint(1, 95):02d}", "country": "FR", "sources": {}}
        yield "company", {"id": number, "name": f"Société {number}", "headcount": chance.randint(1, 3000), **place}
        opened = now - timedelta(days=_DAYS * chance.random())
        reached = chance.randint(0, len(_MOMENTS))
        stage = STAGES[min(reached, 5)] if reached else STAGES[0]
        is_closed = chance.random() < 0.6  # a fifth of two years' leads is open for long, as in a real pipeline
        stage = chance.choice(CLOSED) if is_closed else stage if stage not in CLOSED else "opportunity"
        owner = chance.randint(1, _REPS)
        since = opened + timedelta(days=reached)
        facts = {"kind": "tip", "temperature": "follow", "origin": chance.choice(("ranking", "page", "mail"))}
        facts |= dict.fromkeys(("told_by", "decision_maker", "need", "timeframe", "next_action"), "")
        worth = {"budget": None, "amount": float(chance.randint(1, 90) * 1000) if chance.random() < 0.5 else None}
        times = {
            "opened_at": opened,
            "stage_since": since,
            "assigned_at": opened,
            "closed_at": since if is_closed else None,
        }
        due = {"due_at": since + timedelta(days=1) if stage in STAGES[:2] and chance.random() < 0.1 else None}
        lead = {"id": number, "company_id": number, "offer": chance.choice(_OFFERS), "stage": stage, "owner_id": owner}
        yield "lead", {**lead, **facts, **worth, **times, **due}
        moments = {name: opened + timedelta(days=day) for day, name in enumerate(_MOMENTS[:reached])}
        empty: dict[str, Any] = dict.fromkeys((*_MOMENTS, "returned_at"))
        made = {"given_at": opened, "returned": "", "in_time": bool(reached), "calls": 3, "type": "hiring"}
        yield "lead_milestone", {"lead_id": number, "opened_at": opened, **empty, **moments, **made}
        for step in range(_EVENTS):
            kind = "call" if step % 4 == 1 else chance.choice(("note", "moved", "changed", "joined"))
            code = chance.choice(_RESULTS) if kind == "call" else "sales_accepted" if kind == "moved" else ""
            details: dict[str, Any] = (
                {"result": code} if kind == "call" else {"signals": []} if kind == "joined" else {}
            )
            details |= {"before": {}, "after": {"stage": code}} if kind in ("moved", "changed") else {}
            at = opened + timedelta(hours=step * 9)
            event = {"lead_id": number, "at": at, "author": f"rep{owner}@x.example", "kind": kind, "code": code}
            yield "lead_event", {**event, "details": details}


def _fill(database: Database, number_of_leads: int) -> None:
    with database.session() as session:
        for name in _OFFERS:
            offers.save(session, Offer(name=name), "bench")
        for number in range(1, _REPS + 1):
            reps.save(session, f"rep{number}@x.example", f"Rep {number}", "fr")
        for email, role in ((_REP, "rep"), (_MANAGER, "admin")):
            users.save(session, reps.save(session, email, email, "fr"), role).password = hashed(PASSWORD, email)
    rows = _rows(number_of_leads, random.Random(1))  # noqa: S311
    while batch := list(islice(rows, _BATCH * (_EVENTS + 3))):
        with database.session() as session:
            for name in ("company", "lead", "lead_milestone", "lead_event"):
                if of_it := [row for table, row in batch if table == name]:
                    session.execute(insert(Base.metadata.tables[name]), of_it)


def _median_ms(work: Callable[[], object]) -> float:
    work()  # the first one opens and loads
    taken = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def _get(client: httpx.Client, path: str) -> None:
    client.get(path).raise_for_status()


def main(number_of_leads: int) -> None:
    """Print how long each page takes, against its limit and against a plain count of all events."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        database = Database(f"sqlite:///{folder}/vigie.db")
        upgrade(database)
        _fill(database, number_of_leads)

        def count() -> int:
            with database.reading() as session:
                return session.scalar(select(func.count(LeadEvent.id)).where(LeadEvent.code != "x")) or 0

        plain = _median_ms(count)
        table = Table(
            "page", "ms", "limit", "of the plain count", title=f"{number_of_leads:,} leads, {count():,} events"
        )
        table.add_row("plain SQL count of the events", f"{plain:.1f}", "", "1.00")
        with served(ready(site_of(settings, database))) as address:
            clients = {email: httpx.Client(base_url=address, timeout=120) for email in (_REP, _MANAGER)}
            for email, client in clients.items():
                sign_in(client, email)
            for name, (email, path) in _PATHS.items():
                taken = _median_ms(partial(_get, clients[email], path))
                most = _MOST_QUALITY_MS if path.startswith(_QUALITY) else _MOST_MS
                table.add_row(name, f"{taken:.1f}", f"{most} ({taken / most:.2f})", f"{taken / plain:.2f}")
            for client in clients.values():
                client.close()
        database.close()
        Console(width=110).print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LEADS)
