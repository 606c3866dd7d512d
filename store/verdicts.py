"""What reps say of signals, for those who decide what follows from it, and what they decided."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.tables import Company, Feedback, KeptName, Signal, Story, TypeThreshold


class Verdict(NamedTuple):
    """What a rep says of a signal of a type, which was this sure, as far as its story is."""

    signal_id: int
    type: str
    confidence: float
    verdict: str


def given(session: Session, since: datetime) -> list[Verdict]:
    """What reps said since then, of each signal what was said last."""
    sure = func.coalesce(Story.confidence, Signal.confidence)
    query = select(Feedback.signal_id, Signal.type, sure, Feedback.verdict).where(Feedback.given_at >= since)
    query = query.join(Signal, Signal.id == Feedback.signal_id).outerjoin(Story, Story.id == Signal.story_id)
    rows = session.execute(query.order_by(Feedback.given_at, Feedback.rep_id))
    return list({row[0]: Verdict._make(row) for row in rows}.values())


def of_wrong_companies(session: Session) -> list[tuple[Feedback, Signal, Company]]:
    """What reps said to be about another company than it was told on, the newest first."""
    query = (
        select(Feedback, Signal, Company)
        .join(Signal, Signal.id == Feedback.signal_id)
        .join(Company, Company.id == Signal.company_id)
        .where(Feedback.verdict == "wrong_company")
        .order_by(Feedback.given_at.desc())
    )
    return [(feedback, signal, company) for feedback, signal, company in session.execute(query)]


def kept_names(session: Session) -> dict[tuple[int, str], datetime]:
    """By company and folded name, when a manager said that it may stand for the company."""
    query = select(KeptName.company_id, KeptName.folded, KeptName.kept_at)
    return {(number, folded): at for number, folded, at in session.execute(query)}


def keep(session: Session, company: Company, folded: str, author: str, now: datetime) -> None:
    """Say that a name may stand for a company although reps doubted it; later verdicts ask again."""
    session.merge(KeptName(company_id=company.id, folded=folded, kept_at=now, kept_by=author))
    session.flush()


def thresholds(session: Session) -> dict[str, TypeThreshold]:
    """From which confidence on types are told, where somebody said so."""
    return {one.type: one for one in session.scalars(select(TypeThreshold).order_by(TypeThreshold.type))}


def least(session: Session) -> dict[str, float]:
    """From which confidence on each type is told that somebody set one for."""
    return {kind: one.least for kind, one in thresholds(session).items()}


def set_threshold(session: Session, kind: str, least: float | None, author: str, now: datetime) -> None:
    """Let a type be told from a confidence on; None: as the models were tuned."""
    if least is None:
        if (there := session.get(TypeThreshold, kind)) is not None:
            session.delete(there)
    else:
        session.merge(TypeThreshold(type=kind, least=least, set_at=now, set_by=author))
    session.flush()
