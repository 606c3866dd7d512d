"""Whose time has come to be written to. Asked each minute: who is not due costs nothing more than this."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from digests.sender import Sender
from store import mails, reps, users, watchlists
from store.database import Database
from store.tables import Rep
from watch.watchlists import content_of


def due_digests(database: Database, sender: Sender, now: datetime, *, only_due: bool) -> list[str]:
    """The addresses of the reps whose digest is due, or of all."""
    with database.session() as session:
        return [rep.email for rep in reps.everyone(session) if not only_due or sender.is_due(rep, now)]


def due_alerts(database: Database) -> list[str]:
    """The addresses of the reps who have a list that is told at once."""
    with database.session() as session:
        every = watchlists.everyone(session)
        return sorted({one.rep.email for one in every if content_of(one).delivery == "immediate"})


def due_summaries(session: Session, sender: Sender, now: datetime) -> list[Rep]:
    """The administrators who were not told how the sources are since the last time of their digest."""
    return [
        user.rep
        for user in users.administrators(session)
        if sender.schedule(user.rep, "daily").due(mails.last_summary(session, user.rep), now) is not None
    ]
