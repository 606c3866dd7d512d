"""No request to a private address through a source: the address is looked at after DNS has answered.

It is the resolver itself that refuses, so that every connection is covered: feeds, articles, redirects, robots.txt,
and names whose answer changes between two questions.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred


def is_allowed(address: str, *, allow_loopback: bool) -> bool:
    """Whether an IP address may be fetched from: a public one, or loopback where that is allowed."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if ip.is_loopback:
        return allow_loopback
    return ip.is_global and not ip.is_multicast


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
