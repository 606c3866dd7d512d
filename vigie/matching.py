"""Which watchlists new documents answer: the lists are asked of what is new, never of the archive."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from index.embedded import PassingIndex
from index.query import Entry, SearchIndex
from index.signals import Found
from signals.watchlists import Content, content_of
from store import signals, watchlists
from store.database import Database
from store.tables import Watchlist
from vigie.finding import queries_of


class Matcher:
    """Given what was indexed, notes for each list the signals that answer what it asks for."""

    def __init__(self, database: Database, today: date) -> None:
        self._database = database
        with database.session() as session:
            asking = [(one.id, content_of(one)) for one in watchlists.everyone(session)]
        self._asking = [(number, one, queries_of(one, today)) for number, one in asking if one.asks]

    def __call__(self, entries: list[Entry]) -> None:
        """Note the answers among these documents. Those known already are noted once."""
        if not self._asking or not any(entry.signals for entry in entries):
            return
        index = PassingIndex(entries)
        answers = [
            (number, content, found)
            for number, content, queries in self._asking
            if (found := {one for query in queries for one in index.find(query)})
        ]
        with self._database.session() as session:
            for number, content, found in answers:
                _note(session, session.get_one(Watchlist, number), content, found)


def fill(session: Session, index: SearchIndex, watchlist: Watchlist, today: date) -> int:
    """Note the stored signals that answer a list that is new or asks for something else. Returns how many are new."""
    content = content_of(watchlist)
    found = {one for query in queries_of(content, today) for one in index.find(query)}
    return _note(session, watchlist, content, found)


def _note(session: Session, watchlist: Watchlist, content: Content, found: Collection[Found]) -> int:
    search = content.search
    if search and search.impact:
        large = {
            one.id for one in signals.by_ids(session, [one.signal for one in found]) if one.impact >= search.impact
        }
        found = [one for one in found if one.signal in large]
    if content.grows:
        watchlists.add(session, watchlist, {one.company for one in found})
    return watchlists.matched(session, watchlist, [one.signal for one in found])
