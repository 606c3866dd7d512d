"""Scores of companies for an offer, with the ledger of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from store.base import in_chunks
from store.signals import WITHOUT_TEXT
from store.tables import Company, LedgerLine, Score, Signal

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


def in_state(session: Session, offer: str, state: str, *, limit: int, offset: int = 0) -> list[Score]:
    """The best scores of an offer that are in a state, with company, ledger and the signals it rests on."""
    query = _of_state(offer, state).options(joinedload(Score.company), _LEDGER)
    return list(session.scalars(query.limit(limit).offset(offset)))


def with_news(
    session: Session, offer: str, state: str, since: datetime, *, limit: int
) -> list[tuple[Company, list[Signal]]]:
    """The companies of the best scores in a state, with the signals since then that speak for each."""
    best = list(session.scalars(_of_state(offer, state).options(joinedload(Score.company)).limit(limit)))
    query = select(LedgerLine.score_id, Signal).join(Signal, Signal.id == LedgerLine.signal_id)
    query = query.where(LedgerLine.score_id.in_([one.id for one in best]), LedgerLine.points > 0)
    query = query.where(Signal.published_at >= since).order_by(LedgerLine.id).options(*WITHOUT_TEXT)
    news: defaultdict[int, list[Signal]] = defaultdict(list)
    for score_id, signal in session.execute(query):
        news[score_id].append(signal)
    return [(one.company, news[one.id]) for one in best]


def with_companies(session: Session, offer: str, state: str) -> list[Score]:
    """The scores of an offer that are in a state with their companies, the best first, without their ledgers."""
    return list(session.scalars(_of_state(offer, state).options(joinedload(Score.company))))


def by_ids(session: Session, ids: Collection[int]) -> list[Score]:
    """The scores with these ids, with company and ledger, the best first."""
    query = select(Score).where(Score.id.in_(ids)).order_by(*_BEST).options(joinedload(Score.company), _LEDGER)
    return list(session.scalars(query))


def of_companies(session: Session, offer: str, ids: Collection[int]) -> list[Score]:
    """The scores of companies for an offer, in whatever state, with company and ledger."""
    found: list[Score] = []
    for chunk in in_chunks(list(ids)):
        query = select(Score).where(Score.offer == offer, Score.company_id.in_(chunk))
        found += session.scalars(query.options(joinedload(Score.company), _LEDGER))
    return found


def of_company(session: Session, company_id: int) -> list[Score]:
    """The scores of a company with their ledgers, by offer."""
    return list(
        session.scalars(select(Score).where(Score.company_id == company_id).order_by(Score.offer).options(_LEDGER))
    )


def counts(session: Session, offer: str) -> dict[str, int]:
    """How many scores of an offer are in each state."""
    query = select(Score.state, func.count()).where(Score.offer == offer).group_by(Score.state)
    return {row[0]: row[1] for row in session.execute(query)}


def last_ranked(session: Session) -> datetime | None:
    """When companies were last ranked."""
    return session.scalar(select(func.max(Score.scored_at)))


_BEST = (Score.timing.desc(), Score.fit.desc(), Score.id)
_LEDGER = selectinload(Score.lines).joinedload(LedgerLine.signal).options(*WITHOUT_TEXT)


def _of_state(offer: str, state: str) -> Select[Score]:
    return select(Score).where(Score.offer == offer, Score.state == state).order_by(*_BEST)
