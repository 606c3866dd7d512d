"""Tokens by which programs act for users."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.errors import NotFound
from store.tables import ApiToken, User


def add(session: Session, user: User, name: str, token: str, scopes: Collection[str]) -> ApiToken:
    """Keep a token by its hash."""
    made = ApiToken(rep_id=user.rep_id, name=name, token=token, scopes=sorted(scopes))
    session.add(made)
    session.flush()
    return made


def of_user(session: Session, user: User) -> list[ApiToken]:
    """The tokens of a user, the newest first."""
    return list(session.scalars(select(ApiToken).where(ApiToken.rep_id == user.rep_id).order_by(ApiToken.id.desc())))


def known(session: Session, token: str) -> ApiToken | None:
    """The token with this hash, whose user may still sign in."""
    found = session.scalar(select(ApiToken).where(ApiToken.token == token))
    return found if found is not None and found.user.active else None


def note_use(session: Session, token: ApiToken, today: date) -> None:
    """A token was used today."""
    session.execute(update(ApiToken).where(ApiToken.id == token.id).values(used_on=today))


def remove(session: Session, user: User, number: int) -> None:
    """Take a token of a user's out. Raises `NotFound`, also where it is another user's."""
    found = session.get(ApiToken, number)
    if found is None or found.rep_id != user.rep_id:
        raise NotFound
    session.delete(found)
