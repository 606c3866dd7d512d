from __future__ import annotations

import gzip
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from crawlers.collect import collect_once
from store import documents, failures, sources
from store.base import utcnow
from store.database import Database
from store.hosts import SLOTS, Share, slot_of
from store.sources import SourceEntry
from store.tables import Document, Source
from tests.support.press import Answer, Press

POLITE: dict[str, Any] = {
    "user_agent": "Vigie/test (+https://vigie.example/bot)",
    "delay_seconds": 0.0,
    "timeout_seconds": 3,
    "max_bytes": 2_000_000,
    "retries": 0,
    "longest_minutes": 1440,
    "round_seconds": 60,
    "host_seconds": 60,
    "host_requests": 5000,
    "follow_articles": True,
    "extract_seconds": 20,
    "extract_megabytes": 1024,
    "allow_loopback": True,
}
ARTICLE = """<html><head><title>x</title><meta property="article:published_time" content="2026-02-03T10:00:00Z"></head>
<body><nav>Menu</nav><article><h1>Les Forges Amblard ouvrent une usine</h1><p>Les Forges Amblard ont ouvert mardi une
usine de deux mille mètres carrés à Firminy, dans la Loire, où travailleront cinquante personnes.</p><p>Le
fabricant de brides avait annoncé ce projet au printemps dernier.</p></article></body></html>""".encode()


def collect(database: Database, folder: Path, *feeds: str, **crawl: object) -> Counter[str]:
    with database.session() as session:
        sources.synchronise(session, [SourceEntry(feed, feed) for feed in feeds])
        session.execute(update(Source).values(due_at=utcnow()))
    return collect_once(database_url=str(database.url), folder=folder, crawl={**POLITE, **crawl})


def errors(database: Database) -> dict[str, str | None]:
    with database.session() as session:
        return {source.name.rpartition("/")[2]: source.error for source in session.scalars(select(Source))}


def test_a_feed_is_read_its_articles_followed_and_their_pages_kept(
    database: Database, tmp_path: Path, press: Press
) -> None:
    press.answers["/a"] = Answer(ARTICLE)
    feed = press.rss("/feed", ("/a", "Forges Amblard : une usine"), ("/gone", "Autre titre"), ETag='"1"')
    counts = collect(database, tmp_path, feed)
    assert (counts["sources_done"], counts["articles_done"]) == (1, 2)
    with database.session() as session:
        stored = {d.url.rpartition("/")[2]: d for d in session.scalars(select(Document))}
        assert stored["a"].title == "Forges Amblard : une usine"
        assert "à Firminy, dans la Loire" in stored["a"].text
        assert "Menu" not in stored["a"].text
        assert (stored["a"].published_at or utcnow()).date().isoformat() == "2026-02-03"
        assert stored["a"].page is not None
        assert documents.page_body(stored["a"].page) == ARTICLE
        assert (stored["gone"].state, stored["gone"].page) == ("collected", None)
    assert press.paths()[0] == "/robots.txt"
    assert all(headers["User-Agent"] == POLITE["user_agent"] for _, headers in press.asked)


def test_the_second_reading_is_conditional_and_finds_nothing_twice(
    database: Database, tmp_path: Path, press: Press
) -> None:
    feed = press.rss("/feed", ("/a", "Un"), ETag='"1"')
    collect(database, tmp_path, feed)
    press.asked.clear()
    assert collect(database, tmp_path, feed)["articles"] == 0
    (conditional,) = [headers for path, headers in press.asked if path == "/feed"]
    assert conditional["If-None-Match"] == '"1"'
    with database.session() as session:
        assert len(session.scalars(select(Document)).all()) == 1


def test_each_host_is_asked_by_the_process_that_has_its_share(database: Database, tmp_path: Path, press: Press) -> None:
    elsewhere = press.address.replace("127.0.0.1", "localhost")
    press.answers["/here"] = press.answers["/there"] = Answer(ARTICLE)
    feed = press.rss("/feed", ("/here", "Ici"), (f"{elsewhere}/there", "Ailleurs"))
    with database.session() as session:
        sources.synchronise(session, [SourceEntry(feed, "Presse")])

    def fetched(url: str) -> list[str]:
        press.asked.clear()
        share = Share(slot_of(url), SLOTS)
        collect_once(database_url=str(database.url), folder=tmp_path, crawl=POLITE, share=share)
        return [path for path in press.paths() if path != "/robots.txt"]

    assert fetched(elsewhere) == []
    assert fetched(feed) == ["/feed", "/here"]
    assert fetched(elsewhere) == ["/there"]
    assert fetched(elsewhere) == []


def test_robots_txt_is_obeyed(database: Database, tmp_path: Path, press: Press) -> None:
    press.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /a\n", "text/plain")
    collect(database, tmp_path, press.rss("/feed", ("/a", "Un")))
    assert "/a" not in press.paths()
    with database.session() as session:
        assert session.scalars(select(Document.state)).one() == "collected"


def test_each_kind_of_failure_is_named_on_its_source(database: Database, tmp_path: Path, press: Press) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 65536

    press.answers["/busy"] = Answer(status=429, headers={"Retry-After": "7200"})
    press.answers["/down"] = Answer(status=503)
    press.answers["/page"] = Answer(b"<html><body>Bonjour</body></html>")
    press.answers["/loop"] = Answer(status=302, headers={"Location": "/loop"})
    press.answers["/endless"] = Answer(stream=endless)
    press.answers["/moved"] = Answer(status=301, headers={"Location": "/feed"})
    feed = press.rss("/feed", ("/a", "Un"))
    names = ("busy", "down", "page", "loop", "endless", "moved")
    collect(database, tmp_path, feed, *(f"{press.address}/{name}" for name in names))
    said = errors(database)
    assert said["feed"] is said["moved"] is None
    assert said["busy"] == "the server answered 429"
    assert said["down"] == "the server answered 503"
    assert (said["page"] or "").startswith("this is not an RSS or Atom feed")
    assert said["loop"] == "cannot be fetched: the address leads in a circle"
    assert said["endless"] == "cannot be fetched: the answer is too large"
    with database.session() as session:
        busy = session.scalars(select(Source).where(Source.name.endswith("/busy"))).one()
        assert (busy.due_at - utcnow()).total_seconds() > 7000


def test_private_addresses_are_refused_and_loopback_needs_its_setting(
    database: Database, tmp_path: Path, press: Press
) -> None:
    feed = press.rss("/feed", ("/a", "Un"))
    collect(database, tmp_path, feed, "http://10.1.2.3/private", "http://[::1]:9/six", allow_loopback=False)
    assert press.asked == []
    said = errors(database)
    assert "private address" in (said["feed"] or "")
    assert "private address" in (said["private"] or "")
    assert said["six"]


def test_articles_an_ended_round_left_are_fetched_by_the_next(database: Database, tmp_path: Path, press: Press) -> None:
    feed = press.rss("/feed", ("/a", "Un"))
    collect(database, tmp_path, feed)
    with database.session() as session:
        session.execute(update(Document).values(state="announced"))
    press.answers["/a"] = Answer(ARTICLE)
    collect(database, tmp_path, feed)
    with database.session() as session:
        assert "Firminy" in session.scalars(select(Document.text)).one()


def test_without_following_the_words_of_the_feed_are_kept(database: Database, tmp_path: Path, press: Press) -> None:
    counts = collect(database, tmp_path, press.rss("/feed", ("/a", "Une usine")), follow_articles=False)
    assert counts["articles_done"] == 1
    assert press.paths() == ["/robots.txt", "/feed"]
    with database.session() as session:
        assert [(one.title, one.state) for one in session.scalars(select(Document))] == [("Une usine", "collected")]


def bomb(layers: int) -> bytes:
    body = b"<rss version='2.0'><channel>" + b" " * 200_000_000
    for _ in range(layers):
        body = gzip.compress(body, 9)
    return body


def test_bombs_and_huge_bodies_are_named_and_cost_little(database: Database, tmp_path: Path, press: Press) -> None:
    once, twice = bomb(1), bomb(2)
    packed = {"Content-Encoding": "gzip"}
    press.answers["/bomb"] = Answer(once, "application/rss+xml", headers=packed)
    press.answers["/bombs"] = Answer(twice, "application/rss+xml", headers={"Content-Encoding": "gzip, gzip"})
    press.answers["/huge"] = Answer(b"<rss>" + b" " * 3_000_000, "application/rss+xml")
    press.answers["/broken"] = Answer(b"\x1f\x8b nothing", "application/rss+xml", headers=packed)
    press.answers["/page"] = Answer(once, headers=packed)
    feeds = [press.address + path for path in ("/bomb", "/bombs", "/huge", "/broken")]
    feeds.append(press.rss("/good", (press.address + "/page", "Une usine")))
    collect(database, tmp_path, *feeds)
    named = errors(database)
    assert named.pop("good") is None
    assert all(named.values()), named
    assert len((tmp_path / "crawl.log").read_text("utf-8")) < 20_000
    assert "Traceback" not in (tmp_path / "crawl.log").read_text("utf-8")
    with database.session() as session:
        assert [(one.title, one.state) for one in session.scalars(select(Document))] == [("Une usine", "collected")]


def test_a_page_that_takes_too_long_is_named_on_its_source_and_the_rest_goes_on(
    database: Database, tmp_path: Path, press: Press
) -> None:
    attributes = " ".join(f'a{number}="x"' for number in range(200_000))
    press.answers["/hostile"] = Answer(f"<html><body><p {attributes}>{'Bonjour. ' * 99}</p></body></html>".encode())
    press.answers["/a"] = Answer(ARTICLE)
    feed = press.rss("/feed", ("/hostile", "Une page hostile"), ("/a", "Une usine"))
    counts = collect(database, tmp_path, feed, extract_seconds=2, max_bytes=10_000_000)
    assert counts["articles_done"] == 2
    with database.session() as session:
        texts = {one.title: one.text for one in session.scalars(select(Document))}
        assert texts["Une page hostile"] == ""
        assert "Firminy" in texts["Une usine"]
        source = session.scalars(select(Source)).one()
        assert (
            source.page_error
            == f"{press.address}/hostile: no text is taken out, it would take more than 2 seconds to read"
        )
        assert (source.error, source.page_error_at is not None) == (None, True)


def test_a_feed_that_takes_too_long_is_an_error_of_its_source_and_the_rest_goes_on(
    database: Database, tmp_path: Path, press: Press
) -> None:
    item = "<item><title>Une usine</title><description>&lt;p&gt;Bonjour.&lt;/p&gt;</description></item>"
    body = f"<rss version='2.0'><channel><title>F</title>{item * 40_000}</channel></rss>".encode()
    press.answers["/long"] = Answer(body, "application/rss+xml")
    counts = collect(
        database,
        tmp_path,
        press.address + "/long",
        press.rss("/b", ("/x", "Une usine")),
        extract_seconds=2,
        max_bytes=10_000_000,
    )
    assert counts["sources_done"] == 2
    assert errors(database) == {"long": "it would take more than 2 seconds to read", "b": None}


def test_a_page_that_takes_too_much_memory_is_named_on_its_source(
    database: Database, tmp_path: Path, press: Press
) -> None:
    links = '<a href="/x">lien</a> ' * 300_000
    press.answers["/hostile"] = Answer(f"<html><body><article>{links}</article></body></html>".encode())
    press.answers["/a"] = Answer(ARTICLE)
    feed = press.rss("/feed", ("/hostile", "Une page hostile"), ("/a", "Une usine"))
    collect(database, tmp_path, feed, extract_megabytes=256, max_bytes=10_000_000)
    with database.session() as session:
        assert "Firminy" in session.scalars(select(Document.text).where(Document.title == "Une usine")).one()
        assert "cannot be read with 256 MB of memory" in (session.scalars(select(Source.page_error)).one() or "")


def test_what_is_no_page_leaves_the_words_of_the_feed(database: Database, tmp_path: Path, press: Press) -> None:
    press.answers["/cp.pdf"] = Answer(b"%PDF-1.7 \x00\xff", "application/pdf")
    press.answers["/photo"] = Answer(b"\xff\xd8", "image/jpeg")
    collect(database, tmp_path, press.rss("/feed", ("/cp.pdf", "Un communiqué"), ("/photo", "Une photo")))
    with database.session() as session:
        assert {(one.title, one.text, one.state) for one in session.scalars(select(Document))} == {
            ("Un communiqué", "", "collected"),
            ("Une photo", "", "collected"),
        }
        assert session.scalars(select(Source.page_error)).one() is None


STUMBLE = """
from store import documents

def stumbling(real):
    def stumbles(session, first, *rest, **more):
        if "boom" in first.url:
            raise RuntimeError("what nobody thought of")
        return real(session, first, *rest, **more)
    return stumbles

for name in ("announce", "revise", "complete"):
    setattr(documents, name, stumbling(getattr(documents, name)))
"""


def test_what_nobody_thought_of_lets_its_source_go_with_the_reason_and_all_others_be_read(
    database: Database, tmp_path: Path, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(STUMBLE, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("crawlers.collect.subprocess", subprocess)  # a process that begins with what stands there
    press.answers["/a"] = Answer(ARTICLE)
    feed, other = press.rss("/feed", ("/a", "Un"), ("/boom", "Deux")), press.rss("/boom.xml", ("/b", "Trois"))
    press.answers["/boom"] = Answer(ARTICLE.replace(b"Firminy", b"Roanne"))
    counts = collect(database, tmp_path, feed, other)
    assert counts["sources_done"] == 2
    assert errors(database) == {"feed": None, "boom.xml": "RuntimeError: what nobody thought of"}
    with database.session() as session:
        held = session.scalars(select(Source.claimed_until).where(Source.claimed_until.is_not(None))).all()
        assert held == []
        states = dict(session.execute(select(Document.url, Document.state)).all())
        assert states == {f"{press.address}/a": "collected", f"{press.address}/boom": "announced"}
        (noted,) = failures.everything(session)
        assert (noted.kind, noted.error) == ("document", "RuntimeError: what nobody thought of")
    press.asked.clear()
    collect(database, tmp_path, feed)
    assert "/boom" not in press.paths()  # not in each round
