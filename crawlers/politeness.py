"""Politeness, limits, retries and caching of the crawl: Scrapy's own settings, and the two classes that they name."""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader import Downloader, Slot
from scrapy.downloadermiddlewares.httpcache import HttpCacheMiddleware
from scrapy.extensions.httpcache import RFC2616Policy
from scrapy.http import Request, Response

from crawlers.guard import GuardedResolver


class CountingDownloader(Downloader):
    """Counts a request against its host's limit as soon as it is taken from the queue.

    Scrapy 2.19 counts it only when its task begins to run; until then it takes more than the limit from the queue, all
    that waits where there is no delay.
    """

    def _wait_for_download(self, slot: Slot, request: Request, queue_dfd: Any) -> Any:
        slot.transferring.add(request)
        return super()._wait_for_download(slot, request, queue_dfd)


class HonestPolicy(RFC2616Policy):
    """RFC 9111 caching, but a server's error is an error: no stale copy hides it."""

    def is_cached_response_valid(self, cachedresponse: Response, response: Response, request: Request) -> bool:
        """Whether the stored copy still holds: only when the server says so (304)."""
        return response.status < 500 and super().is_cached_response_valid(cachedresponse, response, request)


class HonestCache(HttpCacheMiddleware):
    """Scrapy's cache, but a server that cannot be reached is an error: no old copy hides it."""

    def process_exception(self, request: Request, exception: Exception) -> None:  # type: ignore[override]
        """Let the failure be one."""


def scrapy_settings(crawl: dict[str, Any], cache: str) -> dict[str, Any]:
    """Politeness, limits, retries and caching, all by Scrapy's own settings."""
    return {
        "USER_AGENT": crawl["user_agent"],
        "ROBOTSTXT_OBEY": True,
        "DOWNLOADER": CountingDownloader,
        "DOWNLOAD_DELAY": crawl["delay_seconds"],
        "CONCURRENT_REQUESTS": 32,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
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
        "DOWNLOADER_MIDDLEWARES": {HttpCacheMiddleware: None, HonestCache: 900},
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_POLICY": HonestPolicy,
        "HTTPCACHE_DIR": cache,
        "HTTPCACHE_GZIP": True,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "HTTPPROXY_ENABLED": False,  # behind a proxy the resolver would not see which address is asked
        "LOG_LEVEL": "WARNING",
        "LOG_FORMAT": "%(levelname)s %(message)s",
    }
