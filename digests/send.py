"""Runs the steps of a mail: who is due, what is chosen, composed, rendered, kept, and delivered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from email.message import EmailMessage
from functools import partial

from sqlalchemy.orm import Session

from digests import summary
from digests.coverage import background_of, coverage_of
from digests.deliver import Sent, deliver
from digests.digest import Digest, compose
from digests.due import due_alerts, due_digests, due_summaries, is_summary_due
from digests.keep import keep, keep_summary
from digests.mail import message, parts, subject
from digests.sender import Sender
from digests.summary import troubled
from digests.transport import Transport
from store import failures, reps, sources, users
from store.database import Database
from store.tables import Rep
from watch.selection import Chosen, Leads, choose, choose_urgent


def send_digests(
    database: Database, transport: Transport, sender: Sender, now: datetime, *, only_due: bool = False
) -> Iterator[Sent]:
    """Make the digest of every rep, or of those whose time has come, and send what waits.

    Asked for by hand, mails that wait for a further try are tried at once.
    """
    leads = Leads(database, now - reps.LONGEST)

    def write(email: str) -> Iterator[Sent]:
        said = make_digest(database, email, sender, leads, now, only_due=only_due)
        if said is not None:
            yield said
        yield from deliver(database, transport, now, email, at_once=not only_due)

    due = due_digests(database, sender, now, only_due=only_due)
    yield from _to_each(database, due, write, now, again=not only_due)
    if only_due:
        yield from deliver(database, transport, now)


def send_alerts(database: Database, transport: Transport, sender: Sender, now: datetime) -> Iterator[Sent]:
    """Mail at once what is new on the lists that want it so, outside their quiet hours."""

    def write(email: str) -> Iterator[Sent]:
        make_alert(database, email, sender, now)
        yield from deliver(database, transport, now, email)

    yield from _to_each(database, due_alerts(database), write, now)


def _to_each(
    database: Database,
    emails: Sequence[str],
    write: Callable[[str], Iterator[Sent]],
    now: datetime,
    *,
    again: bool = False,
) -> Iterator[Sent]:
    """Write to each of some reps; one whose mail cannot be made waits alone, unless it is to be tried `again` now."""
    if not emails:
        return
    with database.reading() as session:
        failed = failures.of_kind(session, "rep")
    for email in emails:
        if email in failed and failures.waits(failed[email], now) and not again:
            continue
        try:
            yield from write(email)
        except Exception as error:  # whatever it is, the others get their mails
            yield Sent(email, 0, error=failures.failed(database, "rep", email, error, now))
        else:
            if email in failed:
                with database.session() as session:
                    failures.forget(session, "rep", [email])


def send_summaries(database: Database, transport: Transport, sender: Sender, now: datetime) -> Iterator[Sent]:
    """Tell each administrator once a day how the sources are, at the time of their digest; nothing when all is well."""

    def write(email: str) -> Iterator[Sent]:
        make_summary(database, email, sender, now)
        yield from deliver(database, transport, now, email)

    yield from _to_each(database, due_summaries(database, sender, now), write, now)


def make_digest(
    database: Database, email: str, sender: Sender, leads: Leads, now: datetime, *, only_due: bool = False
) -> Sent | None:
    """Keep a rep's digest, and what it tells as told, in one transaction.

    Returns what to say where there is no mail to make.
    """
    with database.session() as session:
        rep = reps.by_email(session, email)
        if not rep.is_written_to:
            return Sent(email, 0, unsubscribed=True)
        if only_due and not sender.is_due(rep, now):  # another process may have been here
            return None
        chosen = choose(session, rep, leads, sender.freshness(rep, now), now)
        digest = _composed(session, rep, chosen, sender, now)
        same_day = rep.digest_at and sender.today(rep, rep.digest_at).date() == digest.day
        if not digest.signals and (same_day or rep.when_empty == "none"):
            rep.digest_at = rep.digest_at if same_day else now
            return Sent(email, 0)
        keep(session, rep, digest, _rendered(digest, sender, now), now)
        rep.digest_at = now
    return None


def make_alert(database: Database, email: str, sender: Sender, now: datetime) -> None:
    """Keep a mail of what a rep is to be told at once, if there is anything, in one transaction."""
    with database.session() as session:
        rep = reps.by_email(session, email)
        if not rep.is_written_to:
            return
        chosen = choose_urgent(session, rep, sender.freshness(rep, now), now, sender.today(rep, now).time())
        if chosen:
            digest = _composed(session, rep, chosen, sender, now)
            keep(session, rep, digest, _rendered(digest, sender, now), now)


def make_summary(database: Database, email: str, sender: Sender, now: datetime) -> None:
    """Look at the sources for an administrator, and keep a mail on those that are in trouble, in one transaction."""
    with database.session() as session:
        user = users.by_email(session, email)
        if not is_summary_due(user, sender, now):  # another process may have been here
            return
        user.summary_at, read = now, sources.active(session)
        if troubled(read, now):
            words = sender.words(user.rep, now)
            mail = summary.message(user.rep, read, now, words, sender.address, f"{sender.links.base}/admin/sources")
            keep_summary(session, user.rep, words.today.isoformat(), mail, now)


def preview(session: Session, rep: Rep, sender: Sender, leads: Leads, now: datetime) -> tuple[str, str, str]:
    """The subject, text and HTML of the digest that a rep would be sent now; nothing is kept."""
    chosen = choose(session, rep, leads, sender.freshness(rep, now), now)
    digest, words = _composed(session, rep, chosen, sender, now), sender.words(rep, now)
    return subject(digest, words), *parts(digest, words, sender.links)


def _composed(session: Session, rep: Rep, chosen: Sequence[Chosen], sender: Sender, now: datetime) -> Digest:
    look = partial(background_of, session, now=now)
    return compose(rep, chosen, look, coverage_of(session, rep, sender.schedule(rep), now), sender.words(rep, now))


def _rendered(digest: Digest, sender: Sender, now: datetime) -> EmailMessage:
    return message(digest, sender.words(digest.rep, now), sender.address, sender.links, now)
