"""Reading what a source answered by what it is: a feed, a sitemap, a register's notices, a newsroom's page. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import lxml.html
from lxml import etree

from crawlers import bulletins, feeds, newsrooms, sitemaps
from crawlers import notices as registers
from crawlers.addresses import absolute
from crawlers.encodings import to_text
from crawlers.feeds import Feed
from crawlers.json_feeds import begins, is_json_feed, parsed
from store.health import Trouble
from store.hosts import host_of
from store.sources import FEED, NEWSROOM, REGISTER, SITEMAP

if TYPE_CHECKING:
    from crawlers.budget import PutOff

_MOST_SITEMAPS = 50  # that are asked for in one reading of a source
_MOST_OF_ANSWER, _MOST_OF_READING = 100, 500  # articles that are kept of a list; see `Reading.room`
_HTML = re.compile(rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_SIGNS = {  # that files begin with
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "an archive of gzip",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")


@dataclass(frozen=True)
class Answer:
    """What an answer lists, as what kind it was read, and its digest; `is_known`: it is the same as last time."""

    feed: Feed
    kind: str = ""
    digest: str = ""
    is_known: bool = False


@dataclass
class Reading:
    """A source that is being read: how many answers are awaited, and what those that came gave.

    `kind`, `language` and `body_digest` are what is known of it before. `url` is where it is asked for,
    `is_conditional` whether only for what changed; `is_whole` and `contradicts` are what
    `crawlers.revisits.note_answer` wants to know.
    """

    url: str
    kind: str | None = None
    language: str | None = None
    body_digest: str | None = None
    is_conditional: bool = True
    waiting: int = 1
    new: int = 0
    listed: int = 0
    per_week: float | None = None
    max_age: int | None = None
    retry_after: int | None = None
    error: str | None = None
    trouble: Trouble | None = None
    moved_to: str | None = None
    is_whole: bool = False
    contradicts: bool = False
    put_off: PutOff | None = None
    asked: set[str] = field(default_factory=set)

    @property
    def room(self) -> int:
        """How many articles of the next answer are kept, where the source lists more than news."""
        return min(_MOST_OF_ANSWER, _MOST_OF_READING - self.new)

    def further(self, addresses: Iterable[str]) -> Iterator[str]:
        """Those of the sitemaps named that are to be asked for: on the same host (by the protocol), once, not many."""
        host = host_of(self.url)
        for address in addresses:
            if host_of(address) == host and address not in self.asked and len(self.asked) < _MOST_SITEMAPS:
                self.asked.add(address)
                self.waiting += 1
                yield address


def is_page(body: bytes) -> bool:
    """Whether a body is a page of HTML, whatever its label says."""
    return bool(_HTML.match(body.removeprefix(b"\xef\xbb\xbf")[:4096]))


def kind_of(body: bytes, wished: str | None) -> str:
    """What a body is to be read as. What it shows by itself counts first; a page is a newsroom when so wished."""
    value = parsed(body)
    if is_json_feed(value):
        return FEED
    if registers.looks_like_records(body, value) or (is_page(body) and bulletins.names_issues(body)):
        return REGISTER
    if sitemaps.looks_like_sitemap(body):
        return SITEMAP
    if (wished in (NEWSROOM, REGISTER) and is_page(body)) or (wished == REGISTER and begins(body)):
        return wished
    return SITEMAP if wished == SITEMAP and not is_page(body) else FEED


def feeds_named_by(body: bytes, *, url: str, content_type: str) -> list[str]:
    """The addresses of the feeds that a page names in its head (`rel=alternate`), feeds of comments last."""
    try:
        root = lxml.html.document_fromstring(to_text(body, content_type))
    except (etree.LxmlError, ValueError):
        return []
    named: dict[str, str] = {}
    for link in root.iter("link"):
        kind = str(link.get("type") or "").partition(";")[0].strip().lower()
        if kind not in _FEED_TYPES or "alternate" not in str(link.get("rel") or "").lower().split():
            continue
        if address := absolute(url, link.get("href")):
            named.setdefault(address, str(link.get("title") or ""))
    return sorted(named, key=lambda address: "comment" in f"{address} {named[address]}".lower())


def read_as_wished(
    body: bytes, *, wished: str | None, url: str, content_type: str, now: datetime, language: str | None = None
) -> tuple[str, Feed]:
    """As what a body is read, and what it then says; see `kind_of` and `read`."""
    kind = kind_of(body, wished)
    return kind, read(body, kind=kind, url=url, content_type=content_type, now=now, language=language)


def read(body: bytes, *, kind: str, url: str, content_type: str, now: datetime, language: str | None = None) -> Feed:
    """What a source of a kind says. Raises nothing: a body that cannot be read so gives `error`."""
    if not body.strip():
        return Feed((), "the server sent an empty body")
    if kind == REGISTER and is_page(body):
        named = bulletins.named_by(body, url=url)
        return Feed((), None if named else "the page names no issues of the BODACC", more=tuple(named))
    if kind == REGISTER:
        return registers.read(body, now=now)
    if kind == SITEMAP:
        return sitemaps.read(body, url=url, now=now, language=language)
    if kind == NEWSROOM:
        return newsrooms.read(body, url=url, content_type=content_type)
    found = feeds.read(body, url=url, content_type=content_type, now=now, language=language)
    if found.error and is_page(body):
        named = feeds_named_by(body, url=url, content_type=content_type)
        hint = f"it names the feed {named[0]}" if named else "to read the articles it lists, give it the kind newsroom"
        return Feed((), f"this is not an RSS or Atom feed but a page; {hint}")
    given = _given(body)
    return Feed((), f"this is not an RSS or Atom feed but {given}") if found.error and given else found


def _given(body: bytes) -> str | None:
    """What a body is that is no feed, in words; None when it does not show, or may be a feed that is broken."""
    head = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:4096]
    sign = next((name for begins_with, name in _SIGNS.items() if head.startswith(begins_with)), None)
    if sign or begins(body):
        return sign
    if not head.startswith(b"<"):
        return "bytes that are no text" if b"\0" in head else "text"
    root = _ROOT.search(head)
    name = root[1].decode().lower() if root else ""
    if name == "opml":
        return "a list of feeds (OPML); add the feeds that it names, one by one"
    return f"XML of another kind (<{name}>)" if name and name not in ("rss", "feed", "rdf", "channel") else None
