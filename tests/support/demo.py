"""The pages of the demonstration after a morning's work, as they are served to its users."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leads import offers
from store.base import utcnow
from store.database import Database
from store.migrate import upgrade
from tests.support.pages import served
from vigie.demo import server
from vigie.demo.history import invent
from vigie.demo.run import prepare
from vigie.jobs.analysis import run_analyse
from vigie.jobs.collecting import run_collect
from vigie.jobs.indexing import run_index
from vigie.jobs.mailing import run_digest
from vigie.jobs.rankings import run_rankings
from vigie.pages import site_of
from vigie.settings import CrawlSettings, Settings, load
from web.app import create_app

PASSWORD = "la vigie veille"
REP, MANAGER, ADMIN = "zoe.lambert@vigie.example", "sam.archer@vigie.example", "admin@vigie.example"
CONFIG = Path(__file__).parents[2] / "vigie/demo/config.yaml"


@contextmanager
def served_demo(folder: Path) -> Iterator[tuple[str, Database]]:
    """The address of the pages, and their database, on the demonstration's press and its team's work."""
    crawl = CrawlSettings(delay_seconds=0, retries=0, allow_loopback=True)
    settings = Settings(data=folder, crawl=crawl, offers=load(CONFIG).offers)
    database = Database(settings.database_url)
    upgrade(database)
    with server.serving() as press:
        with database.session() as session:
            offers.synchronise(session, settings.offers, "config.yaml")
        prepare(database, press)
        run_collect(settings, database)
        run_analyse(settings, database)
        run_index(settings, database)
        invent(database, settings.offers[0], utcnow())
        run_rankings(settings, database, utcnow().date())
        run_digest(settings, database, utcnow())
        with served(create_app(site_of(settings, database))) as address:
            yield address, database
    database.close()
