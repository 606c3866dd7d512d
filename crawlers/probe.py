"""Looking at addresses without keeping anything: what a source would give, or what there is to read at a site."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urljoin

import scrapy
from scrapy.http import Request, Response
from scrapy.utils.sitemap import sitemap_urls_from_robots
from twisted.python.failure import Failure

from crawlers import files, newsrooms
from crawlers.feeds import Feed
from crawlers.politeness import scrapy_settings
from crawlers.reading import FEED, NEWSROOM, REGISTER, SITEMAP, feeds_named_by, is_page, kind_of, read
from crawlers.spider import reason
from store.base import utcnow
from store.errors import VigieError
from store.hosts import host_of

_MOST_FEEDS, _MOST_SITEMAPS = 5, 3
_FEWEST_LISTED = 3  # articles that a page lists to be taken for a newsroom unasked
_SHOWN = 5


class ProbeFailed(VigieError):
    """Looking at the addresses ended before it was done."""

    exit_code = 4


@dataclass(frozen=True)
class Listed:
    """An article that a source lists; `published` is a day and a minute as ISO 8601, or empty."""

    title: str
    url: str
    published: str


@dataclass(frozen=True)
class Found:
    """What there is at an address. `asked` is the address that was to be looked at, `url` where this was found.

    `articles` are the first of `count`; `newest` is when the newest was published, as ISO 8601, or empty.
    """

    asked: str
    url: str
    kind: str
    count: int
    newest: str
    articles: tuple[Listed, ...]
    error: str | None

    @property
    def rank(self) -> tuple[bool, int, bool, int]:
        """The order among all that was found at an address: what can be read, by kind, dated, with the most."""
        kinds = (SITEMAP, NEWSROOM, REGISTER, FEED)
        return (not self.error and self.count > 0, kinds.index(self.kind), bool(self.newest), self.count)


def _found(asked: str, url: str, kind: str, feed: Feed) -> Found:
    dates = [article.published_at for article in feed.entries if article.published_at]
    first = tuple(
        Listed(one.title, one.url, one.published_at.isoformat(timespec="minutes") if one.published_at else "")
        for one in feed.entries[:_SHOWN]
    )
    newest = max(dates).isoformat(timespec="minutes") if dates else ""
    return Found(asked, url, kind, len(feed.entries), newest, first, feed.error)


class ProbeSpider(scrapy.Spider):
    """Looks at each address once; where it is a page and `discover` says so, at what the page and its site name."""

    name = "vigie-probe"

    def __init__(self, *, wanted: Sequence[tuple[str, str | None]], discover: bool) -> None:
        super().__init__()
        self.wanted = wanted
        self.discover = discover

    async def start(self) -> AsyncIterator[Request]:
        """One request an address."""
        for address, kind in self.wanted:
            if address.startswith(files.SCHEME):
                self.look_into(address, kind)
            else:
                yield self.look(address, address, kind, first=True)

    def look_into(self, address: str, kind: str | None) -> None:
        """Tell what is in a file of this machine."""
        named = kind or FEED
        try:
            body = files.unpacked(files.content(address))
            named = kind_of(body, kind)
            found = read(body, kind=named, url=address, content_type="", now=utcnow())
        except OSError as error:
            found = Feed((), f"the file cannot be read: {error.strerror or error}")
        self.tell(_found(address, address, named, found))

    def look(self, address: str, asked: str, kind: str | None, *, source: str = "", first: bool = False) -> Request:
        """The request of an address; `source` is the sitemap's index that named it, `first` that it was asked for."""
        facts = {"asked": asked, "kind": kind, "source": source, "first": first}
        return Request(address, self.seen, errback=self.failed, cb_kwargs=facts, dont_filter=True)

    def seen(self, response: Response, asked: str, kind: str | None, source: str, first: bool) -> Iterator[Request]:
        """Tell what is at an address, and look further."""
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        facts: dict[str, Any] = {"url": response.url, "content_type": content_type}
        body = files.unpacked(response.body)
        named = kind_of(body, kind)
        found = read(body, kind=named, now=utcnow(), **facts)
        if found.more and not source:
            address = next((one for one in found.more if host_of(one) == host_of(response.url)), None)
            if address:
                yield self.look(address, asked, SITEMAP, source=response.url)
                return
        discovering = self.discover and first and is_page(response.body)
        if discovering:
            yield from self.discovered(response, asked)
        if kind or not discovering:
            self.tell(_found(asked, source or response.url, named, found))

    def discovered(self, response: Response, asked: str) -> Iterator[Request]:
        """Tell of the articles that a page lists, and look at the feeds and sitemaps that it and its site name."""
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        listed = newsrooms.read(response.body, url=response.url, content_type=content_type)
        if len(listed.entries) >= _FEWEST_LISTED:
            self.tell(_found(asked, response.url, NEWSROOM, listed))
        for address in feeds_named_by(response.body, url=response.url, content_type=content_type)[:_MOST_FEEDS]:
            yield self.look(address, asked, FEED)
        robots = urljoin(response.url, "/robots.txt")
        yield Request(robots, self.robots, errback=self.robots, cb_kwargs={"asked": asked}, dont_filter=True)

    def robots(self, response: Response | Failure, asked: str = "") -> Iterator[Request]:
        """Look at the sitemaps that the site names in its robots.txt, or where they usually are."""
        named: list[str] = []
        if isinstance(response, Failure):
            asked = response.request.cb_kwargs["asked"]  # type: ignore[attr-defined]
        else:
            named = list(sitemap_urls_from_robots(response.body, response.url))
        for address in named[:_MOST_SITEMAPS] or [urljoin(asked, "/sitemap.xml")]:
            if host_of(address) == host_of(asked):
                yield self.look(address, asked, SITEMAP)

    def failed(self, failure: Failure) -> None:
        """Tell why an address could not be read."""
        facts = failure.request.cb_kwargs  # type: ignore[attr-defined]
        address = facts["source"] or failure.request.url  # type: ignore[attr-defined]
        self.tell(_found(facts["asked"], address, facts["kind"] or FEED, Feed((), reason(failure))))

    @staticmethod
    def tell(found: Found) -> None:
        """Hand one finding to the parent process: a JSON object a line."""
        print(json.dumps(asdict(found)), flush=True)  # noqa: T201


def probe(
    wanted: Sequence[tuple[str, str | None]], crawl: dict[str, Any], *, discover: bool = False, seconds: float = 240
) -> list[Found]:
    """What there is at addresses with the kinds they are wished to be (None: any), the best of each address first.

    With `discover` also the feeds, the sitemaps and the list of articles that a page leads to. Robots.txt, delays and
    private addresses are respected as in a round of the crawl; `crawl` holds that section of the settings.
    Raises `ProbeFailed` when that takes longer than `seconds`.
    """
    order = {"wanted": [list(pair) for pair in wanted], "crawl": crawl, "discover": discover}
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "crawlers.probe"],
            input=json.dumps(order),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ProbeFailed(f"no answer within {seconds:.0f} seconds") from error
    if ended.returncode:
        raise ProbeFailed(f"the crawl ended with code {ended.returncode}: {ended.stderr.strip()[-300:]}")
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    found = [Found(**{**one, "articles": tuple(Listed(**listed) for listed in one["articles"])}) for one in lines]
    places = {address: number for number, (address, _) in enumerate(wanted)}
    return sorted(found, key=lambda one: (-places[one.asked], one.rank), reverse=True)


def main() -> None:
    """Look at the addresses of the order on standard input: a JSON object with `wanted`, `crawl` and `discover`."""
    from scrapy.crawler import CrawlerProcess

    order = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as cache:
        settings = {**scrapy_settings(order["crawl"], cache), "HTTPCACHE_ENABLED": False}
        process = CrawlerProcess(settings)
        process.crawl(ProbeSpider, wanted=[tuple(pair) for pair in order["wanted"]], discover=order["discover"])
        process.start()


if __name__ == "__main__":
    main()
