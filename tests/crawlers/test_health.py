from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crawlers.health import wall
from digests import summary
from leads.wording import Words
from signals.types import default_taxonomy
from store import sources
from store.database import Database
from store.health import problems, silent_after
from store.sources import SourceEntry
from store.tables import Source
from tests.crawlers.test_collect import collect
from tests.support.press import Answer, Press, serving

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def source(**facts: object) -> Source:
    return Source(**{"url": "https://presse.example/rss", "name": "Presse", "failures": 0, **facts})


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ({}, []),
        ({"error": "the server answered 500", "trouble": "failed"}, ["failed"]),
        ({"error": "the server answered 403", "trouble": "blocked"}, ["blocked"]),
        ({"error": "x", "trouble": None}, ["failed"]),
        ({"last_new_at": NOW - timedelta(days=15), "usual_per_week": 7.0}, ["silent"]),
        ({"last_new_at": NOW - timedelta(days=13), "usual_per_week": 7.0}, []),
        ({"last_new_at": NOW - timedelta(days=40), "usual_per_week": 1.0}, []),
        ({"last_new_at": NOW - timedelta(days=60), "usual_per_week": 1.0}, ["silent"]),
        ({"last_new_at": None, "usual_per_week": 7.0}, []),
        ({"moved_to": "https://neuf.example/rss", "moved_since": NOW}, ["moved"]),
        ({"validators_failed_at": NOW}, ["validators"]),
        ({"page_error": "https://presse.example/a: no text"}, ["page"]),
        ({"asleep_at": NOW, "error": "the server answered 410", "trouble": "gone"}, ["asleep"]),
    ],
)
def test_what_there_is_to_tell_of_a_source(facts: dict[str, object], kinds: list[str]) -> None:
    assert [problem.kind for problem in problems(source(**facts), NOW)] == kinds


def test_a_source_is_silent_after_two_weeks_or_eight_times_its_pace() -> None:
    assert silent_after(100.0) == timedelta(days=14)
    assert silent_after(0.5) == timedelta(days=112)
    assert silent_after(None) is silent_after(0.0) is None


@pytest.mark.parametrize(
    ("host", "body", "said"),
    [
        ("presse.example", b"<title>Just a moment...</title>", "robot"),
        ("presse.example", b"<script src='/cdn-cgi/challenge-platform/x.js'>", "robot"),
        ("presse.example", "<h1>Vous n'êtes pas un robot ?</h1>".encode(), "robot"),
        ("consent.presse.example", b"<p>Bonjour</p>", "consent"),
        ("presse.example", b"<div id='didomi-host'></div>", "consent"),
        ("presse.example", b"<p>Bonjour</p>", None),
    ],
)
def test_walls_are_known(host: str, body: bytes, said: str | None) -> None:
    found = wall(host, body)
    assert found is None if said is None else said in (found or "")


def read(database: Database, name: str) -> Source:
    with database.session() as session:
        return session.scalars(select(Source).where(Source.name == name)).one()


def kinds(database: Database, name: str) -> list[str]:
    return [problem.kind for problem in problems(read(database, name), datetime.now(UTC))]


def test_each_kind_of_trouble_is_kept(database: Database, tmp_path: Path, press: Press) -> None:
    press.answers["/blocked"] = Answer(status=403)
    press.answers["/wall"] = Answer(b"<html><title>Just a moment...</title></html>")
    press.answers["/empty"] = Answer(b"<html><body>Bonjour</body></html>")
    press.answers["/gone"] = Answer(status=410)
    press.answers["/down"] = Answer(status=500)
    press.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /private\n", "text/plain")
    feed = press.rss("/good", ("/a", "Une usine"))
    names = ("private", "blocked", "wall", "empty", "gone", "down")
    addresses = [feed, *(f"{press.address}/{name}" for name in names)]
    with database.session() as session:
        for url in addresses:
            sources.add(session, SourceEntry(url, url.rpartition("/")[2]))
    collect(database, tmp_path)
    found = {name: kinds(database, name) for name in ("good", *names)}
    assert found == {
        "good": [],
        "private": ["blocked"],
        "blocked": ["blocked"],
        "wall": ["blocked"],
        "empty": ["empty"],
        "gone": ["asleep"],
        "down": ["failed"],
    }
    press.asked.clear()
    collect(database, tmp_path)
    assert "/gone" not in press.paths()
    with database.session() as session:
        sources.hurry(sources.by_url(session, f"{press.address}/gone"), datetime.now(UTC))
    press.rss("/gone", ("/b", "Un four"))
    collect(database, tmp_path)
    assert kinds(database, "gone") == []


def test_a_server_that_is_down_is_named_though_its_last_answer_is_kept(database: Database, tmp_path: Path) -> None:
    with serving() as press:
        feed = press.rss("/feed", ("/a", "Une usine"), ETag='"1"')
        collect(database, tmp_path, feed)
        assert read(database, feed).error is None
    collect(database, tmp_path, feed)
    assert "cannot be fetched" in (read(database, feed).error or "")


def test_each_failure_to_get_an_answer_is_called_what_it_is(database: Database, tmp_path: Path, press: Press) -> None:
    press.answers["/loop"] = Answer(status=302, headers={"Location": "/loop"})
    tls = press.address.replace("http://", "https://")
    kinds = {
        f"{press.address}/loop": "redirects",
        f"{tls}/no-tls": "certificate",
        "http://127.0.0.1:9/refused": "unreachable",
        "https://host.invalid/feed": "unknown_host",
    }
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes connections and says nothing
        kinds[f"http://127.0.0.1:{silent.getsockname()[1]}/silent"] = "slow"
        collect(database, tmp_path, *kinds)
    with database.session() as session:
        found = {one.url: (one.trouble, one.error) for one in session.scalars(select(Source))}
    assert {url: trouble for url, (trouble, _) in found.items()} == kinds
    reasons = " ".join(error or "" for _, error in found.values())
    assert "does not answer in time (3 s)" in reasons
    assert not any(name in reasons for name in ("twisted", "SSL", "Error", "errno"))
    words = Words("fr", default_taxonomy(), NOW.date())
    with database.session() as session:
        told = [
            summary.said(problem, words) for one in session.scalars(select(Source)) for problem in problems(one, NOW)
        ]
    assert "L'adresse tourne en rond : donnez celle qu'un navigateur affiche à la fin." in told
