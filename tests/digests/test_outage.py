"""What a rep is told when no mail left for days: all that was published meanwhile, once it has been read."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from digests.send import send_digests
from digests.transport import MailFolder
from signals.stories import assign
from store.database import Database
from store.tables import Rep, Signal, Source
from tests.conftest import Tell
from tests.digests.support import NOW, SENDER

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LAST = NOW - 10 * DAY  # a Saturday
COME = NOW - timedelta(minutes=30)


def mails(database: Database, folder: Path, now: datetime = NOW) -> dict[str, str]:
    """The text of each mail on schedule, by address."""
    assign(database, lambda kind, confidence: True)
    found = send_digests(database, MailFolder(folder), SENDER, now, only_due=True)
    return {one.email: Path(one.where).read_text("utf-8") for one in found if one.where}


@pytest.fixture
def resting(database: Database, tell: Tell) -> Database:
    """Two reps whose last digest left ten days ago; the press was read since, up to now."""
    tell("hiring", "Velmora recrute.", NOW - 11 * DAY)
    with database.session() as session:
        session.execute(update(Rep).values(digest_at=LAST, days="daily", zone="Europe/Paris", digest_time="07:00"))
        session.execute(update(Source).values(fetched_at=NOW - 2 * HOUR, due_at=NOW + HOUR))
        signal = session.scalars(select(Signal)).one()
        signal.found_at = NOW - 9 * DAY
        signal.document.unread_since = NOW - 9 * DAY - HOUR
        signal.document.state = "analysed"
    return database


def changed(database: Database, **facts: datetime) -> None:
    with database.session() as session:
        session.execute(update(Source).values(**facts))


def test_what_was_found_before_a_missed_digest_is_told(resting: Database, tmp_path: Path) -> None:
    told = mails(resting, tmp_path)
    assert "Velmora recrute." in told["zoe@example.org"]
    assert "Aucun récapitulatif n'est parti depuis le 28 février 2026" in told["zoe@example.org"]
    assert "No digest has left since February 28, 2026" in told["ann@example.org"]
    changed(resting, fetched_at=NOW + DAY - 2 * HOUR)
    told = mails(resting, tmp_path, NOW + DAY)
    assert "Velmora recrute." not in told["zoe@example.org"]
    assert "No digest has left" not in told["ann@example.org"]


@pytest.mark.parametrize(("unread_days", "is_told"), [(1, False), (30, True)])
def test_what_is_old_is_new_when_its_source_was_not_read_meanwhile(
    resting: Database, tmp_path: Path, unread_days: int, is_told: bool
) -> None:
    with resting.session() as session:
        session.execute(update(Rep).values(digest_at=NOW - DAY))
        signal = session.scalars(select(Signal)).one()
        signal.found_at = NOW - HOUR
        signal.document.unread_since = NOW - HOUR - unread_days * DAY
    assert ("Velmora recrute." in mails(resting, tmp_path)["zoe@example.org"]) is is_told


def test_after_an_outage_the_digest_waits_for_a_round(resting: Database, tmp_path: Path) -> None:
    changed(resting, fetched_at=NOW - 10 * DAY, due_at=NOW - 9 * DAY)
    assert mails(resting, tmp_path) == {}
    changed(resting, fetched_at=NOW, due_at=NOW + HOUR)
    with resting.session() as session:
        session.scalars(select(Signal)).one().document.state = "collected"
    assert mails(resting, tmp_path, NOW + HOUR / 6) == {}
    with resting.session() as session:
        session.scalars(select(Signal)).one().document.state = "analysed"
    assert len(mails(resting, tmp_path, NOW + HOUR / 5)) == 2


def test_it_does_not_wait_longer_than_a_round_takes(resting: Database, tmp_path: Path) -> None:
    changed(resting, fetched_at=NOW, due_at=NOW + HOUR)
    with resting.session() as session:
        session.scalars(select(Signal)).one().document.state = "collected"
    assert mails(resting, tmp_path, NOW + 0.9 * HOUR) == {}
    assert len(mails(resting, tmp_path, NOW + 1.1 * HOUR)) == 2


def test_where_nothing_is_collected_it_leaves_at_last(resting: Database, tmp_path: Path) -> None:
    changed(resting, fetched_at=NOW - 10 * DAY)
    assert mails(resting, tmp_path, COME + 5 * HOUR) == {}
    assert len(mails(resting, tmp_path, COME + 7 * HOUR)) == 2


def test_sources_that_may_not_be_asked_today_hold_up_nothing(resting: Database, tmp_path: Path) -> None:
    changed(resting, fetched_at=NOW - 10 * DAY)
    with resting.session() as session:
        session.execute(update(Source).values(trouble="limited"))
    assert len(mails(resting, tmp_path)) == 2
