"""Scores of companies for an offer, with the ledger of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload, selectinload

from store.tables import Document, LedgerLine, Score, Signal

_BATCH = 500


def replace(session: Session, offer: str, scores: Iterable[Score]) -> None:
    """Put these scores in place of all that the offer had."""
    session.execute(delete(Score).where(Score.offer == offer))
    session.add_all(scores)


def all_of(session: Session, offer: str) -> Iterator[Score]:
    """The scores of an offer with their ledgers."""
    query = select(Score).where(Score.offer == offer).options(selectinload(Score.lines))
    return iter(session.scalars(query.execution_options(yield_per=_BATCH)))


def dropped(session: Session, offer: str) -> list[Score]:
    """The scores that were better before, with company and ledger, of one offer."""
    query = (
        select(Score)
        .where(Score.offer == offer, Score.before.is_not(None), Score.state != "hot")
        .options(joinedload(Score.company), selectinload(Score.lines).joinedload(LedgerLine.signal))
        .order_by(Score.id)
    )
    return list(session.scalars(query))


def in_state(session: Session, offer: str, state: str, *, limit: int) -> list[Score]:
    """The best scores of an offer that are in a state, with company, ledger and the signals it rests on."""
    query = (
        select(Score)
        .where(Score.offer == offer, Score.state == state)
        .order_by(Score.timing.desc(), Score.fit.desc(), Score.id)
        .limit(limit)
        .options(
            joinedload(Score.company),
            selectinload(Score.lines)
            .joinedload(LedgerLine.signal)
            .options(joinedload(Signal.document).joinedload(Document.source), joinedload(Signal.story)),
        )
    )
    return list(session.scalars(query))
