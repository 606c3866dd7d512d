"""Mails at once, and the hours in which none comes."""

from __future__ import annotations

from datetime import timedelta

from digests.send import send_alerts
from digests.transport import SmtpServer
from signals.stories import assign
from store import reps, watchlists
from store.database import Database
from tests.conftest import Tell
from tests.digests.support import NOW, SENDER, YESTERDAY, Inbox


def alerts(database: Database, server: SmtpServer, hours: float = 0) -> list[str]:
    return [one.email for one in send_alerts(database, server, SENDER, NOW + timedelta(hours=hours)) if one.where]


def test_an_immediate_list_is_mailed_once_outside_its_quiet_hours(
    database: Database, tell: Tell, inbox: tuple[Inbox, SmtpServer]
) -> None:
    box, server = inbox
    tell("funding", "Velmora lève 12 millions d'euros.", YESTERDAY)
    assign(database, lambda kind, confidence: True)
    assert alerts(database, server) == []
    with database.session() as session:
        zoe = reps.by_email(session, "zoe@example.org")
        watchlists.save(session, zoe, "", {"delivery": "immediate", "quiet": "20:00-08:00"})
    assert alerts(database, server) == []  # 07:30 in Paris
    assert alerts(database, server, 1) == ["zoe@example.org"]
    assert alerts(database, server, 2) == []
    assert box.mails()[0]["Subject"] == "Vigie : 1 actualité chez Velmora & Fils"
    tell("hiring", "Velmora recrute.", YESTERDAY)
    assign(database, lambda kind, confidence: True)
    assert alerts(database, server, 13) == []  # 20:30
    assert alerts(database, server, 25) == ["zoe@example.org"]
    with database.session() as session:
        reps.by_email(session, "zoe@example.org").subscribed = False
    tell("award", "Velmora reçoit un prix.", NOW)
    assign(database, lambda kind, confidence: True)
    assert alerts(database, server, 26) == []
