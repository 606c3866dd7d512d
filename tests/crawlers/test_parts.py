from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from crawlers.feeds import read
from store.database import Database
from store.tables import Document
from tests.crawlers.test_collect import collect
from tests.support.press import Answer, Press

NOW = datetime(2026, 3, 2, tzinfo=UTC)
BASE = "https://corderie-vasseur.example/"


def feed(*items: tuple[str, str, str]) -> bytes:
    entries = "".join(
        f"<item><title>{title}</title><link>{BASE}{path}</link><guid isPermaLink='false'>{guid}</guid>"
        f"<description>{title} : la Corderie Vasseur le dit.</description></item>"
        for path, guid, title in items
    )
    return f"<rss version='2.0'><channel>{entries}</channel></rss>".encode()


def paths(body: bytes) -> list[str]:
    return [one.url.removeprefix(BASE) for one in read(body, url=BASE, content_type="", now=NOW).entries]


def test_articles_that_differ_only_after_the_number_sign_are_articles_of_their_own() -> None:
    several = feed(("news#a", "1", "Un four"), ("news#b", "2", "Un port"), ("news#xtor=RSS-3", "2", "Un port"))
    assert paths(several) == ["news#a", "news#b"]


@pytest.mark.parametrize(
    ("path", "guid", "known"),
    [
        ("news#b", f"{BASE}news#b", "news#b"),
        ("news#!/12", "12", "news#!/12"),
        ("news#/12", "12", "news#/12"),
        ("news#b", "12", "news"),
        ("news#b", "b", "news#b"),
        ("news#xtor=RSS-1", f"{BASE}news#xtor=RSS-1", "news"),
        ("news#utm_source=a&amp;utm_medium=b", "b", "news"),
        ("news#comment-12", f"{BASE}news#comment-12", "news"),
        ("news#Echobox=1612", f"{BASE}news#Echobox=1612", "news"),
        ("news#:~:text=four", "b", "news"),
        ("news#", "b", "news"),
    ],
)
def test_a_fragment_counts_where_the_feed_names_the_article_by_it(path: str, guid: str, known: str) -> None:
    assert paths(feed((path, guid, "Un four"))) == [known]


def test_one_article_under_several_fragments_stays_one() -> None:
    assert paths(feed(("news#a", "1", "Un four"), ("news#b", "1", "Un four"))) == ["news"]
    assert paths(feed(("news", "1", "Un four"), ("news#b", "2", "Un four"))) == ["news"]


def test_parts_of_a_page_are_told_in_the_words_of_the_feed(database: Database, tmp_path: Path, press: Press) -> None:
    press.answers["/news"] = Answer("<html><body><p>Tout ce qui fut dit, année après année.</p></body></html>".encode())
    for _ in range(2):
        collect(database, tmp_path, press.rss("/feed", ("/news#a", "Un four"), ("/news#b", "Un port")))
    with database.session() as session:
        found = list(session.scalars(select(Document).order_by(Document.id)))
    assert [(one.title, one.announced_only, one.url.rpartition("/")[2]) for one in found] == [
        ("Un four", True, "news#a"),
        ("Un port", True, "news#b"),
    ]
    assert "/news" not in press.paths()
