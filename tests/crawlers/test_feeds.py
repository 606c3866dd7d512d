from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.addresses import canonical
from crawlers.feed_text import plain_text
from crawlers.feeds import read
from crawlers.reading import kind_of

NOW = datetime(2026, 3, 2, tzinfo=UTC)
BASE = "https://gazette.example/flux/"


def rss(items: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


def titles(body: bytes) -> list[str]:
    return [entry.title for entry in read(body, url=BASE, content_type="", now=NOW).entries]


def test_an_entry_has_an_absolute_address_a_plain_title_and_an_aware_date() -> None:
    body = rss(
        "<item><title>Moulins &amp;amp; Cie s&amp;#8217;agrandit</title><link>../a?utm_source=x&amp;id=3#top</link>"
        "<description>&lt;p&gt;Deux &lt;b&gt;lignes&lt;/b&gt;.&lt;/p&gt;</description>"
        "<pubDate>Mon, 02 Feb 2026 09:00:00 +0100</pubDate></item>"
    )
    (entry,) = read(body, url=BASE, content_type="text/html; charset=utf-8", now=NOW).entries
    assert entry.url == "https://gazette.example/a?id=3"
    assert entry.title == "Moulins & Cie s’agrandit"
    assert entry.summary == "Deux lignes."
    assert entry.published_at == datetime(2026, 2, 2, 8, tzinfo=UTC)


def test_the_article_is_the_alternate_html_link_of_an_atom_entry() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Un</title>
    <link rel="replies" href="/a/comments"/><link rel="Alternate" type="application/pdf" href="/a.pdf"/>
    <link type="text/html" href="/a.html"/><link rel="enclosure" href="/a.mp3"/></entry></feed>"""
    (entry,) = read(body, url=BASE, content_type="", now=NOW).entries
    assert entry.url == "https://gazette.example/a.html"


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ('<link rel="self" href="/a.atom"/>', "a.atom"),
        ('<link rel="enclosure" type="audio/mpeg" href="/a.mp3"/><link rel="via" href="/v"/>', "v"),
        ('<link rel="related" href="/r"/><link rel="edit" href="/e"/>', "r"),
        ('<link rel="enclosure" type="application/pdf" href="/a.pdf"/>', "a.pdf"),
        ('<link rel="self" href="/s"/><link rel="alternate" type="application/pdf" href="/a.pdf"/>', "a.pdf"),
        ('<id>https://gazette.example/i</id><link rel="self" href="/s"/>', "i"),
        ('<id>tag:gazette.example,2026:1</id><link rel="related" href="mailto:a@b.example"/>', None),
    ],
)
def test_an_atom_entry_without_a_link_to_its_page_has_the_next_best(links: str, found: str | None) -> None:
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Un</title>{links}</entry></feed>'.encode()
    entries = read(body, url=BASE, content_type="", now=NOW).entries
    assert [one.url for one in entries] == ([f"https://gazette.example/{found}"] if found else [])


_CAPTION = '<media:content url="/a.jpg"><media:title>Vue du port</media:title></media:content>'
_SUBJECT = "<dc:title>Emploi</dc:title>"


@pytest.mark.parametrize(
    ("elements", "title"),
    [
        (f"{_SUBJECT}<title>La corderie recrute</title>", "La corderie recrute"),
        (f"<title>La corderie recrute</title>{_SUBJECT}", "La corderie recrute"),
        (f"{_CAPTION}<media:title>Photo</media:title><title>La corderie recrute</title>", "La corderie recrute"),
        (f"<title>La corderie recrute</title>{_CAPTION}<media:title>Photo</media:title>", "La corderie recrute"),
        (f"{_CAPTION}<description>Un port.</description>", "Un port."),
        (_SUBJECT, "Emploi"),
    ],
)
@pytest.mark.parametrize("end", ["</channel></rss>", "</channel>"])
def test_the_title_is_that_of_the_feed_itself(elements: str, title: str, end: str) -> None:
    names = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    body = f"<rss version='2.0' {names}><channel><item>{elements}<link>/a</link></item>{end}".encode()
    assert titles(body) == [title]


def test_one_guid_for_all_does_not_lose_articles() -> None:
    body = rss("".join(f"<item><guid>x</guid><title>{n}</title><link>/n/{n}</link></item>" for n in range(9)))
    assert len(titles(body)) == 9


def test_an_entry_without_a_title_is_kept_for_its_page_to_name() -> None:
    assert titles(rss("<item><link>/1</link></item><item><link>/2</link><description>Deux</description></item>")) == [
        "",
        "Deux",
    ]


@pytest.mark.parametrize("date", ["Sat, 15 Mar 2031 09:00:00 +0100", "Thu, 01 Jan 1970 00:00:00 GMT", "bientôt", ""])
def test_an_impossible_date_is_unknown_and_the_article_is_kept(date: str) -> None:
    body = rss(f"<item><title>Un</title><link>/1</link><pubDate>{date}</pubDate></item>")
    (entry,) = read(body, url=BASE, content_type="", now=NOW).entries
    assert entry.published_at is None


@pytest.mark.parametrize("body", [b"", b"  ", b"<html><body>Bonjour</body></html>", b"\x00\xff\x00", b'{"a": 1}'])
def test_what_is_no_feed_is_said_in_words(body: bytes) -> None:
    feed = read(body, url=BASE, content_type="text/html", now=NOW)
    assert feed.entries == ()
    assert feed.error


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ("Tue, 24 Feb 2026 23:30:00 CET", 22),
        ("mar., 24 juin 2025 23:30:00 CEST", 21),
        ("Tue, 24 Feb 2026 18:30:00 EST", 23),
        ("20260224T093000Z", 9),
        ("Tue, 24 Feb 2026 10:30:00", 10),
    ],
)
def test_an_hour_is_that_of_its_zone(said: str, hour: int) -> None:
    body = rss(f"<item><title>T</title><link>/a</link><pubDate>{said}</pubDate></item>")
    (entry,) = read(body, url=BASE, content_type="", now=NOW).entries
    assert entry.published_at is not None
    found = entry.published_at.astimezone(UTC)
    assert (found.hour, found.minute) == (hour, 30)


def test_an_ampersand_of_its_own_is_one() -> None:
    listed = "<item><title>R&D : AT&T &amp; l&#8217;&eacute;t&eacute;</title><link>/a?x=1&y=2</link></item>"
    listed += "<item><title><![CDATA[Recherche & R&D]]></title><link><![CDATA[/b?x=1&y=2]]></link></item>"
    entries = read(rss(listed), url=BASE, content_type="", now=NOW).entries
    found = [(entry.url.rpartition("/")[2], entry.title) for entry in entries]
    assert found == [("a?x=1&y=2", "R&D : AT&T & l’été"), ("b?x=1&y=2", "Recherche & R&D")]


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("<link/><guid>https://s.example/a</guid>", "https://s.example/a"),
        ('<guid isPermaLink="false">https://s.example/a</guid>', "https://s.example/a"),
        ("<link>www.s.example/a</link>", "https://www.s.example/a"),
        ("<link>feeds.example/a</link>", "https://feeds.example/a"),
        ("<link>//s.example/a</link>", "https://s.example/a"),
    ],
)
def test_an_address_is_found_where_a_feed_has_it(said: str, address: str) -> None:
    body = rss(f"<item><title>T</title>{said}</item>")
    (entry,) = read(body, url="https://feeds.example/eco/rss", content_type="", now=NOW).entries
    assert entry.url == address


def test_entities_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    body = bomb + b"<rss version='2.0'><channel><item><title>x &b; &f;</title><link>/1</link></item></channel></rss>"
    assert not any("aaaa" in title or "root:" in title for title in titles(body))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("https://www.google.com/url?rct=j&url=https://nord.example/a%3Fid%3D5&ct=ga", "https://nord.example/a?id=5"),
        ("https://www.google.com/url?url=file:///etc/hostname", None),
        ("HTTP://Nord.Example:80/A?b=1&a=2&utm_medium=rss&fbclid=z#x", "http://nord.example/A?b=1&a=2"),
        ("javascript:alert(1)", None),
        ("https://user:secret@nord.example/", None),
        ("http://[::1/", None),
        ("https://nord.example/été", "https://nord.example/%C3%A9t%C3%A9"),
        ("https://nord.example/? #", "https://nord.example/"),
        ("https://nord.example/?a=1 &utm_source=x#y", "https://nord.example/?a=1"),
        ("https://nord.example/? utm_source=x&a=1", "https://nord.example/?a=1"),
    ],
)
def test_an_article_has_one_address(given: str, wanted: str | None) -> None:
    assert canonical(given) == wanted


@given(st.binary(max_size=300))
def test_no_bytes_raise(body: bytes) -> None:
    read(b"<rss version='2.0'><channel><item><title>" + body, url=BASE, content_type="text/xml", now=NOW)


@given(st.text())
def test_an_address_is_canonical_once(text: str) -> None:
    once = canonical("https://a.example/" + text)
    assert once is None or canonical(once) == once


def test_a_lone_less_than_sign_survives() -> None:
    assert plain_text("3 &lt; 5 et <b>2</b>") == "3 < 5 et 2"
    assert plain_text("a&lt;b et c&gt;d &lt;script src='x'&gt;alert(1)&lt;/script&gt;") == "a<b et c>d"


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("<ttl>120</ttl>", 120),
        ("<ttl> </ttl>", None),
        ("<ttl>99999999999999999999</ttl>", 365 * 24 * 60),
        ("<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 30),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 1440),
        ("<sy:updatePeriod>sometimes</sy:updatePeriod>", None),
        ("", None),
    ],
)
def test_how_long_a_feed_says_that_it_may_be_kept(said: str, minutes: int | None) -> None:
    syndication = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    body = f"<rss version='2.0' {syndication}><channel><title>F</title>{said}</channel></rss>".encode()
    assert read(body, url="https://presse.example/feed", content_type="text/xml", now=NOW).ttl_minutes == minutes


def test_half_a_character_loses_nothing_but_itself() -> None:
    items = r"""{"id": "a\ud800", "url": "https://x.example/1", "title": "Velmora \ud83d ouvre",
        "content_text": "\udc00"},
        {"id": "b", "url": "https://x.example/2", "title": "Castelor \ud83c\udf41"}"""
    body = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "X", "items": [{items}]}}'
    found = read(body.encode(), url=BASE, content_type="application/json", now=NOW)
    assert [one.title for one in found.entries] == ["Velmora ouvre", "Castelor 🍁"]
    for one in found.entries:
        "".join((one.url, one.title, one.summary, one.feed_id or "")).encode()


def test_a_json_feed_is_read() -> None:
    items = [
        {"id": "1", "url": "/a", "title": "Une usine &amp; un four", "date_published": "2026-02-20T08:00:00+01:00"},
        {"id": "https://gazette.example/b", "content_html": "<p>Un <b>four</b>.</p>", "authors": [{"name": "Zoé"}, 7]},
        {"id": "3", "title": "Sans adresse"},
        {"id": 4, "url": "/c", "title": "Demain", "date_published": "2031-01-01", "date_modified": "2026-02-21"},
        "rien",
    ]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "G", "items": items}).encode()
    found = read(b"\xef\xbb\xbf" + body, url=BASE, content_type="application/json", now=NOW)
    assert [(one.url.rpartition("/")[2], one.title, one.author) for one in found.entries] == [
        ("a", "Une usine & un four", None),
        ("b", "Un four.", "Zoé"),
        ("c", "Demain", None),
    ]
    assert [one.published_at and one.published_at.astimezone(UTC).isoformat() for one in found.entries] == [
        "2026-02-20T07:00:00+00:00",
        None,
        "2026-02-21T00:00:00+00:00",
    ]
    assert kind_of(body, None) == "feed"
    for broken in (body[:-4], b'{"version": "https://jsonfeed.org/version/1", "items": {}}'):
        assert "JSON" in (read(broken, url=BASE, content_type="", now=NOW).error or "")


@pytest.mark.parametrize(
    ("body", "note"),
    [
        (rss("<item><title>A</title><link>/1</link></item>"), None),
        (rss("<item><title>A</title><link>/1</link></item>").replace(b"utf-8", b"iso-8859-1"), None),
        (rss("<item><title>A</title><link>/1</link></item>")[:-16], "its XML is not well-formed (line 1: "),
        (rss("<item><title>A &nbsp; B</title><link>/1</link></item>"), "undefined entity"),
        (rss("<item><title>A</title><link>/1</link></item><item><title>B</title></item>"), "1 of its 2 entries"),
        (json.dumps({"items": [{"url": "/1", "title": "A"}, {"title": "B"}]}).encode(), "1 of its 2 entries"),
    ],
)
def test_what_is_wrong_with_a_feed_that_could_be_read_is_noted(body: bytes, note: str | None) -> None:
    found = read(body, url=BASE, content_type="", now=NOW)
    assert [one.url for one in found.entries] == ["https://gazette.example/1"]
    assert (found.note is None) if note is None else (note in (found.note or ""))


@pytest.mark.parametrize(
    ("spoken", "source", "hour"),
    [("", None, 9), ("", "fr", 7), ("<language>fr-FR</language>", None, 7), ("<language>en-gb</language>", "fr", 8)],
)
@pytest.mark.parametrize("said", ["Sat, 18 Jul 2026 09:00:00", "2026-07-18T09:00:00", "18 juil. 2026 09:00"])
def test_hours_without_a_zone_are_those_of_the_feeds_country(
    spoken: str, source: str | None, hour: int, said: str
) -> None:
    body = rss(f"{spoken}<item><title>A</title><link>/1</link><pubDate>{said}</pubDate></item>")
    now = datetime(2026, 7, 20, tzinfo=UTC)
    found = read(body, url=BASE, content_type="", now=now, language=source)
    assert [one.published_at for one in found.entries] == [datetime(2026, 7, 18, hour, tzinfo=UTC)]
    told = {"language": "", "items": [{"url": "/1", "title": "A", "date_published": "2026-07-18T09:00:00"}]}
    (entry,) = read(json.dumps(told).encode(), url=BASE, content_type="", now=now, language="fr").entries
    assert entry.published_at == datetime(2026, 7, 18, 7, tzinfo=UTC)
