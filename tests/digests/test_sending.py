"""Exactly one mail, through crashes, refusals and a mail server that is away."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from digests.deliver import Sent
from digests.links import Links
from digests.send import send_digests
from digests.sender import Sender
from digests.transport import Refused, SmtpServer
from store import mails, reps
from store.database import Database
from store.errors import Unavailable
from store.processes import this_process
from store.tables import Delivery, Mail, Rep
from tests.conftest import Tell
from tests.digests.support import NOW, SENDER, YESTERDAY, Inbox, send, text

CRASH = """
import os, signal, sys
from datetime import timedelta
from digests import send
from store import mails, reps
from store.database import Database
from tests.digests.support import NOW, SENDER
from digests.transport import SmtpServer

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

where, when, url, port = sys.argv[1:]
holder = {"deliver": SmtpServer, "compose": send, "record_sent": reps}.get(where, mails)
name = "send" if where == "deliver" else where
real = getattr(holder, name)

def patched(*args, **kwargs):
    if when == "before":
        die()
    found = real(*args, **kwargs)
    die()

setattr(holder, name, patched)
list(send.send_digests(Database(url), SmtpServer("127.0.0.1", int(port), "none", "", ""), SENDER, NOW))
"""
STEPS = ["compose", "add", "record_sent", "waiting", "claim", "deliver", "sent"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("where", STEPS)
def test_a_process_that_is_killed_loses_no_mail_and_makes_none_twice(
    database: Database, tell: Tell, inbox: tuple[Inbox, SmtpServer], where: str, when: str
) -> None:
    tell("funding", "Velmora lève 12 millions d'euros.", YESTERDAY)
    send_nothing(database)
    box, server = inbox
    command = [sys.executable, "-c", CRASH, where, when, str(database.url), str(server.port)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == -9, done.stderr
    for minutes in (0, 1):  # at once, not when the hold of a process that lives would end
        list(send_digests(database, server, SENDER, NOW + timedelta(minutes=minutes)))
    mails = box.mails()
    by_rep = {(mail["To"], mail["Message-ID"]) for mail in mails}
    assert len(by_rep) == 2
    assert len({to for to, _ in by_rep}) == 2
    # Only the mail that was taken while the process died before it could note so comes again, under its own name.
    again = (where, when) in {("deliver", "after"), ("sent", "before"), ("sent", "after")}
    assert len(mails) <= 2 + again
    with database.session() as session:
        assert set(session.scalars(select(Mail.state))) == {"sent"}
        assert session.scalar(select(func.count()).select_from(Delivery)) == 2


@pytest.mark.parametrize(("holder", "minutes"), [("elsewhere.1:7:9", 10), ("", 10), (None, 10), ("gone", 0)])
def test_what_another_machine_may_be_sending_is_left_to_it_for_ten_minutes(
    database: Database, tell: Tell, holder: str | None, minutes: int
) -> None:
    tell("funding", "Velmora lève 12 millions d'euros.", YESTERDAY)
    send_nothing(database)
    list(send_digests(database, Away(), SENDER, NOW))
    with database.session() as session:
        first = session.scalars(select(Mail)).first()
        assert first
        first.state, first.claimed_by, first.due_at = "sending", holder, NOW + timedelta(minutes=10)
        if holder == "gone":
            first.claimed_by = this_process() + "0"
    post = Away()
    for later in (0, 9, 10, 11):
        list(send_digests(database, post, SENDER, NOW + timedelta(minutes=later), only_due=True))
        assert post.taken == (later >= minutes)


def send_nothing(database: Database) -> None:
    """Let the stories of what is stored be known, as the job before does."""
    from signals.stories import assign

    assign(database, lambda kind, confidence: True)


class Away:
    """A mail server that answers as it is told."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors, self.taken = list(errors), 0

    def send(self, content: bytes, day: str, to: str) -> str:
        if self.errors:
            raise self.errors.pop(0)
        self.taken += 1
        return "there"


def due(database: Database, post: Away, minutes: float) -> list[Sent]:
    """Send what is due so many minutes later, and a little more, since sending takes its time."""
    later = NOW + timedelta(minutes=minutes * (1.1 if minutes < 60 else 1.01))
    return list(send_digests(database, post, SENDER, later, only_due=True))


def test_a_mail_is_tried_again_at_longer_intervals(database: Database, tell: Tell) -> None:
    tell("funding", "Velmora lève 12 millions d'euros.", YESTERDAY)
    send_nothing(database)
    post = Away(*[Unavailable("away")] * 6)
    assert [one.error for one in due(database, post, 0)] == ["away"] * 2
    assert due(database, post, 0.5) == []
    assert [one.error for one in due(database, post, 1)] == ["away"] * 2
    assert due(database, post, 5) == []
    assert [one.error for one in due(database, post, 6)] == ["away"] * 2
    assert [one.where for one in due(database, post, 21)] == ["there"] * 2
    assert due(database, post, 60) == []
    assert post.taken == 2


def test_it_is_given_up_after_two_days_and_said(database: Database, tell: Tell) -> None:
    tell("funding", "Velmora lève 12 millions d'euros.", YESTERDAY)
    send_nothing(database)
    post = Away(*[Unavailable("away")] * 100)
    tries = sum(bool(due(database, post, 20 * step)) for step in range(24 * 3 * 3))
    with database.session() as session:
        rows = session.execute(select(Mail.state, Mail.attempts, Mail.error).where(Mail.day == "2026-03-10")).all()
    assert tries > 9
    assert [tuple(row) for row in rows] == [("failed", 9, "away")] * 2


def test_an_address_that_bounces_three_times_is_written_to_no_more(database: Database, tell: Tell) -> None:
    for day in range(5):
        tell("funding", f"Velmora lève {day + 2} millions d'euros.", NOW + timedelta(days=day))
        send_nothing(database)
        post = Away(Refused("550 no such user"), Refused("550 no such user"))
        due(database, post, 24 * 60 * day)
    with database.session() as session:
        assert session.scalars(select(Rep.bounces)).all() == [3, 3]
        assert set(session.scalars(select(Mail.state))) == {"refused"}
        assert session.scalar(select(func.count(Mail.id))) == 6


def test_mails_that_come_back_after_the_next_was_taken_are_counted_in_a_row(database: Database, tell: Tell) -> None:
    for day in range(4):
        tell("funding", f"Velmora lève {day + 2} millions d'euros.", NOW + timedelta(days=day))
        send_nothing(database)
        due(database, Away(), 24 * 60 * day)
        with database.session() as session:
            sent = [one for one in mails.newest(session, limit=2) if one.rep.email == "ann@example.org"]
            if day:  # the first one arrived
                mails.bounced(session, sent[0].message_id, "550 no such user")
            assert [one.bounces for one in reps.everyone(session)] == [day, 0]
    tell("funding", "Velmora lève 9 millions d'euros.", NOW + timedelta(days=6))
    assert [one.email for one in due(database, Away(), 24 * 60 * 6) if one.where] == ["zoe@example.org"]


def test_who_ends_the_mails_is_not_sent_what_waits_and_gets_it_when_they_come_again(
    database: Database, tell: Tell
) -> None:
    tell("funding", "Velmora lève 12 millions d'euros.", YESTERDAY)
    send_nothing(database)
    due(database, Away(Unavailable("away"), Unavailable("away")), 0)
    subscribe(database, "zoe@example.org", False)
    assert [one.email for one in due(database, Away(), 1)] == ["ann@example.org"]
    assert [one.unsubscribed for one in send(database, Away())] == [False, True]
    subscribe(database, "zoe@example.org", True)
    assert [one.email for one in due(database, Away(), 2)] == ["zoe@example.org"]


def test_nor_is_what_a_process_left_that_died_while_it_sent(database: Database, tell: Tell) -> None:
    tell("funding", "Velmora lève 12 millions d'euros.", YESTERDAY)
    send_nothing(database)
    with pytest.raises(KeyboardInterrupt):
        due(database, Away(KeyboardInterrupt()), 0)
    subscribe(database, "ann@example.org", False)
    assert [one.email for one in due(database, Away(), 11)] == ["zoe@example.org"]
    subscribe(database, "ann@example.org", True)
    assert [one.email for one in due(database, Away(), 12)] == ["ann@example.org"]


def subscribe(database: Database, email: str, subscribed: bool) -> None:
    with database.session() as session:
        reps.by_email(session, email).subscribed = subscribed


def test_each_rep_is_written_to_at_their_own_time(database: Database, tell: Tell) -> None:
    tell("funding", "Velmora lève 12 millions d'euros.", YESTERDAY)
    send_nothing(database)
    with database.session() as session:
        zoe = session.scalars(select(Rep).where(Rep.email == "zoe@example.org")).one()
        zoe.zone, zoe.digest_time, zoe.days = "America/New_York", "05:00", "tue"
    post = Away()
    assert [one.email for one in due(database, post, 0)] == ["ann@example.org"]  # 07:30 in Paris
    assert due(database, post, 148) == []
    assert [one.email for one in due(database, post, 151)] == ["zoe@example.org"]
    assert due(database, post, 152) == []


def test_when_nothing_is_new_a_rep_may_want_no_mail(database: Database, tell: Tell) -> None:
    with database.session() as session:
        session.scalars(select(Rep).where(Rep.email == "zoe@example.org")).one().when_empty = "none"
    post = Away()
    assert [(one.email, one.where) for one in due(database, post, 0)] == [
        ("ann@example.org", "there"),
        ("zoe@example.org", ""),
    ]
    assert due(database, post, 1) == []


def test_who_unsubscribed_gets_nothing(database: Database, tell: Tell) -> None:
    with database.session() as session:
        for rep in session.scalars(select(Rep)):
            rep.subscribed = False
    assert [one.unsubscribed for one in send(database, Away())] == [True, True]


def test_a_mail_says_how_to_end_it(database: Database, tell: Tell, inbox: tuple[Inbox, SmtpServer]) -> None:
    box, server = inbox
    send(database, server)
    mail = box.mails()[0]
    address = mail["List-Unsubscribe"].strip(" <>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert SENDER.links.rep_of(address.rsplit("/", 1)[1]) == 2
    assert address in text(mail)
    assert f"<{address}>".encode() in box.raw[0]
    assert max(map(len, box.raw[0].splitlines())) <= 998


@pytest.mark.parametrize("place", range(0, 60, 3))
def test_an_address_that_is_changed_anywhere_is_nobodys(place: int) -> None:
    links = Links("https://x", "secret")
    token = links.unsubscribe(12).rsplit("/", 1)[1]
    place = place % len(token)
    for letter in "aZ09-_.":
        changed = token[:place] + letter + token[place + 1 :]
        if changed != token:
            with pytest.raises(Exception, match="not valid"):
                links.rep_of(changed)
    with pytest.raises(Exception, match="not valid"):
        links.signal_of(token)


def test_a_sender_shows_no_secret() -> None:
    assert isinstance(SENDER, Sender)
    assert repr(Links("https://x", "s3cret")) == "Links(https://x)"


def test_a_rep_who_is_written_to_once_a_month_misses_nothing(database: Database, tell: Tell) -> None:
    with database.session() as session:
        for rep in session.scalars(select(Rep)):
            rep.digest_at = NOW - timedelta(days=28)
    tell("funding", "Velmora lève 12 millions d'euros.", NOW - timedelta(days=20))
    tell("hiring", "Velmora recrute.", NOW - timedelta(days=40))
    assert [one.news for one in send(database, Away())] == [1, 1]
