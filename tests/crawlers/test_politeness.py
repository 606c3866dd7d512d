from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from store.database import Database
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
    assert min(after - before for before, after in pairwise(press.moments)) >= 0.38


def test_the_time_that_is_asked_of_another_robot_is_not_ours(database: Database, tmp_path: Path, press: Press) -> None:
    press.answers["/robots.txt"] = Answer(b"User-agent: Googlebot\nCrawl-delay: 900\n", "text/plain")
    assert collect(database, tmp_path, articles(press, 2))["articles_done"] == 2
