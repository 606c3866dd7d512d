"""Which watchlists new documents answer: the lists are asked of what is new, never of the archive."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import cached_property

from sqlalchemy.orm import Session

from index.query import Entry, SearchIndex
from index.signals import Found, SignalQuery
from signals.types import default_taxonomy
from store import signals, watchlists
from store.database import Database
from store.tables import Rep, Watchlist
from vigie.queries import queries_of
from watch.watchlists import Content, changed, content_of


class Percolator:
    """Given what was indexed, notes for each list the signals that answer what it asks for."""

    def __init__(self, database: Database, today: date) -> None:
        self._database, self._today = database, today

    @cached_property
    def _asking(self) -> list[tuple[int, Content, list[SignalQuery]]]:
        """The lists that ask for anything, with their queries; read when the first new signal comes."""
        with self._database.reading() as session:
            lists = [(one.id, content_of(one)) for one in watchlists.everyone(session)]
        return [(number, one, queries_of(one, self._today)) for number, one in lists if one.asks]

    def __call__(self, entries: list[Entry]) -> None:
        """Note the answers among these documents. Those known already are noted once."""
        if not any(entry.signals for entry in entries) or not self._asking:
            return
        from index.embedded import PassingIndex

        index = PassingIndex(entries)
        answers = [
            (number, content, found)
            for number, content, queries in self._asking
            if (found := {one for query in queries for one in index.find(query)})
        ]
        with self._database.session() as session:
            for number, content, found in answers:
                _note(session, session.get_one(Watchlist, number), content, found)


def change(
    session: Session, index: SearchIndex, rep: Rep, name: str, today: date, changes: Mapping[str, object]
) -> int:
    """Change what a rep's list asks for; it is made when there is none. Returns how many stored signals answer anew.

    Raises `Invalid` that names the key.
    """
    watchlist = watchlists.save(session, rep, name)
    content = changed(content_of(watchlist), changes)
    content.check(default_taxonomy())
    watchlist.content = content.written
    return fill(session, index, watchlist, today)


def fill(session: Session, index: SearchIndex, watchlist: Watchlist, today: date) -> int:
    """Note the stored signals that answer a list that is new or asks for something else, and only those.

    Returns how many are new.
    """
    content = content_of(watchlist)
    found = {one for query in queries_of(content, today) for one in index.find(query)}
    return _note(session, watchlist, content, found, only=True)


def _note(
    session: Session, watchlist: Watchlist, content: Content, found: Collection[Found], *, only: bool = False
) -> int:
    search = content.search
    if search and search.impact:
        large = {
            one.id for one in signals.by_ids(session, [one.signal for one in found]) if one.impact >= search.impact
        }
        found = [one for one in found if one.signal in large]
    if content.grows:
        watchlists.add(session, watchlist, {one.company for one in found})
    return watchlists.matched(session, watchlist, {one.signal for one in found}, only=only)
