"""What a publisher lets be kept of an article: all, no copy of the page (`noarchive`), not its text (paywall). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lxml import etree

from crawlers.dates import structured
from store.documents import NO_ARCHIVE, OPEN, PAYWALLED, Access

_NO_COPY = {"noarchive", "nocache"}
_VALUED = {"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"}
_TIERS = {"locked", "metered"}
_FALSE = {"false", "http://schema.org/false", "https://schema.org/false"}


def token(user_agent: str) -> str:
    """The product token of a user agent, by which a publisher names it (RFC 9309, 2.2.1)."""
    return user_agent.split("/")[0].split(" ")[0].casefold()


def forbids_copies(values: Iterable[str], agent: str) -> bool:
    """Whether `X-Robots-Tag` headers ask everybody, or this agent by its token, to keep no copy.

    A value is a list of directives, after a name and a colon where it is for one robot alone.
    """
    for value in values:
        name, colon, rest = value.partition(":")
        named = name.strip().casefold()
        if not colon or "," in named or named in _VALUED:
            rest = value
        elif named != agent:
            continue
        if _NO_COPY & {one.strip().casefold() for one in rest.split(",")}:
            return True
    return False


def _metas(root: etree._Element, *names: str) -> list[str]:
    return [
        meta.get("content") or ""
        for meta in root.iter("meta")
        if (meta.get("name") or meta.get("property") or "").strip().casefold() in names
    ]


def _is_for_subscribers(thing: dict[str, Any]) -> bool:
    return str(thing.get("isAccessibleForFree", "")).strip().casefold() in _FALSE


def access_of(root: etree._Element, agent: str) -> Access:
    """What the page itself says: by schema.org's `isAccessibleForFree`, `article:content_tier` or `robots`."""
    tiers = {one.strip().casefold() for one in _metas(root, "article:content_tier")}
    if tiers & _TIERS or any(map(_is_for_subscribers, structured(root))):
        return PAYWALLED
    return NO_ARCHIVE if forbids_copies(_metas(root, "robots", agent), agent) else OPEN
