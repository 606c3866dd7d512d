"""What forms sent and were answered, kept for an hour under a token that only their browser knows."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from store.errors import NotFound
from store.tables import Kept

LASTS = timedelta(hours=1)
MOST_OF_NOBODY = 1000  # of visitors who are not signed in, so that strangers cannot fill the database


def keep(session: Session, rep_id: int | None, content: dict[str, Any], now: datetime) -> str | None:
    """Keep something for who is signed in, or for a visitor who is not (None); the token that it is found by.

    None where too much of visitors is kept. What is older than an hour goes.
    """
    _forget(session, now)
    if rep_id is None:
        of_nobody = session.scalar(select(func.count()).select_from(Kept).where(Kept.rep_id.is_(None)))
        if (of_nobody or 0) >= MOST_OF_NOBODY:
            return None
    token = secrets.token_urlsafe(24)
    session.add(Kept(token=_hash(token), rep_id=rep_id, content=content, kept_at=now))
    return token


def found(session: Session, token: str, rep_id: int, now: datetime) -> dict[str, Any]:
    """What was kept for this user, or for a visitor who has the token. Raises `NotFound`."""
    _forget(session, now)
    kept = session.get(Kept, _hash(token))
    if kept is None or kept.rep_id not in (None, rep_id):
        raise NotFound
    return kept.content


def _forget(session: Session, now: datetime) -> None:
    session.execute(delete(Kept).where(Kept.kept_at < now - LASTS))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
