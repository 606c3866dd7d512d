"""The versions of offers: the last of each name counts, and none is ever changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.tables import OfferVersion

Content = dict[str, Any]


def current(session: Session) -> list[OfferVersion]:
    """The last version of each offer that was not retired, by name."""
    last = select(func.max(OfferVersion.id)).group_by(OfferVersion.name)
    query = select(OfferVersion).where(OfferVersion.id.in_(last), OfferVersion.content.is_not(None))
    return list(session.scalars(query.order_by(OfferVersion.name)))


def history(session: Session, name: str) -> list[OfferVersion]:
    """All versions of an offer, the oldest first."""
    query = select(OfferVersion).where(OfferVersion.name == name).order_by(OfferVersion.number)
    return list(session.scalars(query))


def add(
    session: Session, name: str, content: Content | None, *, source: str, author: str, note: str = ""
) -> OfferVersion:
    """Add a version; one without content retires the offer."""
    number = session.scalar(select(func.max(OfferVersion.number)).where(OfferVersion.name == name)) or 0
    version = OfferVersion(name=name, number=number + 1, content=content, source=source, author=author, note=note)
    session.add(version)
    session.flush()
    return version
