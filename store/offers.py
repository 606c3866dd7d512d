"""The versions of offers (the last of each name counts, and none is ever changed), and the reps who sell them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from store.tables import GivenOffer, OfferVersion, Rep

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


def of_rep(session: Session, rep: Rep) -> list[str]:
    """The names of the offers that hold and were given to a rep."""
    given = set(session.scalars(select(GivenOffer.offer).where(GivenOffer.rep_id == rep.id)))
    return [one.name for one in current(session) if one.name in given]


def given(session: Session) -> dict[str, list[Rep]]:
    """The reps whom each offer was given to, by address; an offer that nobody has is left out."""
    query = select(GivenOffer.offer, Rep).join(Rep, Rep.id == GivenOffer.rep_id).order_by(Rep.email)
    found: dict[str, list[Rep]] = {}
    for name, rep in session.execute(query):
        found.setdefault(name, []).append(rep)
    return found


def give(session: Session, name: str, reps: Iterable[Rep]) -> int:
    """Give an offer to reps; how many of them had it not."""
    has = set(session.scalars(select(GivenOffer.rep_id).where(GivenOffer.offer == name)))
    new = [GivenOffer(rep_id=rep.id, offer=name) for rep in reps if rep.id not in has]
    session.add_all(new)
    session.flush()
    return len(new)


def take(session: Session, name: str, reps: Iterable[Rep]) -> int:
    """Take an offer from reps; how many of them had it."""
    ids = [rep.id for rep in reps]
    gone = session.execute(
        delete(GivenOffer).where(GivenOffer.offer == name, GivenOffer.rep_id.in_(ids)).returning(GivenOffer.rep_id)
    )
    return len(list(gone))
