"""Sends every rep their digest: a mail is kept before it is sent, so that none is lost and none is made twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email.headerregistry import Address
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from digests import summary
from digests.digest import Coverage, Digest, compose
from digests.links import Links
from digests.mail import message, parts, subject
from digests.post import Post, Refused
from digests.schedule import Schedule
from digests.summary import troubled
from leads.wording import Words
from signals.localization import Language
from signals.types import Taxonomy
from store import documents, mails, mentions, reps, sources, users, watchlists
from store.database import Database
from store.errors import VigieError
from store.tables import Rep
from watch.selection import Chosen, Leads, choose, choose_urgent
from watch.watchlists import content_of

_FIRST_DAYS = 1  # how far back the count of articles goes for a rep who was never sent a digest
_SILENT = timedelta(days=30)  # followed companies that no article named for longer are said to be without coverage
_VOLUME_DAYS = 14
_LONGEST = timedelta(days=31)


@dataclass(frozen=True)
class Sender:
    """How this installation writes: as whom, in which words, with which addresses, and what is fresh enough.

    `at`, `zone` and `days` hold for reps who chose none.
    """

    address: Address
    taxonomy: Taxonomy
    links: Links
    fresh: timedelta
    at: str = "07:00"
    zone: str = "Europe/Paris"
    days: str = "mon-fri"

    def schedule(self, rep: Rep, days: str = "") -> Schedule:
        """When a rep is written to; on other days than the rep's, where `days` says so."""
        return Schedule.of(rep.digest_time or self.at, rep.zone or self.zone, days or rep.days or self.days)

    def is_due(self, rep: Rep, now: datetime) -> bool:
        """Whether a rep's time has come since their last digest."""
        return self.schedule(rep).due(rep.digest_at, now) is not None

    def since(self, rep: Rep, now: datetime) -> datetime:
        """From when on news is new to a rep: fresh, or since their last digest; a month ago at most."""
        earliest = now - self.fresh
        return max(min(earliest, rep.digest_at), now - _LONGEST) if rep.digest_at else earliest

    def today(self, rep: Rep, now: datetime) -> datetime:
        """The moment in the rep's zone."""
        return now.astimezone(ZoneInfo(rep.zone or self.zone))

    def words(self, rep: Rep, now: datetime) -> Words:
        """How to say things to a rep, in their language and time zone."""
        today = self.today(rep, now)
        return Words(cast(Language, rep.language), self.taxonomy, today.date(), today.tzinfo or UTC)


@dataclass(frozen=True)
class Sent:
    """What became of a rep's mail: where it went, or the error; neither when nothing is new."""

    email: str
    news: int
    where: str = ""
    error: str = ""
    unsubscribed: bool = False


def send_digests(
    database: Database, post: Post, sender: Sender, now: datetime, *, only_due: bool = False
) -> Iterator[Sent]:
    """Make the digest of every rep, or of those whose time has come, and send what waits.

    Asked for by hand, mails that wait for a further try are tried at once.
    """
    with database.session() as session:
        everyone = reps.everyone(session)
    # Asked each minute: who is not due costs nothing more than this.
    emails = [rep.email for rep in everyone if not only_due or sender.is_due(rep, now)]
    leads = Leads(database, now - _LONGEST)
    for email in emails:
        try:
            said = prepare(database, email, sender, leads, now, only_due=only_due)
            if said is not None:
                yield said
            yield from deliver(database, post, now, email, at_once=not only_due)
        except VigieError as error:
            yield Sent(email, 0, error=str(error))
    if only_due:
        yield from deliver(database, post, now)


def send_alerts(database: Database, post: Post, sender: Sender, now: datetime) -> Iterator[Sent]:
    """Mail at once what is new on the lists that want it so, outside their quiet hours."""
    with database.session() as session:
        urgent = {one.rep.email for one in watchlists.everyone(session) if content_of(one).delivery == "immediate"}
    for email in sorted(urgent):
        try:
            with database.session() as session:
                rep = reps.by_email(session, email)
                if not rep.is_written_to:
                    continue
                local = sender.today(rep, now).time()
                chosen = choose_urgent(session, rep, sender.since(rep, now), now, local)
                if chosen:
                    _keep(session, rep, *_compose(session, rep, chosen, sender, now), sender, now)
            yield from deliver(database, post, now, email)
        except VigieError as error:
            yield Sent(email, 0, error=str(error))


def send_summaries(database: Database, post: Post, sender: Sender, now: datetime) -> Iterator[Sent]:
    """Tell each administrator once a day how the sources are, at the time of their digest; nothing when all is well."""
    with database.session() as session:
        # Asked each minute: the sources are looked at only when somebody's time has come.
        due = [
            user.rep
            for user in users.administrators(session)
            if sender.schedule(user.rep, "daily").due(mails.last_summary(session, user.rep), now) is not None
        ]
        read = sources.active(session) if due else []
        told = due if troubled(read, now) else []
        for rep in told:
            words = sender.words(rep, now)
            mail = summary.message(rep, read, now, words, sender.address, f"{sender.links.base}/admin/sources")
            mails.add(
                session, rep, mail["Message-ID"], words.today.isoformat(), mail.as_bytes(), 0, now, kind="summary"
            )
        emails = [rep.email for rep in told]
    for email in emails:
        yield from deliver(database, post, now, email)


def _keep(session: Session, rep: Rep, digest: Digest, words: Words, sender: Sender, now: datetime) -> None:
    """Keep a mail to be sent, and what it tells as told."""
    mail = message(digest, words, sender.address, sender.links, now)
    mails.add(session, rep, mail["Message-ID"], digest.day.isoformat(), mail.as_bytes(), digest.news, now)
    reps.record_sent(session, rep, digest.signals, now, digest.held)


def prepare(
    database: Database, email: str, sender: Sender, leads: Leads, now: datetime, *, only_due: bool = False
) -> Sent | None:
    """Keep a rep's digest to be sent, and what it tells as told, in one transaction.

    Returns what to say where there is no mail to make.
    """
    with database.session() as session:
        rep = reps.by_email(session, email)
        if not rep.is_written_to:
            return Sent(email, 0, unsubscribed=True)
        if only_due and not sender.is_due(rep, now):  # another process may have been here
            return None
        chosen = choose(session, rep, leads, sender.since(rep, now), now)
        digest, words = _compose(session, rep, chosen, sender, now)
        same_day = rep.digest_at and sender.today(rep, rep.digest_at).date() == digest.day
        if not digest.signals and (same_day or rep.when_empty == "none"):
            rep.digest_at = rep.digest_at if same_day else now
            return Sent(email, 0)
        _keep(session, rep, digest, words, sender, now)
        rep.digest_at = now
    return None


def _compose(
    session: Session, rep: Rep, chosen: Sequence[Chosen], sender: Sender, now: datetime
) -> tuple[Digest, Words]:
    words = sender.words(rep, now)
    since = rep.digest_at or now - timedelta(days=_FIRST_DAYS)
    watched = {company.id: company.name for company in watchlists.watched(session, rep)}
    silent = mentions.unnamed_since(session, watched, now - _SILENT)
    coverage = Coverage(
        articles=documents.count_found_since(session, since),
        sources=len(sources.active(session)),
        failing=len(sources.failing(session)),
        watched=len(watched),
        silent=tuple(name for number, name in watched.items() if number in silent),
    )
    return compose(rep, chosen, lambda ids: volumes_of(session, ids, now), coverage, words), words


def volumes_of(session: Session, company_ids: set[int], now: datetime) -> dict[int, tuple[int, ...]]:
    """How many articles of each of the last two weeks' days name a company."""
    days = [now.date() - timedelta(days=back) for back in range(_VOLUME_DAYS - 1, -1, -1)]
    found = mentions.by_day(session, company_ids, datetime.combine(days[0], time(), UTC))
    return {number: tuple(counts.get(day, 0) for day in days) for number, counts in found.items()}


def preview(session: Session, rep: Rep, sender: Sender, leads: Leads, now: datetime) -> tuple[str, str, str]:
    """The subject, text and HTML of the digest that a rep would be sent now; nothing is kept."""
    digest, words = _compose(session, rep, choose(session, rep, leads, sender.since(rep, now), now), sender, now)
    return subject(digest, words), *parts(digest, words, sender.links)


def deliver(database: Database, post: Post, now: datetime, email: str = "", *, at_once: bool = False) -> Iterator[Sent]:
    """Send the mails that may be sent now, of one rep or of all; each step is a transaction of its own."""
    with database.session() as session:
        numbers = mails.waiting(session, now, email=email, at_once=at_once)
    for number in numbers:
        with database.session() as session:
            claimed = mails.claim(session, number, now, at_once=at_once)
            if claimed is None:
                continue
            to, news, day, content = claimed.rep.email, claimed.news, claimed.day, claimed.content
        try:
            where = post.send(content, day)
        except Refused as error:
            with database.session() as session:
                mails.refused(session, number, str(error))
            yield Sent(to, news, error=str(error))
        except VigieError as error:
            with database.session() as session:
                mails.put_off(session, number, str(error), now)
            yield Sent(to, news, error=str(error))
        else:
            with database.session() as session:
                mails.sent(session, number, now)
            yield Sent(to, news, where)
