"""What tests of mails share: a moment, a sender, an inbox."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from aiosmtpd.handlers import Message

from digests.deliver import Sent
from digests.headers import address
from digests.links import Links
from digests.send import send_digests
from digests.sender import Sender
from digests.transport import Transport
from signals.stories import assign
from signals.types import default_taxonomy
from store.database import Database

NOW = datetime(2026, 3, 10, 6, 30, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
LINKS = Links("https://vigie.example", "secret")
SENDER = Sender(address("vigie@vigie.example", "Vigie"), default_taxonomy(), LINKS, timedelta(days=7))


class Inbox(Message):
    """Keeps the mails that an SMTP server receives, as bytes and parsed."""

    def __init__(self) -> None:
        super().__init__()
        self.raw: list[bytes] = []
        self.to: list[list[str]] = []

    def prepare_message(self, session: object, envelope: object) -> EmailMessage:
        self.raw.append(envelope.content)  # type: ignore[attr-defined]
        self.to.append(list(envelope.rcpt_tos))  # type: ignore[attr-defined]
        return EmailMessage()

    def handle_message(self, message: object) -> None:
        pass

    def mails(self) -> list[EmailMessage]:
        return [email.message_from_bytes(raw, policy=email.policy.default) for raw in self.raw]


def send(database: Database, transport: Transport, now: datetime = NOW, sure: bool = True) -> list[Sent]:
    assign(database, lambda kind, confidence: sure)
    return list(send_digests(database, transport, SENDER, now))


def text(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())
