"""Runs the main job on the fictional press, from an empty data folder, and shows what came of it."""

from __future__ import annotations

import os
import shutil
import socket
import time
from pathlib import Path

from rich.table import Table
from rich.text import Text

from companies.importing import import_file
from companies.lookup import named_company
from digests.deliver import Sent
from leads import offers
from leads.wording import Words
from signals.types import default_taxonomy
from store import reps, signals, sources, users, watchlists
from store.base import utcnow
from store.database import Database
from store.errors import Unavailable
from vigie.commands.ranking import show_ranking
from vigie.console import day_of, out, say
from vigie.demo import server
from vigie.demo.history import invent
from vigie.jobs.analysis import run_analyse
from vigie.jobs.collecting import run_collect
from vigie.jobs.indexing import run_index
from vigie.jobs.mailing import run_digest
from vigie.jobs.rankings import run_rankings
from vigie.opening import opened
from vigie.pages import run_pages, site_of
from vigie.settings import Settings, WebSettings, load
from web.passwords import hashed

_HERE = Path(__file__).parent
_PASSWORD = "la vigie veille"  # noqa: S105 (of the demonstration alone, which only this machine reaches)
_ZOE = ("Velmora", "Castelor", "Orvanne", "Sylvafer", "900000068")
_SAM = ("Cindertech", "Brackwater", "Halden", "Oxalys Santé")
_USERS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("zoe.lambert@vigie.example", "Zoé Lambert", "fr", "rep", _ZOE),
    ("karim.belhadj@vigie.example", "Karim Belhadj", "fr", "rep", ()),
    ("ines.moreau@vigie.example", "Inès Moreau", "fr", "rep", ()),
    ("leo.marchand@vigie.example", "Léo Marchand", "fr", "rep", ()),
    ("tom.price@vigie.example", "Tom Price", "en", "rep", ()),
    ("sam.archer@vigie.example", "Sam Archer", "en", "manager", _SAM),
    ("admin@vigie.example", "Ada Morel", "fr", "admin", ()),
)


def prepare(database: Database, address: str, copies: int = 1) -> None:
    """The demonstration's companies, sources (so many copies of the press) and users."""
    import_file(database, _HERE / "companies.csv")
    password = hashed(_PASSWORD, "")
    with database.session() as session:
        for entry in server.entries(address, copies):
            sources.add(session, entry)
        for email, name, language, role, names in _USERS:
            rep = reps.save(session, email, name, language)
            rep.subscribed = bool(names)
            users.save(session, rep, role).password = password
            ids = [named_company(session, one).id for one in names]
            if ids:
                watchlists.add(session, watchlists.save(session, rep, ""), ids)


def _show_signals(database: Database, words: Words) -> None:
    table = Table("published", "company", "signal", "evidence", title="Signals", show_lines=True)
    with database.reading() as session:
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
    for one in (one for one in sent if not one.unsubscribed):
        table.add_row(one.email, str(one.news), Text(one.error or one.where, overflow="fold"))
    out.print(table)


def _job(settings: Settings, database: Database) -> None:
    now = utcnow()
    counts = run_collect(settings, database)
    found = run_analyse(settings, database)
    run_index(settings, database)
    words = Words(settings.language, default_taxonomy(), now.date())
    with database.reading() as session:
        (sold,) = offers.current(session)
    invent(database, sold, now)
    ranked = run_rankings(settings, database, words.today)
    sent = run_digest(settings, database, now)
    _show_signals(database, words)
    for offer in ranked:
        show_ranking(database, offer, words, out, limit=6)
    _show_digests(sent)
    said = f"{counts['sources_done']} feeds read, {counts['articles_done']} articles fetched, {found} signals found"
    say(said)


def _free_port(wanted: int) -> int:
    """The port, or one that is free where it is taken."""
    for port in (wanted, 0):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(trial.getsockname()[1])
    raise Unavailable("no port of this machine is free")


def run_demo(*, serve: bool = True) -> None:
    """Empty the demonstration's data folder, serve the press, do one morning's work on it, and serve the pages."""
    started = time.monotonic()
    config = _HERE / "config.yaml"
    with server.serving() as address:
        shutil.rmtree(load(config).data, ignore_errors=True)
        with opened(config) as (settings, database):
            port = _free_port(settings.web.port)
            web = WebSettings(host="127.0.0.1", port=port, url=f"http://127.0.0.1:{port}")
            settings = settings.model_copy(update={"web": web})
            prepare(database, address)
            _job(settings, database)
            say(f"Done in {time.monotonic() - started:.0f} seconds.")
            say(f'Search it: .venv/bin/vigie search "usine" --config {os.path.relpath(config)}')
            if serve:
                _serve(settings, database)


def _serve(settings: Settings, database: Database) -> None:
    say(f"\nThe pages: {settings.web.url}    (Ctrl-C ends them)")
    say(f"Sign in with the password  {_PASSWORD}  as")
    for email, _, language, role, _ in _USERS:
        say(f"  {email}  ({role}, {'in French' if language == 'fr' else 'in English'})")
    run_pages(settings, site_of(settings, database))
