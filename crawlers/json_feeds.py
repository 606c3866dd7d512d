"""Reading a JSON Feed (https://www.jsonfeed.org/version/1.1/): bytes in, entries out."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from crawlers.addresses import absolute_part
from crawlers.day_words import moment_of
from crawlers.encodings import from_json, to_text
from crawlers.feed_text import plain_text, sane_date
from crawlers.zones import zone_of
from store.documents import Article

LONGEST_ID = 1000


def begins(body: bytes) -> bool:
    """Whether a body begins as JSON does, and as no other list of articles."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def parsed(body: bytes) -> Any:
    """What a body says as JSON; None when it is none, or cannot be read."""
    try:
        return _loaded(body) if begins(body) else None
    except (ValueError, RecursionError):
        return None


def _loaded(body: bytes) -> Any:
    return from_json(to_text(body, "application/json"))


def is_json_feed(value: Any) -> bool:
    """Whether what was read as JSON is a feed: it says so, or lists `items`."""
    if not isinstance(value, dict):
        return False
    return "jsonfeed.org/version" in str(value.get("version") or "") or isinstance(value.get("items"), list)


def _date(value: Any, now: datetime, zone: tzinfo) -> datetime | None:
    return sane_date(moment_of(value, zone), now) if isinstance(value, str) else None


def _authors(thing: dict[str, Any]) -> str:
    named = thing.get("authors") if isinstance(thing.get("authors"), list) else [thing.get("author")]
    names = (str(one.get("name") or "") for one in named or () if isinstance(one, dict))
    return plain_text(", ".join(name for name in names if name), 200)


def _entry(item: dict[str, Any], base: str, now: datetime, zone: tzinfo) -> Article | None:
    called = str(item.get("id") or "").strip()[:LONGEST_ID]
    address = str(item.get("url") or item.get("external_url") or "")
    if not address and called.startswith(("https://", "http://")):
        address = called
    url = absolute_part(base, address)
    if url is None:
        return None
    words = (item.get(name) for name in ("summary", "content_text", "content_html"))
    summary = plain_text(str(next(filter(None, words), "")))
    title = plain_text(str(item.get("title") or ""), 500) or summary[:120]
    published, updated = (_date(item.get(name), now, zone) for name in ("date_published", "date_modified"))
    return Article(url, title, summary, _authors(item) or None, published or updated, None, called or None, updated)


def without_address(number: int, listed: int) -> str | None:
    """That entries are left out because nobody could open them, in words; None when there are none."""
    return f"{number} of its {listed} entries have no address and are left out" if number else None


def entries(body: bytes, base: str, now: datetime, language: str | None) -> tuple[list[Article], str | None] | str:
    """The entries that have an address and what is said of the others, or why there are none in it."""
    try:
        feed = _loaded(body)
    except RecursionError:
        return "this is JSON of too many levels"
    except ValueError as error:
        return f"this begins like JSON and cannot be read: {error}"[:300]
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return f"this is JSON, but no feed, which has a list of `items`: {_shape(feed)}"
    zone = zone_of(base, str(feed.get("language") or ""), language)
    found = [_entry(item, base, now, zone) for item in items if isinstance(item, dict)]
    kept = [entry for entry in found if entry]
    return kept, without_address(len(items) - len(kept), len(items))


def _shape(value: Any) -> str:
    """What JSON holds, for who is to be told that something else was expected."""
    if not isinstance(value, dict):
        return f"it is a list of {len(value)}" if isinstance(value, list) else "it is a single value"
    said = next((value[name] for name in ("error", "message", "detail") if isinstance(value.get(name), str)), "")
    return f"it says {said!r}"[:200] if said else f"its names are {', '.join(map(str, value)) or 'none'}"[:200]
