"""Ranking companies for the offers, and replaying what another version of an offer would have told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from leads import offers
from leads.board import Board
from leads.board_files import open_board
from leads.generation import generate
from leads.ranking import horizon, rank
from leads.replay import DAYS, Replay, replay
from signals.types import default_taxonomy
from store.base import utcnow
from store.database import Database
from vigie.engines import open_index
from vigie.queries import keyword_filter
from vigie.settings import Settings


def _first_day(today: date, versions: Collection[offers.Offer]) -> date:
    """The first day of which a signal may count for one of the offers, on any of the days that a replay shows."""
    taxonomy = default_taxonomy()
    longest = max((horizon(one, taxonomy) for one in versions), default=timedelta())
    return today - longest - timedelta(days=DAYS + 1)


def _board(settings: Settings, session: Session, since: date) -> Board:
    return open_board(session, settings.data, default_taxonomy(), datetime.combine(since, time(), UTC))


def run_rankings(settings: Settings, database: Database, today: date, name: str = "") -> list[str]:
    """Rank for every offer that holds, or for the one with this name; returns their names.

    The index must be up to date: it says which articles may have the words that an offer wants or does not want.

    Raises `NotFound` when there is no such offer. What goes wrong with one is raised when the others are ranked.
    """
    index, taxonomy = open_index(settings), default_taxonomy()
    with database.reading() as session:
        chosen = [offers.named(session, name)] if name else offers.current(session)
        since = _first_day(today, chosen)
        there = _board(settings, session, since)
    wrong: list[Exception] = []
    for offer in chosen:
        try:
            rank(database, there, offer, taxonomy, today, keyword_filter(index, offer, taxonomy, since))
            generate(database, offer, utcnow())
        except Exception as error:  # whatever it is, the others are ranked
            error.add_note(f"ranking for '{offer.name}'")
            wrong.append(error)
    if wrong:
        raise wrong[0]
    return [offer.name for offer in chosen]


def run_replay(
    settings: Settings, database: Database, before: offers.Offer | None, after: offers.Offer, today: date
) -> Replay:
    """What the offer would have told over the last days, against how it was before."""
    index, taxonomy = open_index(settings), default_taxonomy()
    since = _first_day(today, [offer for offer in (before, after) if offer])
    with database.reading() as session:
        there = _board(settings, session, since)
        return replay(
            session, there, before, after, taxonomy, today, lambda offer: keyword_filter(index, offer, taxonomy, since)
        )
