"""Politeness, limits, retries and caching of the crawl: Scrapy's own settings, and the classes that they name."""

from __future__ import annotations

from http import HTTPStatus
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from scrapy import Spider, signals
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcache import HttpCacheMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.httpcache import RFC2616Policy
from scrapy.http import Request, Response
from scrapy.robotstxt import RobotParser

from crawlers.budget import Budget
from crawlers.resolver import GuardedResolver
from store.hosts import host_of

_A_DAY = 24 * 3600
_LASTING = (200, 404, 410)
_TOO_MANY = 429


def _is_robots_txt(request: Request) -> bool:
    return urlsplit(request.url).path == "/robots.txt"


class PoliteDownloader(Downloader):
    """Scrapy's downloader, with the time that a host wants between two requests (`Crawl-delay`), and a budget."""

    @property
    def budget(self) -> Budget | None:
        """How often the spider may ask each host, where it counts."""
        return getattr(self.crawler.spider, "budget", None)

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.crawl_delays: dict[str, float] = {}
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Take the time that a host asks for, where it is longer than ours."""
        host = self.get_slot_key(request)
        wished = robotparser.crawl_delay(self.settings["USER_AGENT"]) or 0.0
        self.crawl_delays[host] = min(wished, _A_DAY) if wished > 0 else 0.0
        if self.budget:
            self.budget.set_delay(host, self.crawl_delays[host])
        if host in self.slots:
            self.slow_down(self.slots[host], self.crawl_delays[host])

    def slow_down(self, slot: Slot, seconds: float) -> None:
        """Let so many seconds be between two requests to a host and never less, where that is slower than we are."""
        if seconds > self._delay:
            slot.delay, slot.jitter = seconds, 0.0

    def get_slot_key(self, request: Request) -> str:
        """The host of a request, the same with and without `www.`."""
        return host_of(request.url)

    def _get_slot(self, request: Request, spider: Spider | None = None) -> tuple[str, Slot]:
        """The slot of a request's host, as it was left: Scrapy lets go of those that were not used for a minute."""
        is_new = self.get_slot_key(request) not in self.slots
        host, slot = super()._get_slot(request)
        if is_new:
            earlier = self.budget.delay(host) if self.budget else 0.0
            self.slow_down(slot, self.crawl_delays.get(host, earlier))
            if self.budget and (idle := self.budget.idle(host)) is not None:
                slot.lastseen = monotonic() - idle
        return host, slot

    async def _enqueue_request(self, request: Request) -> Response:
        """Make a request when its host's turn has come. Raises `PutOff`."""
        host, slot = self._get_slot(request)
        if self.budget:
            first = max(0.0, slot.lastseen + slot.delay - monotonic())
            waiting = len(slot.queue)
            self.budget.check(host, waiting=waiting, wait=min(first + slot.delay * waiting, _A_DAY))
        return await super()._enqueue_request(request)

    def _wait_for_download(self, slot: Slot, request: Request, queue_dfd: Any) -> Any:
        """Count a request against its host's limit as soon as it is taken from the queue.

        Scrapy 2.19 counts it only when its task begins to run; until then it takes more than the limit from the queue,
        all that waits where there is no delay.
        """
        slot.transferring.add(request)
        if self.budget:
            self.budget.count(self.get_slot_key(request))
        return super()._wait_for_download(slot, request, queue_dfd)


class NoRobotsTxt(IgnoreRequest):
    """A request that is not made because the server fails to say whether it may be."""


class HonestRobots(RobotsTxtMiddleware):
    """Obeys robots.txt as RFC 9309, 2.3.1 says.

    Where there is none all is allowed, where the server fails or cannot be reached nothing is. Scrapy reads the page
    that comes in its place as if it were one, and allows all where it cannot be reached.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.wanting: dict[str, Exception] = {}

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        is_there = response.status < 400
        if response.status >= 500 or response.status == _TOO_MANY:
            said = f"the server answers {response.status} instead of its robots.txt"
            self.wanting[netloc] = NoRobotsTxt(said)
        await super()._parse_robots(response if is_there else response.replace(body=b""), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self.wanting[netloc] = exc
        super()._robots_error(exc, netloc)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raise `IgnoreRequest` when a request is forbidden, or why robots.txt cannot be had."""
        if error := self.wanting.get(urlsplit(request.url).netloc):
            request.meta.setdefault("download_timeout", self.crawler.settings.getfloat("DOWNLOAD_TIMEOUT"))
            raise error
        super().process_request_2(rp, request)


class HonestPolicy(RFC2616Policy):
    """What is asked for is never answered from what was kept: each time the server says whether it changed (RFC 9111).

    How long an answer may be kept, as it says or as one guesses by its age, would lose news. So it is kept only for its
    validators, and with a request of `meta["unconditional"]` not even these are sent; `meta["same_validators"]` then
    tells whether the answer has those of the one before. A redirect is not kept, a server's error is an error. Only
    robots.txt holds: for a day at the latest (RFC 9309, 2.4), and less only where it says so itself.
    """

    def should_cache_response(self, response: Response, request: Request) -> bool:
        """Whether an answer is kept: robots.txt, or that there is none, and what has validators."""
        if b"no-store" in self._parse_cachecontrol(response):
            return False
        if _is_robots_txt(request):
            return response.status in _LASTING
        return response.status == HTTPStatus.OK and bool(_validators(response))

    def is_cached_response_fresh(self, cachedresponse: Response, request: Request) -> bool:
        """Whether robots.txt need not be asked for again; of all else, never. The request gets the validators."""
        if _is_robots_txt(request):
            return super().is_cached_response_fresh(cachedresponse, request)
        if cachedresponse.status == HTTPStatus.OK and not request.meta.get("unconditional"):
            self._set_conditional_validators(request, cachedresponse)
        return False

    def _compute_freshness_lifetime(self, response: Response, request: Request, now: float) -> float:
        says = b"max-age" in self._parse_cachecontrol(response) or b"Expires" in response.headers
        return min(super()._compute_freshness_lifetime(response, request, now), _A_DAY) if says else _A_DAY

    def is_cached_response_valid(self, cachedresponse: Response, response: Response, request: Request) -> bool:
        """Whether the stored copy still holds: only when the server says so (304)."""
        if response.status == HTTPStatus.NOT_MODIFIED:
            return True
        marks = _validators(response)
        request.meta["same_validators"] = bool(marks) and marks == _validators(cachedresponse)
        return False


def _validators(response: Response) -> list[bytes]:
    return [value for name in ("ETag", "Last-Modified") if (value := response.headers.get(name))]


class HonestCache(HttpCacheMiddleware):
    """Scrapy's cache, but a server that cannot be reached is an error: no old copy hides it."""

    def process_exception(self, request: Request, exception: Exception) -> None:  # type: ignore[override]
        """Let the failure be one."""


def scrapy_settings(crawl: dict[str, Any], cache: str) -> dict[str, Any]:
    """Politeness, limits, retries and caching, all by Scrapy's own settings."""
    return {
        "USER_AGENT": crawl["user_agent"],
        "ROBOTSTXT_OBEY": True,
        "DOWNLOADER": PoliteDownloader,
        "DOWNLOAD_DELAY": crawl["delay_seconds"],
        "CONCURRENT_REQUESTS": 32,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "CONCURRENT_ITEMS": 1,  # Scrapy starts that many tasks for each response; we give no items
        "DOWNLOAD_TIMEOUT": crawl["timeout_seconds"],
        "DOWNLOAD_MAXSIZE": crawl["max_bytes"],
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_HANDLERS": {"file": None, "ftp": None, "s3": None, "data": None},
        "TWISTED_DNS_RESOLVER": GuardedResolver,
        "ALLOW_LOOPBACK": crawl["allow_loopback"],
        "RETRY_TIMES": crawl["retries"],
        "RETRY_HTTP_CODES": [500, 502, 503, 504, 408],
        "REDIRECT_MAX_TIMES": 10,
        "DOWNLOADER_MIDDLEWARES": {
            HttpCacheMiddleware: None,
            HonestCache: 900,
            RobotsTxtMiddleware: None,
            HonestRobots: 100,
        },
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_POLICY": HonestPolicy,
        "HTTPCACHE_DIR": cache,
        "HTTPCACHE_GZIP": True,
        "WARN_ON_GENERATOR_RETURN_VALUE": False,  # Scrapy would parse the source of a callback at each response
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "HTTPPROXY_ENABLED": False,  # behind a proxy the resolver would not see which address is asked
        "LOG_LEVEL": "WARNING",
        "LOG_FORMAT": "%(levelname)s %(message)s",
    }
