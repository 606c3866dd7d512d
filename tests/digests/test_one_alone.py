"""One person's mail that cannot be made stops nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from digests.send import send_alerts, send_digests
from digests.transport import SmtpServer
from store import failures, watchlists
from store.database import Database
from store.tables import Rep, Watchlist
from tests.conftest import Tell
from tests.digests.support import NOW, SENDER, YESTERDAY, Inbox

BROKEN = {"delivery": "immediate", "threshold": "what an older version wrote"}


@pytest.fixture
def broken(database: Database, tell: Tell) -> str:
    """The address of the first of two reps, whose list cannot be read."""
    tell("funding", "Velmora lève 12 millions d'euros.", YESTERDAY)
    with database.session() as session:
        first, second = session.scalars(select(Rep).order_by(Rep.email))
        for rep in (first, second):
            watchlists.named(session, rep, "").content = {"delivery": "immediate"}
        session.execute(update(Watchlist).where(Watchlist.rep_id == first.id).values(content=BROKEN))
        return first.email


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_digest_that_cannot_be_made_waits_alone_and_leaves_when_it_can_be(
    database: Database, broken: str, inbox: tuple[Inbox, SmtpServer]
) -> None:
    box, server = inbox
    sent = list(send_digests(database, server, SENDER, NOW, only_due=True))
    assert [(one.email == broken, bool(one.where), bool(one.error)) for one in sent] == [
        (True, False, True),
        (False, True, False),
    ]
    assert len(box.mails()) == 1
    assert list(send_digests(database, server, SENDER, NOW, only_due=True)) == []  # not each minute
    with database.session() as session:
        (noted,) = failures.everything(session)
        assert (noted.kind, noted.unit, noted.tries) == ("rep", broken, 1)
        assert noted.due_at == NOW + timedelta(minutes=1)
        session.execute(update(Watchlist).values(content={}))
    later = NOW + timedelta(minutes=2)
    assert [one.email for one in send_digests(database, server, SENDER, later, only_due=True)] == [broken]
    with database.session() as session:
        assert not failures.everything(session)


def test_an_alert_that_cannot_be_made_keeps_nobody_elses(
    database: Database, broken: str, inbox: tuple[Inbox, SmtpServer]
) -> None:
    box, server = inbox
    sent = list(send_alerts(database, server, SENDER, NOW))
    assert [(one.email == broken, bool(one.where)) for one in sent] == [(True, False), (False, True)]
    assert len(box.mails()) == 1
