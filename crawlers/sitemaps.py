"""Reading a sitemap: bytes in, addresses out. Never raises on hostile or broken input.

The formats are those of https://www.sitemaps.org/protocol.html (a set of addresses, an index of sitemaps, a plain list)
and of Google's news sitemaps, which say when an article was published. `lastmod` is when a page was last touched: it
orders the addresses and is never taken for the day of publication.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

from lxml import etree

from crawlers.addresses import absolute, canonical
from crawlers.day_words import iso_moment
from crawlers.feed_text import plain_text, sane_date
from crawlers.feeds import Feed
from crawlers.markup import xml_parser
from crawlers.zones import zone_of
from store.documents import Article

MOST_ADDRESSES = 50_000  # that one file may hold, by the protocol
_NEVER = datetime.min.replace(tzinfo=UTC)


def looks_like_index(body: bytes) -> bool:
    """Whether a body is XML whose root is that of an index of sitemaps."""
    return b"<sitemapindex" in body[:4096] or b":sitemapindex" in body[:4096]


def looks_like_sitemap(body: bytes) -> bool:
    """Whether a body is XML whose root is that of a sitemap, or of an index of them."""
    return looks_like_index(body) or b"<urlset" in body[:4096] or b":urlset" in body[:4096]


def _name(element: etree._Element) -> str:
    """The name without its namespace, or without its prefix where that was never declared."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def _children(element: etree._Element) -> dict[str, etree._Element]:
    """The children by their names, whatever namespace they were put in; the first of each."""
    named: dict[str, etree._Element] = {}
    for child in element:
        named.setdefault(_name(child), child)
    return named


def _text(element: etree._Element | None) -> str:
    return "" if element is None else "".join(str(part) for part in element.itertext())


def _address(element: etree._Element | None, base: str) -> str | None:
    return absolute(base, "".join(_text(element).split()))


def _article(
    element: etree._Element, base: str, now: datetime, language: str | None
) -> tuple[datetime, Article] | None:
    """An address with the date that orders it: when it was published, else when it was last touched."""
    said = _children(element)
    address = _address(said.get("loc"), base)
    if address is None:
        return None
    news = _children(said["news"]) if "news" in said else {}
    spoken = _text(_children(news["publication"]).get("language")) if "publication" in news else ""
    zone = zone_of(base, spoken, language)
    published = sane_date(iso_moment(_text(news.get("publication_date")), zone), now)
    touched = sane_date(iso_moment(_text(said.get("lastmod")), zone), now)
    title = plain_text(_text(news.get("title")), 500)
    return published or touched or _NEVER, Article(address, title, published_at=published)


def read(body: bytes, *, url: str, now: datetime, language: str | None = None) -> Feed:
    """The addresses of a sitemap, newest first, and the further sitemaps of an index, newest first.

    Hours without a zone are of the country of the site, or of the language of the source. Raises nothing: a body that
    is no sitemap gives `error`.
    """
    lines = body[: 200 * MOST_ADDRESSES].split()
    if lines and all(line.startswith((b"http://", b"https://")) for line in lines):
        addresses = (canonical(line.decode("utf-8", "replace")) for line in lines[:MOST_ADDRESSES])
        return Feed(tuple(Article(address, "") for address in dict.fromkeys(addresses) if address))
    try:
        root = etree.fromstring(body, xml_parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        return Feed((), f"this is not a sitemap ({error})"[:300])
    kind = _name(root) if root is not None else ""
    if kind not in ("urlset", "sitemapindex"):
        return Feed((), "this is not a sitemap")
    found: dict[str, tuple[datetime, Article]] = {}
    for element in islice(root, MOST_ADDRESSES):
        if _name(element) == ("url" if kind == "urlset" else "sitemap"):
            dated = _article(element, url, now, language)
            if dated is not None:
                found.setdefault(dated[1].url, dated)
    newest = [article for _, article in sorted(found.values(), key=lambda dated: dated[0], reverse=True)]
    if kind == "sitemapindex":
        return Feed((), more=tuple(article.url for article in newest))
    return Feed(tuple(newest))
