"""Scores of companies for an offer, with the ledger of each."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload, selectinload

from store.tables import LedgerLine, Score


def replace(session: Session, offer: str, scores: Iterable[Score]) -> None:
    """Put these scores in place of all that the offer had."""
    session.execute(delete(Score).where(Score.offer == offer))
    session.add_all(scores)


def in_state(session: Session, offer: str, state: str, *, limit: int) -> list[Score]:
    """The best scores of an offer that are in a state, with company, ledger and the signals it rests on."""
    query = (
        select(Score)
        .where(Score.offer == offer, Score.state == state)
        .order_by(Score.timing.desc(), Score.fit.desc(), Score.id)
        .limit(limit)
        .options(
            joinedload(Score.company),
            selectinload(Score.lines).joinedload(LedgerLine.signal),
        )
    )
    return list(session.scalars(query))
