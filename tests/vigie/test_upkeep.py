"""What grows is cut back."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from store import mails, reps
from store.database import Database
from store.tables import Mail
from vigie.jobs.upkeep import cut_back, prune_mails

NOW = datetime.now(UTC)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_what_was_in_mails_of_long_ago_is_let_go_and_that_they_were_sent_stays(database: Database) -> None:
    with database.session() as session:
        rep = reps.save(session, "a@example.org", name="A", language="fr")
        for days, state in ((90, "sent"), (90, "waiting"), (3, "sent")):
            mail = mails.add(session, rep, f"<{days}{state}@x>", "2026-03-02", b"text", 1, NOW - timedelta(days=days))
            mail.state = state
    assert prune_mails(database, NOW) == 1
    assert prune_mails(database, NOW) == 0
    with database.session() as session:
        assert session.scalars(select(Mail.content).order_by(Mail.id)).all() == [b"", b"text", b"text"]


def test_the_log_and_the_cache_of_the_crawl_stay_small(tmp_path: Path) -> None:
    old, new = (tmp_path / "httpcache" / "vigie" / "ab" / name for name in ("old", "new"))
    for one in (old, new):
        one.mkdir(parents=True)
        (one / "response_body").write_bytes(b"x")
    os.utime(old, (0, 0))
    log = tmp_path / "crawl.log"
    log.write_bytes(b"x" * 10_000_001)
    cut_back(tmp_path, NOW)
    assert (old.exists(), new.exists()) == (False, True)
    assert not log.exists()
    assert (tmp_path / "crawl.log.1").stat().st_size == 10_000_001
    old.mkdir()
    os.utime(old, (0, 0))
    cut_back(tmp_path, NOW)
    assert old.exists()  # it is looked at once a day
    cut_back(tmp_path, NOW + timedelta(days=1, minutes=1))
    assert not old.exists()
