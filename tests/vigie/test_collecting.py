"""Rounds of collecting that are cut off, and the last one before a digest."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from store import reps, sources
from store.base import utcnow
from store.database import Database
from store.migrate import upgrade
from store.sources import SourceEntry
from store.tables import Document, Source
from tests.support.press import Press, serving
from tests.vigie.support import vigie_here

SOURCES = 4
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)


def installation(tmp_path: Path, press: Press) -> tuple[Path, Database]:
    """A configuration with some sources, and its database."""
    file = tmp_path / "vigie.yaml"
    listed = ", ".join(f"{{url: {press.rss(f'/{one}', (f'/{one}/a', 'Une usine'))}, name: S{one}}}" for one in range(4))
    file.write_text(
        f"language: en\ndata: {tmp_path / 'var'}\nsources: [{listed}]\n"
        "crawl: {allow_loopback: true, delay_seconds: 0, retries: 0, follow_articles: false}\n"
    )
    database = Database(f"sqlite:///{tmp_path / 'var' / 'vigie.db'}")
    upgrade(database)
    return file, database


def started(file: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "vigie", "collect", "--once", "--config", str(file)]
    return subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def until_asked(press: Press, path: str) -> None:
    end = time.monotonic() + 60
    while path not in press.paths():
        assert time.monotonic() < end, "nothing was asked for"
        time.sleep(0.05)


def read(database: Database) -> int:
    with database.session() as session:
        return session.scalars(select(func.count(Document.id))).one()


def test_what_a_killed_round_was_reading_is_read_at_once(tmp_path: Path) -> None:
    with serving() as press:
        file, database = installation(tmp_path, press)
        press.slowness = 1.5
        with started(file) as killed:
            until_asked(press, "/0")
            os.killpg(killed.pid, signal.SIGKILL)
        press.slowness = 0.0
        with database.session() as session:
            assert session.scalars(select(func.count(Source.claimed_until))).one() > 0
        vigie_here("collect", "--once", "--config", str(file))
    assert read(database) == SOURCES


def test_what_another_process_reads_is_left_to_it_and_said(tmp_path: Path) -> None:
    with serving() as press:
        file, database = installation(tmp_path, press)
        press.slowness = 1.5
        with started(file) as other:
            until_asked(press, "/0")
            said = vigie_here("collect", "--once", "--config", str(file)).stdout
            assert said.startswith("0 sources read")
            assert re.search(r"another process reads [1-4] of them; if it ended, they are free at 2\d{3}-", said)
            press.slowness = 0.0
            other.wait(60)
        assert read(database) == SOURCES
        said = vigie_here("collect", "--once", "--config", str(file)).stdout
    assert "the next is due at" in said


def test_it_says_that_there_is_no_source(tmp_path: Path) -> None:
    file = tmp_path / "vigie.yaml"
    file.write_text(f"language: en\ndata: {tmp_path / 'var'}\n")
    said = vigie_here("collect", "--once", "--config", str(file)).stdout
    assert "there is no source to read: vigie sources add" in said


def test_the_round_ends_when_the_one_who_wants_to_know_of_it_is_gone(tmp_path: Path) -> None:
    with serving() as press:
        file, database = installation(tmp_path, press)
        press.slowness = 4
        with started(file) as killed:
            until_asked(press, "/robots.txt")
            killed.kill()
        assert press.paths() == ["/robots.txt"]
        end = time.monotonic() + 60
        while time.monotonic() < end:
            said = vigie_here("collect", "--once", "--config", str(file)).stdout
            press.slowness = 0.0
            if "another process" not in said:
                break
            time.sleep(1)
        assert read(database) == SOURCES


@pytest.mark.parametrize(("hours", "visits"), [(1, 2), (3, 1)])
def test_every_source_is_visited_once_in_the_two_hours_before_a_digest(tmp_path: Path, hours: int, visits: int) -> None:
    with serving() as press:
        file, database = installation(tmp_path, press)
        vigie_here("collect", "--once", "--config", str(file))
        digest = utcnow() + timedelta(hours=hours)
        with database.session() as session:
            rep = reps.save(session, "ann@example.org", "Ann", "en")
            rep.digest_time, rep.zone, rep.days = f"{digest:%H:%M}", "UTC", "daily"
            late = {"fetched_at": utcnow() - timedelta(hours=5), "due_at": utcnow() + timedelta(hours=9)}
            session.execute(update(Source).values(late))
        for _ in range(2):
            vigie_here("collect", "--once", "--config", str(file))
        assert press.paths().count("/0") == visits


@pytest.mark.parametrize(
    ("facts", "is_hurried"),
    [
        ({}, True),
        ({"asleep_at": NOW}, False),
        ({"active": False}, False),
        ({"trouble": "limited"}, False),  # or it would be put off in each round
        ({"due_at": NOW + timedelta(minutes=50)}, False),  # it comes in time
        ({"fetched_at": NOW - timedelta(minutes=50)}, False),
        ({"kind": "companies"}, False),
    ],
)
def test_only_what_would_not_be_visited_in_time_is_hurried(
    database: Database, facts: dict[str, Any], is_hurried: bool
) -> None:
    with database.session() as session:
        source = sources.add(session, SourceEntry("https://a.example/rss", "a"))
        source.fetched_at, source.due_at = NOW - timedelta(hours=5), NOW + timedelta(hours=5)
        for name, value in facts.items():
            setattr(source, name, value)
        session.flush()
        sources.hurry_unvisited(session, NOW - timedelta(hours=1), NOW + timedelta(hours=1), NOW)
        session.refresh(source)
        assert (source.due_at == NOW) is is_hurried
