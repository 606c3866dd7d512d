from __future__ import annotations

import gzip
from datetime import UTC, datetime

from crawlers.files import unpacked
from crawlers.sitemaps import looks_like_sitemap, read

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOME = "https://presse.forges-amblard.example/plan.xml"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def urlset(*urls: str, namespaces: str = f'xmlns="{SITEMAP}" xmlns:news="{NEWS}"') -> bytes:
    return f"<?xml version='1.0'?><urlset {namespaces}>{''.join(f'<url>{url}</url>' for url in urls)}</urlset>".encode()


def test_the_date_of_a_news_sitemap_is_that_of_publication_and_lastmod_is_none() -> None:
    body = urlset(
        "<loc>/cp/logo</loc><lastmod>2026-11-01</lastmod>",
        "<loc>\n  /cp/usine?rub=rh&amp;page=1\n</loc><news:news><news:publication_date>2026-11-20T07:30:00+01:00"
        "</news:publication_date><news:title>Une usine &amp;agrave; Firminy</news:title></news:news>",
        "<loc>/cp/jour</loc><news:news><news:publication_date>2026-11-19</news:publication_date></news:news>",
        "<loc>/cp/sans</loc><lastmod></lastmod>",
    )
    feed = read(body, url=HOME, now=NOW)
    assert [(entry.url.partition("/cp/")[2], entry.title, entry.published_at) for entry in feed.entries] == [
        ("usine?rub=rh&page=1", "Une usine à Firminy", datetime(2026, 11, 20, 6, 30, tzinfo=UTC)),
        ("jour", "", datetime(2026, 11, 19, tzinfo=UTC)),
        ("logo", "", None),
        ("sans", "", None),
    ]


def test_pictures_are_not_articles_and_namespaces_may_be_wrong_or_missing() -> None:
    picture = "<loc>/a</loc><image:image><image:loc>/a.jpg</image:loc></image:image>"
    for namespaces in (f'xmlns="{SITEMAP}/" xmlns:image="x"', 'xmlns:image="x"', ""):
        body = urlset(picture, namespaces=namespaces)
        assert [entry.url for entry in read(body, url=HOME, now=NOW).entries] == [HOME.replace("plan.xml", "a")]


def test_an_index_names_its_sitemaps_newest_first() -> None:
    entries = "<sitemap><loc> /1.xml </loc></sitemap><sitemap><loc>/2.xml</loc><lastmod>2026-11-24</lastmod></sitemap>"
    feed = read(f"<sitemapindex xmlns='{SITEMAP}'>{entries}</sitemapindex>".encode(), url=HOME, now=NOW)
    assert [address.rpartition("/")[2] for address in feed.more] == ["2.xml", "1.xml"]
    assert (feed.entries, feed.error) == ((), None)


def test_packed_files_and_plain_lists_are_read() -> None:
    body = urlset("<loc>https://a.example/1</loc>")
    assert looks_like_sitemap(body)
    packed = unpacked(gzip.compress(body))
    assert [entry.url for entry in read(packed, url=HOME, now=NOW).entries] == ["https://a.example/1"]
    assert unpacked(gzip.compress(body)[:60]) == gzip.compress(body)[:60]
    plain = read(b"https://a.example/1\nhttps://a.example/2?utm_source=x\n", url=HOME, now=NOW)
    assert [entry.url for entry in plain.entries] == ["https://a.example/1", "https://a.example/2"]


def test_what_is_no_sitemap_is_named() -> None:
    bomb = b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><urlset><url><loc>http://a.example/&b;</loc></url></urlset>"
    for body in (b"", b"<html><body>Bonjour</body></html>", b"\x1f\x8b broken", b"\x00" * 50):
        feed = read(body, url=HOME, now=NOW)
        assert (feed.error or "").startswith("this is not a sitemap"), body
    assert all("aaaa" not in entry.url for entry in read(bomb, url=HOME, now=NOW).entries)


def test_a_date_that_no_calendar_has_in_utc_is_none() -> None:
    for date in ("0001-01-01T00:00:00+10:00", "9999-12-31T23:00:00-10:00"):
        body = urlset(f"<loc>/a</loc><lastmod>{date}</lastmod>")
        assert [entry.published_at for entry in read(body, url=HOME, now=NOW).entries] == [None]
