"""What administrators are told of the sources each day."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from digests.send import send_digests, send_summaries
from digests.transport import SmtpServer
from store import sources, users
from store.database import Database
from store.sources import SourceEntry
from store.tables import Mail, Source
from tests.digests.support import NOW, SENDER, Inbox, text


def installed(database: Database) -> None:
    """An administrator who wants no digests, a rep, and four sources, two of them in trouble."""
    with database.session() as session:
        users.invite(session, "ada@example.org", "Ada", "admin", otherwise="fr")
        users.invite(session, "zoe@example.org", "Zoé", "rep", otherwise="en")
        entries = [SourceEntry(f"https://{name}.example/rss", f"Presse {name}") for name in "abcd"]
        sources.synchronise(session, entries)
    trouble(database, "a", error="the server answered 403", trouble="blocked", failures=3, fetched_at=NOW)
    trouble(database, "b", last_new_at=NOW - timedelta(days=40), usual_per_week=7.0)


def trouble(database: Database, name: str, **facts: object) -> None:
    with database.session() as session:
        source = session.scalars(select(Source).where(Source.url == f"https://{name}.example/rss")).one()
        for field, value in facts.items():
            setattr(source, field, value)


def told(database: Database, post: SmtpServer, now: datetime) -> list[str]:
    return [one.email for one in send_summaries(database, post, SENDER, now)]


def test_an_administrator_is_told_once_a_day_which_sources_are_in_trouble(
    database: Database, inbox: tuple[Inbox, SmtpServer]
) -> None:
    installed(database)
    box, post = inbox
    assert told(database, post, NOW) == ["ada@example.org"]
    (mail,) = box.mails()
    assert mail["Subject"] == "Vigie : Il y a quelque chose à dire de 2 sources sur 4"
    body = text(mail)
    assert "Bloquée : the server answered 403 (3 fois de suite)" in body
    assert "Muette : rien de nouveau depuis le 29 janvier 2026" in body
    assert "Presse c" not in body
    assert "https://vigie.example/admin/sources" in body
    assert mail["List-Unsubscribe"] is None
    assert told(database, post, NOW + timedelta(hours=1)) == []
    assert told(database, post, NOW + timedelta(days=1)) == ["ada@example.org"]


def test_nothing_is_sent_when_all_is_well_nor_before_the_hour(
    database: Database, inbox: tuple[Inbox, SmtpServer]
) -> None:
    installed(database)
    _, post = inbox
    assert told(database, post, NOW) == ["ada@example.org"]
    assert told(database, post, NOW + timedelta(hours=20)) == []
    trouble(database, "a", error=None, trouble=None)
    trouble(database, "b", last_new_at=NOW)
    assert told(database, post, NOW + timedelta(days=1)) == []


def test_what_goes_wrong_during_the_day_is_told_at_the_hour_of_the_next(
    database: Database, inbox: tuple[Inbox, SmtpServer]
) -> None:
    installed(database)
    _, post = inbox
    trouble(database, "a", error=None, trouble=None)
    trouble(database, "b", last_new_at=NOW)
    assert told(database, post, NOW) == []
    trouble(database, "a", error="the server answered 403", trouble="blocked", failures=3)
    assert told(database, post, NOW + timedelta(hours=9)) == []
    assert told(database, post, NOW + timedelta(days=1)) == ["ada@example.org"]


def test_a_summary_that_could_not_be_handed_over_is_tried_again(
    database: Database, inbox: tuple[Inbox, SmtpServer]
) -> None:
    installed(database)
    box, post = inbox
    away = SmtpServer("127.0.0.1", 9, "none", "", "")
    assert [one.where for one in send_summaries(database, away, SENDER, NOW)] == [""]
    list(send_digests(database, post, SENDER, NOW + timedelta(minutes=5), only_due=True))
    assert [mail["To"] for mail in box.mails()].count("Ada <ada@example.org>") == 1
    with database.session() as session:
        assert session.scalars(select(Mail.state).where(Mail.kind == "summary")).all() == ["sent"]
