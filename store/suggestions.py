"""What was suggested for the weights of offers, and what managers decided."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.tables import OfferSuggestion


def add(session: Session, suggestion: OfferSuggestion) -> OfferSuggestion:
    """Keep a suggestion that was decided on."""
    session.add(suggestion)
    session.flush()
    return suggestion


def of_offer(session: Session, offer: str) -> list[OfferSuggestion]:
    """All that was decided for an offer, the newest first."""
    query = select(OfferSuggestion).where(OfferSuggestion.offer == offer)
    return list(session.scalars(query.order_by(OfferSuggestion.id.desc())))


def newest(session: Session, offer: str) -> dict[str, OfferSuggestion]:
    """What was decided last for each type and family of an offer."""
    return {one.kind: one for one in reversed(of_offer(session, offer))}
