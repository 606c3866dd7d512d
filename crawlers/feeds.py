"""Reading a feed: bytes in, entries out. Never raises on hostile or broken input."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import urljoin
from xml.sax import SAXException, SAXParseException

import feedparser
from feedparser.api import LooseFeedParser, StrictFeedParser

from crawlers import json_feeds, parts
from crawlers.addresses import absolute_part
from crawlers.day_words import exact_moment, in_place, moment_of
from crawlers.encodings import to_text
from crawlers.feed_text import plain_text, sane_date
from crawlers.zones import zone_of
from store.documents import Article

_LONGEST_TTL = 365 * 24 * 60
_BARE = re.compile(r"<!\[CDATA\[.*?\]\]>|&(?!#\d+;|#x[\da-f]+;|[a-z][a-z\d]*;)", re.DOTALL | re.IGNORECASE)
"""A section of any signs, or an ampersand that begins no entity: feedparser would read one into `R&D`."""
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": _LONGEST_TTL}  # in minutes


_OTHER_LINKS = ("", "self", "via", "related", "enclosure")
"""Where an entry's article may be when no link says that it is its page, the likeliest first (RFC 4287, 4.2.7.2)."""


def _apart(element: str) -> None:
    """Let feedparser keep an element under its own name, which it takes for the `title` of what holds it."""
    for parser in (StrictFeedParser, LooseFeedParser):
        setattr(parser, f"_start_{element}", lambda self, _: self.push(element, True))
        setattr(parser, f"_end_{element}", lambda self: self.pop(element))


for _element in ("dc_title", "media_title"):  # the subject of a collection, the caption of a picture
    _apart(_element)


@dataclass(frozen=True)
class Feed:
    """What was read; `error` says in words why there are no entries, when the body is not a feed.

    `note` says what is wrong with one that was read, and may lack entries. `more` are the addresses where the rest is
    to be read, `ttl_minutes` how long the feed says that it may be kept.
    """

    entries: tuple[Article, ...]
    error: str | None = None
    note: str | None = None
    more: tuple[str, ...] = ()
    ttl_minutes: int | None = None


def _date(entry: Any, now: datetime, zone: tzinfo, *keys: str) -> datetime | None:
    """The first of an entry's dates of these names, unless none can be one of publication.

    feedparser misses some, and takes the hour of zones that it does not know, or that are not said, for that of UTC.
    """
    for key in keys:
        if key not in entry:
            continue
        parsed = entry[f"{key}_parsed"] if f"{key}_parsed" in entry else None  # noqa: SIM401 (get() warns)
        moment = exact_moment(str(entry[key]), zone)
        try:
            if moment is None and parsed:
                moment = in_place(datetime.fromtimestamp(calendar.timegm(parsed), UTC), zone)
        except (ValueError, OverflowError, OSError, TypeError):
            continue
        moment = moment or moment_of(str(entry[key]), zone)
        if moment is not None:
            return sane_date(moment.replace(microsecond=0), now)
    return None


def _absolute(base: str, link: Any) -> str | None:
    """A link as it stood in the feed, of which feedparser makes an address even where its scheme is forgotten."""
    return absolute_part(base, str(link or "").removeprefix(urljoin(base, ".")) or link)


def _address(entry: Any, base: str) -> str | None:
    """Where the article is: a link to a page, its name if that is an address, or another link."""
    links = [(str(one.get("rel", "alternate")).lower(), one) for one in entry.get("links", ()) if one.get("href")]
    for rel, link in links:
        if rel == "alternate" and "html" in str(link.get("type") or "text/html"):
            return _absolute(base, link["href"])
    name = str(entry.get("id") or "").strip()
    named = entry.get("link") or (name if name.startswith(("https://", "http://")) else None)
    others = [link["href"] for wanted in ("alternate", *_OTHER_LINKS) for rel, link in links if rel == wanted]
    return next((found for one in (named, *others) if (found := _absolute(base, one))), None)


def _title(raw: Any) -> str:
    """The title of an entry, without the paper that an aggregator puts after it (`title - paper`)."""
    title = plain_text(str(raw.get("title") or raw.get("dc_title") or ""), 500)
    paper = plain_text(str((raw.get("source") or {}).get("title") or ""), 200)
    return title.removesuffix(f" - {paper}") if paper else title


def _entry(raw: Any, base: str, now: datetime, zone: tzinfo) -> Article | None:
    address = _address(raw, base)
    if address is None:
        return None
    content = raw.get("content") or [{}]
    summary = plain_text(str(raw.get("summary") or content[0].get("value") or ""))
    title = _title(raw) or summary[:120]  # without either, the page's own
    author = plain_text(str(raw.get("author") or ""), 200) or None
    called = str(raw.get("id") or "").strip()[: json_feeds.LONGEST_ID] or None
    published = _date(raw, now, zone, "published", "updated", "created")
    updated = _date(raw, now, zone, "updated")
    return Article(address, title, summary, author, published, feed_id=called, updated_at=updated)


def _ttl(channel: Any) -> int | None:
    """Minutes that a feed may be kept: `ttl` of RSS 2.0, or the period of the syndication module of RSS 1.0."""
    try:
        if "ttl" in channel:
            return max(0, min(int(channel["ttl"]), _LONGEST_TTL))
        period = _PERIODS.get(str(channel.get("sy_updateperiod", "")).strip().lower())
        return None if period is None else round(period / max(1, int(channel.get("sy_updatefrequency") or 1)))
    except (ValueError, OverflowError):
        return None


def read(
    body: bytes, *, url: str, content_type: str, now: datetime, language: str | None = None, limit: int = 500
) -> Feed:
    """The entries of an RSS, RDF, Atom or JSON feed, first `limit` of them, one an address.

    `url` is the base of relative addresses; `language`, that of the source, counts for the zone of hours where the
    feed says none of its own. Raises nothing: a body that is no feed gives `error`.
    """
    if not body.strip():
        return Feed((), "the server sent an empty body")
    if json_feeds.begins(body):
        listed = json_feeds.entries(body, url, now, language)
        return Feed((), listed) if isinstance(listed, str) else _once(listed[0][:limit], note=listed[1])
    text = _BARE.sub(lambda found: found[0] if len(found[0]) > 1 else "&amp;", to_text(body, content_type))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        parsed = feedparser.parse(text.encode("utf-8", "replace"), response_headers=headers, sanitize_html=False)
    except Exception as error:  # feedparser hands through what its decoders and parsers raise
        return Feed((), f"the feed cannot be read ({type(error).__name__})")
    if not parsed.get("version") and not parsed.entries:
        cause = parsed.get("bozo_exception")
        return Feed(
            (), f"this is not an RSS or Atom feed ({cause})"[:300] if cause else "this is not an RSS or Atom feed"
        )
    listed, channel = parsed.entries[:limit], parsed.get("feed") or {}
    zone = zone_of(url, str(channel.get("language") or ""), language)
    found = [entry for entry in (_entry(raw, url, now, zone) for raw in listed) if entry]
    notes = _malformed(parsed), json_feeds.without_address(len(listed) - len(found), len(listed))
    return _once(found, _ttl(channel), "; ".join(filter(None, notes)) or None)


def _malformed(parsed: Any) -> str | None:
    """Where a feed is no well-formed XML, and why; None when it is."""
    cause = parsed.get("bozo_exception")
    if not isinstance(cause, SAXException):
        return None
    line = f"line {cause.getLineNumber()}: " if isinstance(cause, SAXParseException) else ""
    return f"its XML is not well-formed ({line}{cause.getMessage()})"


def _once(listed: Iterable[Article], ttl_minutes: int | None = None, note: str | None = None) -> Feed:
    """The entries, one an address; what several are called alike is no name of any."""
    entries: dict[str, Article] = {}
    for entry in parts.told_apart(list(listed)):
        entries.setdefault(entry.url, entry)
    names = Counter(entry.feed_id for entry in entries.values())
    found = (entry if names[entry.feed_id] == 1 else replace(entry, feed_id=None) for entry in entries.values())
    return Feed(tuple(found), note=note, ttl_minutes=ttl_minutes)
