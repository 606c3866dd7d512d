"""Whose time has come to be written to. Asked each minute: who is not due costs nothing more than this."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from digests.sender import Sender
from store import documents, reps, sources, users, watchlists
from store.database import Database
from store.tables import User

BEFORE = timedelta(hours=2)
"""A digest; in this time every source is visited."""
_A_ROUND, _NEVER = timedelta(hours=1), timedelta(hours=6)


def due_digests(database: Database, sender: Sender, now: datetime, *, only_due: bool) -> list[str]:
    """The addresses of the reps whose digest is due, or of all.

    After an outage a digest waits for what was published meanwhile.
    """
    with database.reading() as session:
        everyone = reps.everyone(session)
        if not only_due:
            return [rep.email for rep in everyone]
        due = {rep.email: sender.schedule(rep).due(rep.digest_at, now) for rep in everyone}
        ready = {come for come in due.values() if come is not None and not _is_being_read(session, come, now)}
        return [email for email, come in due.items() if come in ready]


def _is_being_read(session: Session, come: datetime, now: datetime) -> bool:
    """Whether what a digest is to tell, whose time has come, is still being collected and analysed.

    Usually that is done long before. After an outage its sources were not visited for hours: it waits for a round, but
    not longer than one may take, nor half a day where nothing is collected.
    """
    began = sources.first_visit(session, come - BEFORE)
    if began is None:
        return sources.is_any_read(session) and now - come < _NEVER
    return now - began < _A_ROUND and (sources.is_any_due(session, now) or documents.is_any_waiting(session, now))


def due_alerts(database: Database) -> list[str]:
    """The addresses of the reps who have a list that is told at once."""
    with database.reading() as session:
        every = watchlists.everyone(session)
        return sorted({one.rep.email for one in every if one.content.get("delivery") == "immediate"})


def due_summaries(database: Database, sender: Sender, now: datetime) -> list[str]:
    """The addresses of the administrators for whom the sources were not summed up since the time of their digest."""
    with database.reading() as session:
        everyone = users.administrators(session)
        return [user.rep.email for user in everyone if is_summary_due(user, sender, now)]


def is_summary_due(user: User, sender: Sender, now: datetime) -> bool:
    """Whether the sources are to be summed up for an administrator."""
    return sender.schedule(user.rep, "daily").due(user.summary_at, now) is not None
