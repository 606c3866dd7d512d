"""The headline of a page: what readers see over the article, without the name of the site. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from store.characters import cleaned

_LONGEST = 300
_SEPARATOR = re.compile(r"\s+[|\-–—•·»:]\s+|_")
_WORD = re.compile(r"\w+")
_ENOUGH = 0.6  # of a headline's words that the page's own names for itself have too


def _plain(text: str | None) -> str:
    return " ".join(cleaned(text or "").split())


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _names(root: etree._Element) -> Iterator[str]:
    """What a page calls itself for programs: `title`, and the properties of Open Graph and Twitter."""
    for element in root.iter("title"):
        yield _plain(element.text)
        break
    for meta in root.iter("meta"):
        if (meta.get("property") or meta.get("name") or "").lower() in ("og:title", "twitter:title"):
            yield _plain(meta.get("content"))


def _sites(root: etree._Element, names: list[str]) -> set[str]:
    """What the site is called: by itself, or as the last part of the page's title."""
    said = [
        _plain(meta.get("content"))
        for meta in root.iter("meta")
        if (meta.get("property") or meta.get("name") or "").lower() in ("og:site_name", "application-name")
    ]
    last = [parts[-1] for name in names[:1] if len(parts := _SEPARATOR.split(name)) > 1]
    return {name.casefold() for name in (*said, *last) if name}


def _without_site(title: str, sites: set[str]) -> str:
    """The title without the site's name at its end."""
    for found in reversed(list(_SEPARATOR.finditer(title))):
        if title[found.end() :].casefold() in sites:
            return title[: found.start()]
    return title


def headline(root: etree._Element, said: str) -> str:
    """The headline: of those of the first level the one that the page calls itself, else `said` without the site."""
    names = [name for name in _names(root) if name]
    sites, known = _sites(root, names), _words(" ".join([said, *names]))
    best, agreement = "", 0.0
    for element in root.iter("h1"):
        text = _plain(" ".join(str(part) for part in element.itertext()))
        words = _words(text)
        if not words or len(text) > _LONGEST or text.casefold() in sites:
            continue
        share = len(words & known) / len(words)
        if share >= _ENOUGH and (share, len(text)) > (agreement, len(best)):
            best, agreement = text, share
    return best or _without_site(_plain(said), sites)
