"""No request to a private address through a source: the address is looked at after DNS has answered.

It is the resolver itself that refuses, so that every connection is covered: feeds, articles, redirects, robots.txt,
and names whose answer changes between two questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from crawlers.private import is_allowed

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, refusing names that stand for private addresses; `refused` remembers which."""

    allow_loopback = False
    refused: ClassVar[set[str]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> GuardedResolver:
        """Read the one setting, ALLOW_LOOPBACK."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.allow_loopback = crawler.settings.getbool("ALLOW_LOOPBACK")
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 (Twisted's name)
        """The name's address. Fails with DNSLookupError when it is private."""
        return super().getHostByName(name, timeout).addCallback(self._refuse_private, name)

    def _refuse_private(self, address: str, name: str) -> str:
        if is_allowed(address, allow_loopback=self.allow_loopback):
            return address
        self.refused.add(name)
        raise DNSLookupError(f"{name} is at a private address")
