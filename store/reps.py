"""Sales representatives, the companies they follow, and what they were sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from store import watchlists
from store.errors import NotFound
from store.tables import Delivery, Document, Rep, Signal, Story

_TOLD = ("done", "planned")


def save(session: Session, email: str, name: str, language: str) -> Rep:
    """Add a rep, or change the name and language of one that there is."""
    rep = session.scalar(select(Rep).where(Rep.email == email))
    if rep is None:
        rep = Rep(email=email)
        session.add(rep)
    rep.name, rep.language = name, language
    session.flush()
    return rep


def everyone(session: Session) -> list[Rep]:
    """All reps, by address."""
    return list(session.scalars(select(Rep).order_by(Rep.email)))


def by_email(session: Session, email: str) -> Rep:
    """The rep with this address. Raises `NotFound`."""
    rep = session.scalar(select(Rep).where(Rep.email == email))
    if rep is None:
        raise NotFound(f"there is no rep with the address {email}; add one with `vigie reps add`")
    return rep


def unsent(session: Session, rep: Rep, since: datetime) -> list[Signal]:
    """Signals on the watched companies published since then that the rep was never sent. Undated ones are not new.

    A story that the rep was sent is told again only when it stands otherwise. Rumours are not told unasked; a denial
    only of what the rep was told, and what was denied in time or is not sure enough not at all.
    """
    sent = exists().where(Delivery.rep_id == rep.id, Delivery.signal_id == Signal.id)
    earlier = aliased(Signal)
    told = exists().where(
        Delivery.rep_id == rep.id, Delivery.signal_id == earlier.id, earlier.story_id == Signal.story_id
    )
    held_back = exists().where(Story.id == Signal.story_id, or_(Story.status == "denied", ~Story.published))
    query = (
        select(Signal)
        .where(Signal.company_id.in_(watchlists.companies_of(rep)), Signal.published_at >= since, ~sent)
        .where(~told.where(earlier.status == Signal.status))
        .where(or_(Signal.status.in_(_TOLD) & ~held_back, (Signal.status == "denied") & told))
        .options(joinedload(Signal.company), joinedload(Signal.story))
        .options(joinedload(Signal.document).joinedload(Document.source))
        .order_by(Signal.published_at.desc(), Signal.id)
    )
    return list(session.scalars(query))


def record_sent(session: Session, rep: Rep, signals: Sequence[Signal], when: datetime) -> None:
    """The rep was sent a digest with these signals: they are never sent again."""
    session.add_all(Delivery(rep_id=rep.id, signal_id=signal.id, sent_at=when) for signal in signals)
    rep.digest_at = when
