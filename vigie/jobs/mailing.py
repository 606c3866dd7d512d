"""Writing to reps."""

from __future__ import annotations

from datetime import datetime

from digests.deliver import Sent
from digests.reminders import remind
from digests.send import send_alerts, send_digests, send_summaries
from store.database import Database
from vigie.mail_settings import sender_of, transport_of
from vigie.settings import Settings


def run_digest(settings: Settings, database: Database, now: datetime, *, only_due: bool = False) -> list[Sent]:
    """Send every rep their digest, or those whose time has come; returns what became of each.

    On schedule, administrators are told how the sources are, too, and the owners of leads when they are late.
    """
    transport, sender = transport_of(settings), sender_of(settings)
    if only_due:
        remind(database, sender, now)
    summaries = list(send_summaries(database, transport, sender, now)) if only_due and settings.mail.summary else []
    return summaries + list(send_digests(database, transport, sender, now, only_due=only_due))


def run_alerts(settings: Settings, database: Database, now: datetime) -> list[Sent]:
    """Mail at once what lists with immediate delivery tell; returns what became of each mail."""
    return list(send_alerts(database, transport_of(settings), sender_of(settings), now))
