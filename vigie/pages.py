"""What the pages have done for them, wired from the rooms."""

from __future__ import annotations

import gc
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from sqlalchemy.orm import Session

from companies.bearers import Register
from companies.importing import Imported, Overview, Wishes, look_over
from companies.linker import Linker, open_linker
from crawlers.probe import Found, probe
from digests.transport import Transport
from index.query import Order, SearchIndex
from index.signals import SignalPage
from leads.offers import Offer
from leads.replay import Replay
from nlp.extract import Extractor
from signals.relink import relink
from signals.rules import default_extractor
from signals.texts import classify, read_row
from store.database import Database
from store.tables import Rep
from vigie.engines import open_index
from vigie.jobs.collecting import run_collect
from vigie.jobs.rankings import run_rankings, run_replay
from vigie.jobs.registers import run_import
from vigie.mail_settings import sender_of, transport_of
from vigie.percolator import change
from vigie.queries import query_of
from vigie.queue import Queue
from vigie.settings import Settings
from watch.searches import Search
from web.app import create_app
from web.site import Site

_LOOK = 60.0  # seconds that looking at an address may take while a person waits


class PageJobs:
    """The jobs of an installation's pages."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings, self._database = settings, database

    @cached_property
    def index(self) -> SearchIndex:
        """The search index, as far as the service has brought it up to date."""
        return open_index(self._settings)

    def look(
        self,
        search: Search,
        today: date,
        order: Order,
        *,
        limit: int,
        offset: int = 0,
        after: int = 0,
        before: int | None = None,
    ) -> SignalPage:
        """A page of the signals that answer a search, their ids between the two that are given."""
        query = replace(query_of(search, today), after=after, before=before)
        return self.index.look(query, order, limit=limit, offset=offset)

    def save_list(self, session: Session, rep: Rep, name: str, today: date, changes: Mapping[str, object]) -> int:
        """Change what a list asks for, or make it; returns how many stored signals answer it anew."""
        return change(session, self.index, rep, name, today, changes)

    def replay(self, before: Offer | None, after: Offer, today: date) -> Replay:
        """What an offer would have told over the last days, against how it was before."""
        return run_replay(self._settings, self._database, before, after, today)

    def rank(self, name: str, today: date) -> None:
        """Rank the companies for the offer of a name; for all where it is empty."""
        run_rankings(self._settings, self._database, today, name)

    def classify(self, title: str, text: str) -> Mapping[str, Any]:
        """The events that a text tells, with their companies, as `vigie classify` writes them."""
        row = read_row(json.dumps({"id": 1, "title": title, "text": text}), "text")
        with self._database.reading() as session:
            return classify(row, self._extractor, self._linker, Register(session))

    @property
    def _extractor(self) -> Extractor:
        return default_extractor(embedding=self._settings.nlp.embedding)

    @cached_property
    def _linker(self) -> Linker:
        return open_linker(self._database, self._settings.data)

    def relink(self, document_ids: Sequence[int]) -> None:
        """Read documents anew, and change what they tell of whom."""
        relink(self._database, document_ids, self._extractor, self._linker)

    def collect(self) -> None:
        """Visit the sources that are due, or have workers do so; what is found is analysed by the service."""
        queue = None if self._database.is_sqlite else Queue(self._settings, self._database)
        if queue is None or not queue.is_attended():
            run_collect(self._settings, self._database)
            return
        with queue.app.open():
            queue.put_fetches()

    def find(self, address: str) -> list[Found]:
        """What can be read at an address, the best first. Raises `VigieError` when it cannot be looked at."""
        crawl, where = self._settings.crawl.model_dump(), self._database.url.render_as_string(hide_password=False)
        return probe([(address, None)], crawl, where, discover=True, seconds=_LOOK)

    def look_over(self, file: Path, wishes: Wishes) -> Overview:
        """What an import of a file of companies would do."""
        return look_over(self._database, file, self._settings.imports, wishes)

    def import_companies(self, file: Path, wishes: Wishes) -> Imported:
        """Add and update companies from a register or a list."""
        return run_import(self._settings, self._database, file, wishes)

    @property
    def uploads(self) -> Path:
        """Where files wait until it is decided what becomes of them."""
        return self._settings.data / "uploads"

    @property
    def transport(self) -> Transport:
        """Where mails go."""
        return transport_of(self._settings)

    @property
    def about(self) -> Mapping[str, str]:
        """What the configuration says of the installation, by key, without its secrets."""
        mail, schedule = self._settings.mail, self._settings.schedule
        return {
            "mail.host": f"{mail.host}:{mail.port} ({mail.security})" if mail.host else "",
            "mail.sender": mail.sender,
            "web.url": self._settings.web.url,
            "schedule": f"{schedule.digest_at} {schedule.digest_days} {schedule.time_zone}",
            "schedule.round_minutes": str(schedule.round_minutes),
        }


def site_of(settings: Settings, database: Database) -> Site:
    """What the pages of this installation work with."""
    return Site(database, sender_of(settings), PageJobs(settings, database), settings.web.reps_see)


def ready(site: Site) -> FastAPI:
    """The application of a process that serves nothing else."""
    app = create_app(site)
    # What is loaded by now stays: the garbage collector need not walk it while a page waits, for 150 ms each time.
    gc.collect()
    gc.freeze()
    return app


def run_pages(settings: Settings, site: Site) -> None:
    """Serve the pages until SIGTERM or Ctrl-C."""
    app = ready(site)
    uvicorn.run(app, host=settings.web.host, port=settings.web.port, log_level="warning", server_header=False)
