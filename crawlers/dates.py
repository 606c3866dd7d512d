"""When a page was published, from what the page itself says, with where it says so. Pure.

In this order: structured data (schema.org as JSON-LD), `meta` and `time` elements, the address, the words beside the
headline. A date in the future, or from before the web, is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Literal
from urllib.parse import urlsplit

from lxml import etree

from crawlers.day_words import days_in, iso_moment
from crawlers.encodings import from_json
from crawlers.feed_text import sane_date
from crawlers.zones import zone_of

Where = Literal["jsonld", "meta", "url", "text", "guess"]
_META = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "datepublished",
    "date_published",
    "publish-date",
    "publishdate",
    "publication_date",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "article.published",
    "originalpublicationdate",
    "article_date_original",
    "date",
)
_ARTICLES = ("article", "posting", "report", "webpage")  # what ends a type of schema.org that is published
_IN_ADDRESS = (
    re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/_.-]|$)"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(20[0-4]\d)(\d\d)(\d\d)(?!\d)"),
)
_DATED = re.compile(r"date|time|publi|posted|meta|byline|signature|auth?or|auteur|entete|header", re.IGNORECASE)
_PUBLISHED = re.compile(r"\b(?:publi(?:é|ée|e|ed|shed)|mise? en ligne|paru|posted|créé|created)\b", re.IGNORECASE)
_CHANGED = re.compile(r"\b(?:mis(?:e)? à jour|modifi|actualis|updated|modified|edited|last change)", re.IGNORECASE)
_NO_LINES = {"script", "style", "noscript", "template", "a", "option", "button"}
_INLINE = {"a", "abbr", "b", "br", "em", "font", "i", "img", "small", "span", "strong", "sup", "svg", "time", "u"}
_SAYS_SO, _DATED_ELEMENT = 0, 1  # how likely a line is to say the day
_LONGEST_LINE = 200  # characters of what stands beside a headline; more is text of the article


@dataclass(frozen=True)
class Dated:
    """When a page was published, in the zone of who did, and where it says so; midnight UTC without an hour."""

    at: datetime
    where: Where


def moment(text: str, zone: tzinfo) -> datetime | None:
    """A date of ISO 8601, in the zone where it is published; one that says no zone is of the one given."""
    plain = text.strip().replace(" UTC", "Z").replace(" GMT", "Z")
    return iso_moment(re.sub(r"\s+(?=[+-]\d\d:?\d\d$|Z$)", "", plain), zone)


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Every object within a value of JSON, the outer ones first."""
    if depth > 20:
        return
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _objects(one, depth + 1)


def _is_article(thing: dict[str, Any]) -> bool:
    kinds = thing.get("@type")
    return any(str(kind).lower().endswith(_ARTICLES) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def structured(root: etree._Element) -> list[dict[str, Any]]:
    """The articles of schema.org that a page describes as JSON-LD."""
    found: list[dict[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            try:
                found += filter(_is_article, _objects(from_json(script.text or "")))
            except (ValueError, RecursionError):
                continue
    return found


def _said_by_meta(root: etree._Element) -> Iterator[str]:
    named: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        named.setdefault(name.lower().strip(), meta.get("content") or "")
    yield from (named[name] for name in _META if name in named)
    for element in root.iter(etree.Element):
        if element.get("itemprop") == "datePublished" and element.tag != "meta":
            yield element.get("datetime") or element.get("content") or ""
    for element in root.iter("time"):
        told = f"{element.get('class', '')} {element.get('itemprop', '')}".lower()
        if element.get("pubdate") is not None or "publi" in told or "entry-date" in told.split():
            yield element.get("datetime") or ""


def _in_address(url: str) -> Iterator[datetime]:
    path = urlsplit(url).path
    for pattern in _IN_ADDRESS:
        for found in pattern.finditer(path):
            try:
                yield datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC)
            except ValueError:
                continue


def _is_line(element: etree._Element) -> bool:
    """Whether an element may hold a line of words: it has no blocks in it."""
    return element.tag not in _NO_LINES and all(
        inner.tag in _INLINE for inner in element.iter(etree.Element) if inner is not element
    )


@dataclass(order=True)
class _Line:
    """A line of words that may say the day: the likelier the lower, in the order of the page.

    `is_told`: its element is named as one that is dated.
    """

    worth: int
    place: int
    text: str
    is_told: bool
    moments: tuple[str, ...]


def _lines(root: etree._Element) -> Iterator[_Line]:
    """What may say the day, the likeliest first: lines that say so, then dated elements and others by the headline.

    After the first paragraph come the dates of other articles. Where the headline's article says nothing, the day may
    stand in front of it.
    """
    headline = next(iter(root.iter("h1")), None)
    inner = root if headline is None else next(headline.iterancestors("article", "main", "body"), root)
    yield from sorted(_within(inner, headline))
    if inner is not root:
        yield from sorted(_above(root, inner), key=lambda line: (line.worth, -line.place))


def _within(scope: etree._Element, headline: etree._Element | None) -> Iterator[_Line]:
    seen, passed = headline is None, False
    for place, element in enumerate(scope.iter(etree.Element)):
        seen = seen or element is headline
        if not _is_line(element):
            continue
        text = _words(element)
        passed = passed or (seen and len(text) > _LONGEST_LINE)
        line = _line(element, text, place)
        if line and (line.worth == _SAYS_SO or (not passed and (line.is_told or seen))):
            yield line


def _above(root: etree._Element, article: etree._Element) -> Iterator[_Line]:
    """The lines that say the day or are dated, in front of an article and in no other part of the page."""
    for place, element in enumerate(root.iter(etree.Element)):
        if element is article:
            return
        if not _is_line(element) or any(True for _ in element.iterancestors("nav", "aside", "footer", "article", "li")):
            continue
        line = _line(element, _words(element), place)
        if line and line.worth in (_SAYS_SO, _DATED_ELEMENT):
            yield line


def _words(element: etree._Element) -> str:
    return " ".join(" ".join(str(part) for part in element.itertext()).split())


def _line(element: etree._Element, text: str, place: int) -> _Line | None:
    if not text or len(text) > _LONGEST_LINE:
        return None
    said = _PUBLISHED.search(text)
    is_told = bool(_DATED.search(f"{element.tag} {element.get('class', '')} {element.get('id', '')}"))
    worth = _SAYS_SO if said else 3 if _CHANGED.search(text) else _DATED_ELEMENT if is_told else 2
    moments = tuple(time.get("datetime") or "" for time in element.iter("time"))
    return _Line(worth, place, text[said.start() :] if said else text, is_told, moments if len(moments) == 1 else ())


def _in_words(root: etree._Element, zone: tzinfo, now: datetime) -> Iterator[datetime]:
    for line in _lines(root):
        for said in line.moments:
            if (at := moment(said, zone)) is not None:
                yield at
        yield from days_in(line.text, zone)


def published(root: etree._Element, url: str, now: datetime) -> Dated | None:
    """When the page says that it was published; None when it does not say so, or only what cannot be."""
    zone = zone_of(url, next((one.get("lang") for one in root.iter("html")), None))
    ways: tuple[tuple[Where, Iterable[datetime | None]], ...] = (
        ("jsonld", (moment(str(one.get("datePublished") or ""), zone) for one in structured(root))),
        ("meta", (moment(said, zone) for said in _said_by_meta(root))),
        ("url", _in_address(url)),
        ("text", _in_words(root, zone, now)),
    )
    for where, dates in ways:
        found = next((one for one in dates if sane_date(one, now) is not None), None)
        if found is not None:
            return Dated(found, where)
    return None
