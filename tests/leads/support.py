"""What tests of rankings share: all that the database knows of companies, and a ranking by it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from leads import ranking
from leads.board import Board, read_board
from leads.keywords import KeywordFilter
from leads.offers import Offer
from signals.types import Taxonomy, default_taxonomy
from store.database import Database

SINCE = datetime(2020, 1, 1, tzinfo=UTC)


def board_of(session: Session, *offers: Offer) -> Board:
    return read_board(session, default_taxonomy(), SINCE, *offers)


def rank(
    database: Database, offer: Offer, taxonomy: Taxonomy, today: date, worded: KeywordFilter | None = None
) -> Counter[str]:
    with database.session() as session:
        there = board_of(session, offer)
    return ranking.rank(database, there, offer, taxonomy, today, worded)
