"""Runs the main job on the fictional press, from an empty data folder, and shows what came of it."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from rich.table import Table
from rich.text import Text

from companies.importing import import_file
from companies.lookup import named_company
from digests.send import Sent
from signals.types import default_taxonomy
from signals.wording import Words
from store import reps, signals, sources, watchlists
from store.base import utcnow
from store.database import Database
from vigie.console import day_of, out, say
from vigie.demo import server
from vigie.jobs import opened, run_analyse, run_collect, run_digest, run_index, run_rankings
from vigie.ranking import show_ranking
from vigie.settings import Settings, load

_HERE = Path(__file__).parent
_REPS = (
    ("zoe.lambert@vigie.example", "Zoé Lambert", "fr", ("Velmora", "Castelor", "Orvanne", "Sylvafer", "900000068")),
    ("sam.archer@vigie.example", "Sam Archer", "en", ("Cindertech", "Brackwater", "Halden", "Oxalys Santé")),
)


def prepare(database: Database, address: str, copies: int = 1) -> None:
    """The demonstration's companies, sources (so many copies of the press) and reps."""
    import_file(database, _HERE / "companies.csv")
    with database.session() as session:
        sources.synchronise(session, server.entries(address, copies))
        for email, name, language, names in _REPS:
            rep = reps.save(session, email, name, language)
            watchlists.add(
                session, watchlists.save(session, rep, ""), [named_company(session, one).id for one in names]
            )


def _show_signals(database: Database, words: Words) -> None:
    table = Table("published", "company", "signal", "evidence", title="Signals", show_lines=True)
    with database.session() as session:
        for signal in signals.newest(session, limit=200):
            if signal.company is not None:
                company = Text(signal.company.name)
            else:
                company = Text(f"{signal.subject} (which one?)" if signal.subject else "not known", style="dim")
            label = words.taxonomy.label(signal.type, words.language) + words.status(signal.status)
            table.add_row(day_of(signal.published_at), company, label, Text(signal.sentence))
    out.print(table)


def _show_digests(sent: list[Sent]) -> None:
    table = Table("rep", "news", "digest, to be opened in a browser", title="Morning digest")
    for one in sent:
        table.add_row(one.email, str(one.news), Text(one.error or one.where, overflow="fold"))
    out.print(table)


def _job(settings: Settings, database: Database) -> None:
    now = utcnow()
    counts = run_collect(settings, database)
    found = run_analyse(settings, database)
    run_index(settings, database)
    words = Words(settings.language, default_taxonomy(), now.date())
    ranked = run_rankings(settings, database, words.today)
    sent = run_digest(settings, database, now)
    _show_signals(database, words)
    for offer in ranked:
        show_ranking(database, offer, words, out, limit=6)
    _show_digests(sent)
    said = f"{counts['sources_done']} feeds read, {counts['articles_done']} articles fetched, {found} signals found"
    say(said)


def run_demo() -> None:
    """Empty the demonstration's data folder, serve the press, and do one morning's work on it."""
    started = time.monotonic()
    config = _HERE / "config.yaml"
    with server.serving() as address:
        shutil.rmtree(load(config).data, ignore_errors=True)
        with opened(config) as (settings, database):
            prepare(database, address)
            _job(settings, database)
    say(f"Done in {time.monotonic() - started:.0f} seconds. Of the pages only those that mails lead to are built yet.")
    shown = os.path.relpath(config)
    say(f'Search it: .venv/bin/vigie search "usine" --config {shown}')
    say(f"Let the links in its mails answer: .venv/bin/vigie serve --config {shown}")
