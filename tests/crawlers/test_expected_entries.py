"""The entries of feeds in the wild, against what feed-rs expects of them, or what their own elements say."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urljoin

import pytest
from lxml import etree

from crawlers.addresses import canonical
from crawlers.feed_text import plain_text, sane_date
from crawlers.feeds import Feed, read
from tests.support.data import needs

NOW = datetime(2026, 11, 25, tzinfo=UTC)
URL = "https://presse.example/feed"


@dataclass(frozen=True)
class Expected:
    """An entry as it should be: by any of its links and dates; no title or no date means that there is none."""

    links: frozenset[str]
    title: str
    dates: frozenset[datetime]


def links_of(addresses: Iterator[str], base: str = URL) -> frozenset[str]:
    found = (canonical(urljoin(base, address.strip())) for address in addresses)
    return frozenset(address for address in found if address)


def by_feed_rs(file: Path) -> Iterator[Expected]:
    """What feed-rs's own tests expect."""
    for entry in json.loads(file.read_text("utf-8"))["entries"]:
        kept = (
            link["href"]
            for link in entry["links"]
            if (link["rel"] or "alternate") == "alternate" and "html" in (link["media_type"] or "html")
        )
        said = (entry.get("published"), entry.get("updated"))
        dates = {datetime.fromisoformat(one.replace("Z", "+00:00")).replace(microsecond=0) for one in said if one}
        title = (entry.get("title") or {}).get("content") or ""
        yield Expected(links_of(kept), title, frozenset(one for one in dates if sane_date(one, NOW)))


def _date(text: str) -> datetime | None:
    for way in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = way(text.strip())
        except (ValueError, TypeError):
            continue
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC).replace(microsecond=0)
    return None


def by_its_elements(body: bytes) -> Iterator[Expected]:
    """What the elements of a well-formed feed say, read by their names alone."""
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    for item in root.iter("{*}item", "{*}entry"):
        said = [(etree.QName(child).localname, child) for child in item if isinstance(child.tag, str)]
        links = (child.get("href") or child.text or "" for name, child in said if name == "link")
        dates = (_date(child.text or "") for name, child in said if name in ("pubDate", "published", "updated", "date"))
        title = next(
            (html.unescape("".join(map(str, child.itertext()))) for name, child in said if name == "title"), ""
        )
        yield Expected(links_of(links), title, frozenset(one for one in dates if one and sane_date(one, NOW)))


def faults(expected: Iterator[Expected], found: Feed) -> tuple[int, list[str]]:
    """How many entries with an address were expected, and what is wrong with those that are not as expected."""
    by_url = {entry.url: entry for entry in found.entries}
    wanted = [one for one in expected if one.links]
    wrong: list[str] = []
    for one in wanted:
        entry = next((by_url[link] for link in one.links if link in by_url), None)
        if entry is None:
            wrong.append(f"missing: {sorted(one.links)[0]}")
        elif one.title.strip() and entry.title != plain_text(one.title, 500):
            wrong.append(f"title: {entry.title!r}, not {one.title!r}")
        elif one.dates and entry.published_at not in one.dates:
            wrong.append(f"date: {entry.published_at} of {entry.url}")
    return len(wanted), wrong


def check(cases: Iterator[tuple[bytes, Iterator[Expected]]], at_least: int) -> None:
    total, wrong = 0, list[str]()
    for body, expected in cases:
        number, faulty = faults(expected, read(body, url=URL, content_type="", now=NOW, limit=5000))
        total += number
        wrong += faulty
    assert total >= at_least
    assert len(wrong) <= total / 100, wrong


def test_the_entries_of_feed_rs_are_as_its_tests_expect() -> None:
    files = sorted(needs("feeds", "feedrs").rglob("*.serde.json"))
    pairs = (
        (file.with_name(file.name.replace(".serde.json", end)), file) for file in files for end in (".xml", ".json")
    )
    check(((source.read_bytes(), by_feed_rs(file)) for source, file in pairs if source.exists()), 90)


@pytest.mark.parametrize(("name", "at_least"), [("miniflux", 200), ("real/lemon24", 4), ("real/mediacloud", 260)])
def test_the_entries_of_other_readers_tests_are_as_their_elements_say(name: str, at_least: int) -> None:
    files = sorted(
        file for file in needs("feeds", *name.split("/")).rglob("*") if file.suffix in (".xml", ".rss", ".atom")
    )
    check(((body, by_its_elements(body)) for body in well_formed(files)), at_least)


def well_formed(files: list[Path]) -> Iterator[bytes]:
    for file in files:
        body = file.read_bytes()
        try:
            etree.fromstring(body)
        except etree.XMLSyntaxError:
            continue
        yield body
