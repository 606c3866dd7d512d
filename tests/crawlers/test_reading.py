from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.reading import feeds_named_by, kind_of, read

NOW = datetime(2026, 11, 25, tzinfo=UTC)
URL = "https://www.forges-amblard.example/presse"
PAGE = b"""\xef\xbb\xbf<!-- x --><!DOCTYPE html><html><head>
<link rel="alternate" type="application/rss+xml" href="/comments/feed" title="Comments">
<link rel="Alternate stylesheet" type="text/css" href="x.css"><link rel="alternate"
type="application/atom+xml; charset=utf-8" href="feed.atom"></head><body><a href="/presse/usine">Une usine de plus
&agrave; Firminy</a></body></html>"""


@pytest.mark.parametrize(
    ("body", "wished", "kind"),
    [
        (b"<rss version='2.0'/>", None, "feed"),
        (b"<rss version='2.0'/>", "newsroom", "feed"),
        (PAGE, None, "feed"),
        (PAGE, "newsroom", "newsroom"),
        (b"<?xml version='1.0'?><urlset/>", "feed", "sitemap"),
        (b"https://a.example/1", "sitemap", "sitemap"),
        (b'{"results": []}', None, "register"),
    ],
)
def test_what_a_body_shows_by_itself_counts_first(body: bytes, wished: str | None, kind: str) -> None:
    assert kind_of(body, wished) == kind


def test_the_feeds_that_a_page_names_are_found_those_of_comments_last() -> None:
    named = feeds_named_by(PAGE, url=URL, content_type="text/html")
    assert [address.partition(".example")[2] for address in named] == ["/feed.atom", "/comments/feed"]


def test_a_page_where_a_feed_was_expected_says_what_to_do() -> None:
    found = read(PAGE, kind="feed", url=URL, content_type="text/html", now=NOW)
    assert found.error == (
        "this is not an RSS or Atom feed but a page; it names the feed https://www.forges-amblard.example/feed.atom"
    )
    bare = read(b"<html><p>Bonjour</p></html>", kind="feed", url=URL, content_type="text/html", now=NOW)
    assert "kind newsroom" in (bare.error or "")
