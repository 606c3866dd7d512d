"""Two rounds of the crawl at once, as when a person reads a source now while the service reads others."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from crawlers.collect import collect_once
from store import documents, sources
from store.base import utcnow
from store.database import Database
from store.sources import SourceEntry
from store.tables import Document, Source
from tests.crawlers.test_collect import ARTICLE, POLITE
from tests.support.press import Answer, Press


def until_asked(press: Press, path: str) -> None:
    end = time.monotonic() + 30
    while path not in press.paths():
        assert time.monotonic() < end, "nothing was asked for"
        time.sleep(0.05)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_two_rounds_at_once_read_each_article_once_and_ask_a_host_one_at_a_time(
    database: Database, tmp_path: Path, press: Press
) -> None:
    articles = [(f"/a{number}", f"Titre numéro {number}") for number in range(4)]
    for path, _ in articles:
        press.answers[path] = Answer(ARTICLE.replace(b"Firminy", f"Firminy ({path})".encode()))
    with database.session() as session:
        first = sources.add(session, SourceEntry(press.rss("/feed", *articles), "Une"))
        other = sources.add(session, SourceEntry(press.rss("/other", ("/a0", "Titre numéro 0")), "Autre"))
        other.due_at = utcnow().replace(year=2999)
    address = database.url.render_as_string(hide_password=False)

    def collect(folder: str) -> None:
        collect_once(database_url=address, folder=tmp_path / folder, crawl=POLITE)

    press.slowness = 1.0
    with_service = threading.Thread(target=collect, args=["service"])
    with_service.start()
    until_asked(press, "/a0")
    with database.session() as session:  # "Read now"
        sources.hurry(session.get_one(Source, first.id), utcnow())
        sources.hurry(session.get_one(Source, other.id), utcnow())
    collect("person")
    with database.session() as session:  # the service analyses meanwhile
        session.execute(update(Document).where(Document.state == "collected").values(state="analysed"))
    with_service.join()
    collect("later")
    pages = [path for path in press.paths() if path != "/robots.txt"]
    assert sorted(pages) == ["/a0", "/a1", "/a2", "/a3", "/feed", "/feed", "/other"]
    assert press.busiest == 1
    with database.session() as session:
        states = dict(session.execute(select(Document.url, Document.state)).all())
        assert states.pop(f"{press.address}/a0") == "analysed"
        assert set(states.values()) <= {"analysed", "collected"}
        assert not documents.claim_announced(session, utcnow(), hold=timedelta(minutes=2), limit=10)
