from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from itertools import pairwise
from pathlib import Path
from time import sleep

from sqlalchemy import select, update

from store.base import utcnow
from store.database import Database
from store.health import problems
from store.tables import Document, Host, Source
from tests.crawlers.test_collect import ARTICLE, collect
from tests.support.press import Answer, Press


def articles(press: Press, number: int) -> str:
    """Serve so many articles, and a feed of them; returns its address."""
    for one in range(number):
        press.answers[f"/{one}"] = Answer(ARTICLE)
    return press.rss("/feed", *[(f"/{one}", f"Titre numéro {one}") for one in range(number)])


def test_one_request_at_a_time_is_made_to_a_host(database: Database, tmp_path: Path, press: Press) -> None:
    press.slowness = 0.05
    collect(database, tmp_path, articles(press, 8))
    assert len(press.asked) == 10
    assert press.busiest == 1


def test_the_time_between_requests_that_robots_txt_asks_for_is_kept(
    database: Database, tmp_path: Path, press: Press
) -> None:
    press.answers["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 0.4\n", "text/plain")
    assert collect(database, tmp_path, articles(press, 4))["articles_done"] == 4
    assert len(press.asked) == 6
    assert press.moments[-1] - press.moments[0] >= 5 * 0.4 - 0.1


def test_the_time_that_is_asked_of_another_robot_is_not_ours(database: Database, tmp_path: Path, press: Press) -> None:
    press.answers["/robots.txt"] = Answer(b"User-agent: Googlebot\nCrawl-delay: 900\n", "text/plain")
    assert collect(database, tmp_path, articles(press, 2))["articles_done"] == 2


def test_what_a_slow_host_has_is_read_in_later_rounds_and_nobody_waits_for_it(
    database: Database, tmp_path: Path, press: Press
) -> None:
    press.answers["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 1\n", "text/plain")
    feed = articles(press, 4)
    counts = collect(database, tmp_path, feed, host_seconds=3)
    assert counts["articles_done"] + counts["articles_put_off"] == 4
    assert counts["articles_put_off"] >= 1
    for _ in range(4):
        collect(database, tmp_path, host_seconds=3)
    with database.session() as session:
        assert set(session.scalars(select(Document.state))) == {"collected"}
    assert min(after - before for before, after in pairwise(press.moments)) >= 0.8, "nor sooner in another round"


def test_nobody_puts_us_off_for_more_than_a_day(database: Database, tmp_path: Path, press: Press) -> None:
    press.answers["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 31536000\n", "text/plain")
    collect(database, tmp_path, articles(press, 2))
    with database.session() as session:
        (host,), (source,) = session.scalars(select(Host)), session.scalars(select(Source))
        assert host.delay_seconds == 24 * 3600
        assert max(source.due_at, host.free_at or utcnow()) <= utcnow() + timedelta(days=1)


def test_where_robots_txt_cannot_be_reached_nothing_is_asked_for(
    database: Database, tmp_path: Path, press: Press
) -> None:
    def silent() -> Iterator[bytes]:
        sleep(2)
        yield b"User-agent: *\nDisallow:\n"

    press.answers["/robots.txt"] = Answer(stream=silent, content_type="text/plain")
    collect(database, tmp_path, articles(press, 2), timeout_seconds=1)
    assert set(press.paths()) == {"/robots.txt"}
    with database.session() as session:
        (source,) = session.scalars(select(Source))
        assert (source.trouble, source.error) == ("slow", "cannot be fetched: the server does not answer in time (1 s)")
    press.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow:\n", "text/plain")
    assert collect(database, tmp_path, articles(press, 2))["articles_done"] == 2


def test_a_host_is_asked_no_more_often_a_day_than_the_limit_says(
    database: Database, tmp_path: Path, press: Press
) -> None:
    feed = articles(press, 8)
    assert collect(database, tmp_path, feed, host_requests=6)["articles_put_off"] == 4
    assert len(press.asked) == 6
    collect(database, tmp_path, feed, host_requests=6)
    assert len(press.asked) == 6
    with database.session() as session:
        (source,) = session.scalars(select(Source))
        assert (source.trouble, source.failures) == ("limited", 0)
        assert source.due_at.time() == time()
        assert source.due_at - utcnow() <= timedelta(days=1)
        assert [problem.kind for problem in problems(source, utcnow())] == ["limited"]
        yesterday = utcnow() - timedelta(days=1)
        session.execute(update(Host).values(asked_at=yesterday, free_at=utcnow()))
    press.asked.clear()
    assert collect(database, tmp_path, feed, host_requests=6)["articles_done"] == 4
    assert len(press.asked) == 5, "robots.txt is known"
    with database.session() as session:
        assert session.scalars(select(Source.error)).all() == [None]
        assert session.scalars(select(Host.asked)).all() == [5]


def test_robots_txt_is_asked_for_once_a_day(database: Database, tmp_path: Path, press: Press) -> None:
    feed = articles(press, 1)
    for robots in (Answer(status=404), Answer(b"User-agent: *\nDisallow:\n", "text/plain")):
        press.asked.clear()
        press.answers["/robots.txt"] = robots
        collect(database, tmp_path / str(robots.status), feed)
        collect(database, tmp_path / str(robots.status), feed)
        assert press.paths().count("/robots.txt") == 1


def test_nothing_is_asked_of_a_server_that_fails_to_give_its_robots_txt(
    database: Database, tmp_path: Path, press: Press
) -> None:
    feed = articles(press, 1)
    press.answers["/robots.txt"] = Answer(b"busy", "text/plain", status=503)
    collect(database, tmp_path, feed)
    assert set(press.paths()) == {"/robots.txt"}
    with database.session() as session:
        (problem,) = problems(session.scalars(select(Source)).one(), utcnow())
    assert (problem.kind, problem.words) == ("failed", "not fetched: the server answers 503 instead of its robots.txt")
    press.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n", "text/html", status=404)
    assert collect(database, tmp_path, feed)["articles_done"] == 1


def test_robots_txt_is_asked_for_again_when_it_says_so(database: Database, tmp_path: Path, press: Press) -> None:
    feed = articles(press, 1)
    press.answers["/robots.txt"] = Answer(b"", "text/plain", headers={"Cache-Control": "max-age=0"})
    collect(database, tmp_path, feed)
    press.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /feed\n", "text/plain")
    press.asked.clear()
    collect(database, tmp_path, feed)
    assert press.paths() == ["/robots.txt"]


LOCKED = ARTICLE.replace(b"<head>", b'<head><meta property="article:content_tier" content="locked">')


def test_no_copy_is_kept_of_a_page_that_asks_for_none(database: Database, tmp_path: Path, press: Press) -> None:
    feed = articles(press, 2)
    press.answers["/1"] = Answer(ARTICLE, headers={"X-Robots-Tag": "noarchive"})
    collect(database, tmp_path, feed)
    with database.session() as session:
        free, asked = session.scalars(select(Document).order_by(Document.url))
        assert (free.access, free.page is None) == ("open", False)
        assert (asked.access, asked.page is None) == ("no_archive", True)
        assert "à Firminy" in asked.text, "it is read all the same"


def test_of_what_is_for_subscribers_no_more_is_kept_than_the_feed_says(
    database: Database, tmp_path: Path, press: Press
) -> None:
    press.answers["/a"] = Answer(LOCKED)
    collect(database, tmp_path, press.rss("/feed", ("/a", "Les Forges Amblard ouvrent une usine")))
    with database.session() as session:
        (document,) = session.scalars(select(Document))
        assert (document.access, document.text, document.page) == ("paywalled", "", None)
        assert document.title == "Les Forges Amblard ouvrent une usine"
        assert document.published_at is not None, "its date is taken from the page"
