"""How this installation writes to its reps, as `config.yaml` says."""

from __future__ import annotations

from datetime import datetime, timedelta

from digests.headers import address
from digests.links import Links, secret_in
from digests.sender import Sender
from digests.transport import MailFolder, SmtpServer, Transport
from signals.types import default_taxonomy
from store import reps
from store.database import Database
from vigie.settings import Settings


def transport_of(settings: Settings) -> Transport:
    """Where mails go: the SMTP server of the settings, or the outbox folder when none is set."""
    mail = settings.mail
    if not mail.host:
        return MailFolder(settings.data / "outbox")
    return SmtpServer(mail.host, mail.port, mail.security, mail.user, mail.password.get_secret_value())


def links_of(settings: Settings) -> Links:
    """The addresses in mails of this installation."""
    return Links(settings.web.url, settings.web.secret.get_secret_value() or secret_in(settings.data))


def sender_of(settings: Settings) -> Sender:
    """How this installation writes to its reps."""
    schedule = settings.schedule
    return Sender(
        address=address(settings.mail.sender, "Vigie"),
        taxonomy=default_taxonomy(),
        links=links_of(settings),
        fresh=timedelta(days=settings.mail.fresh_days),
        at=schedule.digest_at,
        zone=schedule.time_zone,
        days=schedule.digest_days,
    )


def next_digest(settings: Settings, database: Database, now: datetime) -> datetime | None:
    """When the next rep is written to; None when there is no rep."""
    sender = sender_of(settings)
    with database.reading() as session:
        schedules = [sender.schedule(rep) for rep in reps.everyone(session) if rep.subscribed]
    return min((one.next(now) for one in schedules), default=None)
