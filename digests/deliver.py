"""Delivers the mails that are kept; each step is a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from digests.transport import Refused, Transport
from store import mails
from store.database import Database
from store.errors import VigieError


@dataclass(frozen=True)
class Sent:
    """What became of a rep's mail: where it went, or the error; neither when nothing is new."""

    email: str
    news: int
    where: str = ""
    error: str = ""
    unsubscribed: bool = False


def deliver(
    database: Database, transport: Transport, now: datetime, email: str = "", *, at_once: bool = False
) -> Iterator[Sent]:
    """Send the mails that may be sent now, of one rep or of all."""
    began = monotonic()

    def clock() -> datetime:
        """The moment: many mails take longer than one may be held."""
        return now + timedelta(seconds=monotonic() - began)

    with database.reading() as session:
        numbers = mails.waiting(session, now, email=email, at_once=at_once)
    for number in numbers:
        with database.session() as session:
            claimed = mails.claim(session, number, clock(), at_once=at_once)
            if claimed is None:
                continue
            to, news, day, content = claimed.recipient, claimed.news, claimed.day, claimed.content
        try:
            where = transport.send(content, day, to)
        except Refused as error:
            with database.session() as session:
                mails.refused(session, number, str(error))
            yield Sent(to, news, error=str(error))
        except VigieError as error:
            with database.session() as session:
                mails.put_off(session, number, str(error), clock())
            yield Sent(to, news, error=str(error))
        else:
            with database.session() as session:
                mails.sent(session, number, clock())
            yield Sent(to, news, where)
