"""Keeps a mail to be delivered: it is sent only after, so that none is lost and none is made twice."""

from __future__ import annotations

from datetime import date, datetime
from email.message import EmailMessage

from sqlalchemy.orm import Session

from digests.digest import Digest
from store import mails, reps
from store.tables import Rep


def keep(session: Session, rep: Rep, digest: Digest, mail: EmailMessage, now: datetime) -> None:
    """Keep a mail to be delivered, and what it tells as told, in the transaction of the session."""
    mails.add(session, rep, mail["Message-ID"], digest.day.isoformat(), mail.as_bytes(), digest.news, now)
    reps.record_sent(session, rep, digest.signals, now, digest.held)


def keep_notice(session: Session, rep: Rep, mail: EmailMessage, day: date, now: datetime) -> None:
    """Keep a mail on a rep's leads to be delivered."""
    mails.add(session, rep, mail["Message-ID"], day.isoformat(), mail.as_bytes(), 0, now, kind="leads")


def keep_summary(session: Session, rep: Rep, day: str, mail: EmailMessage, now: datetime) -> None:
    """Keep a mail that tells no news to be delivered."""
    mails.add(session, rep, mail["Message-ID"], day, mail.as_bytes(), 0, now, kind="summary")
