from __future__ import annotations

import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crawlers.collect import collect_once
from crawlers.feeds import read
from store import documents, sources
from store.database import Database
from store.sources import SourceEntry
from store.tables import Document, Source
from tests.crawlers.test_collect import POLITE
from tests.support.data import needs
from tests.support.press import Answer, serving

NOW = datetime(2026, 11, 25, tzinfo=UTC)
TYPES = ("application/rss+xml", "text/html; charset=iso-8859-1", "image/png", "")


def bodies() -> Iterator[tuple[str, bytes]]:
    folder = needs("feeds")
    for file in sorted(folder.rglob("*")):
        if file.name.endswith(".tar.gz"):
            with tarfile.open(file) as archive:
                for member in archive:
                    content = archive.extractfile(member)
                    if content is not None:
                        yield member.name, content.read()
        elif file.is_file():
            yield str(file.relative_to(folder)), file.read_bytes()


@pytest.mark.parametrize("content_type", TYPES)
def test_every_feed_in_the_wild_gives_entries_or_a_named_error(content_type: str) -> None:
    outcomes: Counter[str] = Counter()
    for name, body in bodies():
        feed = read(body, url="https://presse.example/feed", content_type=content_type, now=NOW)
        outcomes["error" if feed.error else "entries" if feed.entries else "empty"] += 1
        assert not (feed.error and feed.entries), name
        for entry in feed.entries:
            assert entry.url.startswith(("http://", "https://")), name
            assert entry.published_at is None or entry.published_at <= NOW.replace(day=26), name
    assert sum(outcomes.values()) > 2000
    assert outcomes["entries"] >= 160  # most of these files test one field of an entry that has no address


def test_every_feed_in_the_wild_served_over_http_ends_in_entries_or_a_named_error(
    database: Database, tmp_path: Path
) -> None:
    with serving() as press:
        for number, (_, body) in enumerate(bodies()):
            press.answers[f"/{number}"] = Answer(body, TYPES[number % len(TYPES)])
        entries = [SourceEntry(press.address + path, path) for path in press.answers]
        with database.session() as session:
            sources.synchronise(session, entries)
        crawl = {**POLITE, "follow_articles": False, "round_seconds": 250}
        counts = collect_once(database_url=str(database.url), folder=tmp_path, crawl=crawl)
    assert counts["sources_done"] == len(entries) > 2000
    log = (tmp_path / "crawl.log").read_text("utf-8", "replace")
    assert "Traceback" not in log
    with database.session() as session:
        read_all = list(session.scalars(select(Source)))
        assert all(source.fetched_at for source in read_all)
        assert sum(bool(source.error) for source in read_all) >= 50
        assert (session.scalar(select(func.count(Document.id))) or 0) >= 400
        assert documents.count_in_state(session, "announced") == 0
