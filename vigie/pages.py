"""What the pages have done for them, wired from the rooms."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from sqlalchemy.orm import Session

from index.embedded import EmbeddedIndex
from index.query import Order, SearchIndex
from index.signals import SignalPage
from signals.offers import Offer
from signals.replay import Replay
from signals.searches import Search
from store.database import Database
from store.tables import Rep
from vigie.finding import query_of
from vigie.jobs import run_rankings, run_replay, sender_of
from vigie.matching import change
from vigie.settings import Settings
from web.site import Site


class PageJobs:
    """The jobs of an installation's pages."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings, self._database = settings, database

    @cached_property
    def index(self) -> SearchIndex:
        """The search index, as far as the service has brought it up to date."""
        return EmbeddedIndex(self._settings.index_folder)

    def look(self, search: Search, today: date, order: Order, *, limit: int, offset: int) -> SignalPage:
        """A page of the signals that answer a search."""
        return self.index.look(query_of(search, today), order, limit=limit, offset=offset)

    def save_list(self, session: Session, rep: Rep, name: str, today: date, **changes: object) -> int:
        """Change what a list asks for, or make it; returns how many stored signals answer it anew."""
        return change(session, self.index, rep, name, today, **changes)

    def replay(self, before: Offer | None, after: Offer, today: date) -> Replay:
        """What an offer would have told over the last days, against how it was before."""
        return run_replay(self._settings, self._database, before, after, today)

    def rank(self, name: str, today: date) -> None:
        """Rank the companies for the offer of a name; for all where it is empty."""
        run_rankings(self._settings, self._database, today, name)


def site_of(settings: Settings, database: Database) -> Site:
    """What the pages of this installation work with."""
    return Site(database, sender_of(settings), PageJobs(settings, database))
