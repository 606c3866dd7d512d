"""Reading a feed: bytes in, entries out. Never raises on hostile or broken input."""

from __future__ import annotations

import calendar
import html
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin

import feedparser
import nh3

from crawlers.addresses import canonical
from store.documents import Article

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_SURE_TAG = re.compile(r"""</?[a-zA-Z][\w-]*(?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))*\s*/?>""")
_BARE_TAG = re.compile(r"</?[a-z0-9]+>")
_BLOCKS = {
    "p",
    "br",
    "div",
    "li",
    "ul",
    "ol",
    "tr",
    "td",
    "th",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "dd",
}
_BLOCKS |= {"dt", "dl", "pre", "section", "article", "blockquote", "figure", "figcaption", "header", "footer", "aside"}
_HIDDEN = {"script", "style", "noscript", "template", "iframe", "object", "svg", "math", "form", "select", "textarea"}
_SPACE = re.compile(r"\s+")
_ESCAPED = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]+);")
_FIRST_WEB_YEAR = 1991
_LONGEST_ID = 1000
_LONGEST_TTL = 365 * 24 * 60
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": _LONGEST_TTL}  # in minutes


@dataclass(frozen=True)
class Feed:
    """What was read; `error` says in words why there are no entries, when the body is not a feed.

    `more` are the addresses where the rest is to be read, `ttl_minutes` how long the feed says that it may be kept.
    """

    entries: tuple[Article, ...]
    error: str | None = None
    more: tuple[str, ...] = ()
    ttl_minutes: int | None = None


def _without_markup(text: str, tag: re.Pattern[str]) -> str:
    """Text whose markup is gone, with that which is no tag by the pattern kept as text.

    What scripts, styles and the like hold goes with them, when they are closed.
    """
    at, guarded = 0, []
    for found in tag.finditer(text):
        guarded += [text[at : found.start()].replace("<", "&lt;"), found.group()]
        at = found.end()
    guarded.append(text[at:].replace("<", "&lt;"))
    hidden = {name for name in _HIDDEN if f"</{name}" in text.lower()}
    cleaned = nh3.clean(
        "".join(guarded), tags=_BLOCKS - hidden, clean_content_tags=hidden, attributes={}, link_rel=None
    )
    return html.unescape(_BARE_TAG.sub(" ", cleaned))


def plain_text(markup: str, limit: int = 20_000) -> str:
    """Text without tags or entities, however often they were escaped; a lone `<` survives.

    What was escaped is a tag only when it is well-formed: `a&lt;b et c&gt;d` is text.
    """
    text = _without_markup(markup[: 10 * limit], _TAG)
    for _ in range(2):
        if not (_SURE_TAG.search(text) or _ESCAPED.search(text)):
            break
        text = _without_markup(text, _SURE_TAG)
    return _SPACE.sub(" ", text).strip()[:limit]


def sane_date(date: datetime | None, now: datetime) -> datetime | None:
    """The date, or None when it cannot be one of publication: before the web, or over a day in the future."""
    if date is None or date.year < _FIRST_WEB_YEAR or date > now + timedelta(days=1):
        return None
    return date


def _date(entry: Any, now: datetime, *keys: str) -> datetime | None:
    """The first of an entry's dates of these names that can be one of publication."""
    for key in keys:
        parsed = entry[key] if key in entry else None  # noqa: SIM401 (get() warns about an old mapping)
        if parsed:
            try:
                return sane_date(datetime.fromtimestamp(calendar.timegm(parsed), UTC), now)
            except (ValueError, OverflowError, OSError, TypeError):
                continue
    return None


def _address(entry: Any, base: str) -> str | None:
    for link in entry.get("links", ()):
        kind = str(link.get("type") or "text/html")
        if str(link.get("rel", "alternate")).lower() == "alternate" and link.get("href") and "html" in kind:
            return canonical(urljoin(base, link["href"]))
    link = entry.get("link")
    return canonical(urljoin(base, link)) if link else None


def _entry(raw: Any, base: str, now: datetime) -> Article | None:
    try:
        address = _address(raw, base)
    except ValueError:
        return None
    if address is None:
        return None
    content = raw.get("content") or [{}]
    summary = plain_text(str(raw.get("summary") or content[0].get("value") or ""))
    title = plain_text(str(raw.get("title") or ""), 500) or summary[:120]  # without either, the page's own
    author = plain_text(str(raw.get("author") or ""), 200) or None
    called = str(raw.get("id") or "").strip()[:_LONGEST_ID] or None
    published = _date(raw, now, "published_parsed", "updated_parsed", "created_parsed")
    updated = _date(raw, now, "updated_parsed")
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


def read(body: bytes, *, url: str, content_type: str, now: datetime, limit: int = 500) -> Feed:
    """The entries of an RSS, RDF or Atom feed, first `limit` of them, one an address.

    `url` is the base of relative addresses. Raises nothing: a body that is no feed gives `error`.
    """
    if not body.strip():
        return Feed((), "the server sent an empty body")
    headers = {"content-type": content_type, "content-location": url}
    try:
        parsed = feedparser.parse(body, response_headers=headers, sanitize_html=False)
    except Exception as error:  # feedparser hands through what its decoders and parsers raise
        return Feed((), f"the feed cannot be read ({type(error).__name__})")
    if not parsed.get("version") and not parsed.entries:
        cause = parsed.get("bozo_exception")
        return Feed(
            (), f"this is not an RSS or Atom feed ({cause})"[:300] if cause else "this is not an RSS or Atom feed"
        )
    entries: dict[str, Article] = {}
    for raw in parsed.entries[:limit]:
        entry = _entry(raw, url, now)
        if entry is not None:
            entries.setdefault(entry.url, entry)
    names = Counter(entry.feed_id for entry in entries.values())
    found = (entry if names[entry.feed_id] == 1 else replace(entry, feed_id=None) for entry in entries.values())
    return Feed(tuple(found), ttl_minutes=_ttl(parsed.get("feed") or {}))
