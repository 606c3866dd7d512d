from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.reading import feeds_named_by, kind_of, read, read_as_wished

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
        (b'{"results": [{"familleavis": "dpc"}]}', "feed", "register"),
        (b'[{"fields": {"familleavis": "dpc"}}]', None, "register"),
        (b'{"familleavis": "dpc"}\n{"familleavis": "dpc"}', None, "register"),
        (b'{"results": [{"title": "Une usine"}]}', None, "feed"),
        (b'{"error": "not found"}', None, "feed"),
        (b'{"error": "not found"}', "register", "register"),
        (b'{"version": "https:\\/\\/jsonfeed.org\\/version\\/1.1", "items": []}', None, "feed"),
        (
            b'{"items": [{"url": "/a"}], "description": "' + b"x" * 5000 + b'", "version": "https://jsonfeed.org"}',
            "register",
            "feed",
        ),
        (b"[" * 100_000, None, "feed"),
    ],
)
def test_what_a_body_shows_by_itself_counts_first(body: bytes, wished: str | None, kind: str) -> None:
    assert kind_of(body, wished) == kind


def test_the_feeds_that_a_page_names_are_found_those_of_comments_last() -> None:
    named = feeds_named_by(PAGE, url=URL, content_type="text/html")
    assert [address.partition(".example")[2] for address in named] == ["/feed.atom", "/comments/feed"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"error": "no such list"}', "it says 'no such list'"),
        (b'{"title": "T", "posts": []}', "its names are title, posts"),
        (b"[1, 2]", "a list of 2"),
        (b'{"items": [', "begins like JSON and cannot be read"),
        (b"[" * 100_000, "too many levels"),
        (b"%PDF-1.7 ...", "but a PDF"),
        (b"\x89PNG\r\n", "but a picture"),
        (b"Bonjour, le service est indisponible.", "but text"),
        (b"<?xml version='1.0'?><opml version='2.0'/>", "a list of feeds (OPML)"),
        (b"<?xml version='1.0'?><!-- x --><s:Envelope xmlns:s='urn:s'/>", "XML of another kind (<envelope>)"),
    ],
)
def test_what_is_no_feed_is_called_what_it_is(body: bytes, said: str) -> None:
    kind, found = read_as_wished(body, wished=None, url=URL, content_type="", now=NOW)
    assert kind == "feed"
    assert said in (found.error or "")


def test_a_json_feed_is_one_however_its_slashes_are_written_and_wherever_its_version_stands() -> None:
    item = '{"id": "1", "url": "https:\\/\\/a.example\\/1", "title": "Un bateau"}'
    for body in (
        f'{{"version": "https:\\/\\/jsonfeed.org\\/version\\/1.1", "items": [{item}]}}',
        f'{{"description": "{"x" * 5000}", "items": [{item}], "version": "https://jsonfeed.org/version/1.1"}}',
    ):
        kind, found = read_as_wished(body.encode(), wished=None, url=URL, content_type="", now=NOW)
        assert (kind, [one.url for one in found.entries]) == ("feed", ["https://a.example/1"])


def test_a_page_where_a_feed_was_expected_says_what_to_do() -> None:
    found = read(PAGE, kind="feed", url=URL, content_type="text/html", now=NOW)
    assert found.error == (
        "this is not an RSS or Atom feed but a page; it names the feed https://www.forges-amblard.example/feed.atom"
    )
    bare = read(b"<html><p>Bonjour</p></html>", kind="feed", url=URL, content_type="text/html", now=NOW)
    assert "kind newsroom" in (bare.error or "")
