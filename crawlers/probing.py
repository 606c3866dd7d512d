"""The spider that looks at addresses, run in a process of its own; see `crawlers.probe`."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import urljoin

import scrapy
from scrapy.http import Request, Response
from scrapy.utils.sitemap import sitemap_urls_from_robots
from twisted.python.failure import Failure

from crawlers import files, newsrooms
from crawlers.budget import Budget
from crawlers.feeds import Feed
from crawlers.politeness import scrapy_settings
from crawlers.probe import Found, Listed
from crawlers.reading import feeds_named_by, is_page, read_as_wished
from crawlers.responses import header, reason
from store.base import utcnow
from store.database import Database
from store.hosts import host_of
from store.sources import FEED, NEWSROOM, SITEMAP

_MOST_FEEDS, _MOST_SITEMAPS = 5, 3
_FEWEST_LISTED = 3  # articles that a page lists to be taken for a newsroom unasked
_SHOWN = 5


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

    def __init__(self, *, wanted: Sequence[tuple[str, str | None]], discover: bool, budget: Budget) -> None:
        super().__init__()
        self.wanted = wanted
        self.discover = discover
        self.budget = budget

    def closed(self, reason: str) -> None:
        """Scrapy's call at the end."""
        self.budget.save()

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
            named, found = read_as_wished(body, wished=kind, url=address, content_type="", now=utcnow())
        except OSError as error:
            found = Feed((), f"the file cannot be read: {error.strerror or error}")
        self.tell(_found(address, address, named, found))

    def look(self, address: str, asked: str, kind: str | None, *, source: str = "", first: bool = False) -> Request:
        """The request of an address; `source` is the sitemap's index that named it, `first` that it was asked for."""
        facts = {"asked": asked, "kind": kind, "source": source, "first": first}
        return Request(address, self.seen, errback=self.failed, cb_kwargs=facts, dont_filter=True)

    def seen(self, response: Response, asked: str, kind: str | None, source: str, first: bool) -> Iterator[Request]:
        """Tell what is at an address, and look further."""
        content_type = header(response, "Content-Type")
        facts: dict[str, Any] = {"url": response.url, "content_type": content_type}
        body = files.unpacked(response.body)
        named, found = read_as_wished(body, wished=kind, now=utcnow(), **facts)
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
        content_type = header(response, "Content-Type")
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


def main() -> None:
    """Look at the addresses of the order on standard input, a JSON object.

    It holds `wanted`, `crawl`, `discover` and `database`, where the requests to each host are counted.
    """
    from scrapy.crawler import CrawlerProcess

    order = json.load(sys.stdin)
    crawl, database = order["crawl"], Database(order["database"])
    budget = Budget(database, a_day=crawl["host_requests"], patience=crawl["host_seconds"])
    with tempfile.TemporaryDirectory() as cache:
        settings = {**scrapy_settings(crawl, cache), "HTTPCACHE_ENABLED": False}
        process = CrawlerProcess(settings)
        wanted = [tuple(pair) for pair in order["wanted"]]
        process.crawl(ProbeSpider, wanted=wanted, discover=order["discover"], budget=budget)
        process.start()
    database.close()


if __name__ == "__main__":
    main()
