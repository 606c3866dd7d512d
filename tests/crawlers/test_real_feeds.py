from __future__ import annotations

import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from crawlers.feeds import read
from tests.support.data import needs

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
