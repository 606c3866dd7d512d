"""Sends every rep their digest. A signal is sent to a rep once; a mail that could not be sent is tried again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from typing import cast

from digests.digest import Coverage, Digest, compose
from digests.mail import message
from digests.post import Post
from signals.telling import news_of
from signals.types import Taxonomy
from signals.wording import Language, Words
from store import documents, reps, sources, watchlists
from store.database import Database
from store.errors import VigieError
from store.tables import Rep

_FIRST_DAYS = 1  # how far back the count of articles goes for a rep who was never sent a digest


@dataclass(frozen=True)
class Sent:
    """What became of a rep's digest: where it went, or the error; neither when today's was sent and nothing is new."""

    email: str
    news: int
    where: str = ""
    error: str = ""


def _same_day(rep: Rep, now: datetime) -> bool:
    return rep.digest_at is not None and rep.digest_at.date() == now.astimezone(UTC).date()


def send_digests(
    database: Database, post: Post, sender: Address, taxonomy: Taxonomy, now: datetime, fresh: timedelta
) -> Iterator[Sent]:
    """Send a digest to every rep, one transaction each; news older than `fresh` is not told as new."""
    with database.session() as session:
        emails = [rep.email for rep in reps.everyone(session)]
    for email in emails:
        try:
            yield _send(database, email, post, sender, taxonomy, now, fresh)
        except VigieError as error:
            yield Sent(email, 0, error=str(error))


def _send(
    database: Database, email: str, post: Post, sender: Address, taxonomy: Taxonomy, now: datetime, fresh: timedelta
) -> Sent:
    with database.session() as session:
        rep = reps.by_email(session, email)
        signals = [one.signal for one in news_of(session, rep, now - fresh, now) if one.held is None]
        if not signals and _same_day(rep, now):
            return Sent(email, 0)
        words = Words(cast(Language, rep.language), taxonomy, now.date())
        since = rep.digest_at or now - timedelta(days=_FIRST_DAYS)
        coverage = Coverage(
            articles=documents.count_found_since(session, since),
            sources=len(sources.active(session)),
            failing=len(sources.failing(session)),
        )
        digest: Digest = compose(rep, signals, len(watchlists.watched(session, rep)), coverage, words)
        mail = message(digest, words, sender, now)
        where = post.send(mail, digest.day.isoformat())  # when it fails, nothing is recorded
        reps.record_sent(session, rep, signals, now)
    return Sent(email, digest.news, where)
