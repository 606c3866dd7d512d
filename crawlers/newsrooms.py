"""Reading a newsroom: the page that lists articles in, the addresses of the articles out. Pure.

A link counts as one to an article by what a reader sees: the page gives it a headline of several words, itself or in
the card around it, outside menus, header and footer; and it stays on the page's host.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import lxml.html
from lxml import etree

from crawlers.addresses import absolute, canonical
from crawlers.encodings import to_text
from crawlers.feed_text import plain_text
from crawlers.feeds import Feed
from store.documents import Article
from store.hosts import host_of

_AROUND = {"nav", "header", "footer", "aside", "form", "button", "select", "dialog"}
_AROUND_ROLES = {"navigation", "banner", "contentinfo", "search", "dialog", "menu"}
_AROUND_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|breadcrumbs?|ariane|footer|pagination|pager|share|social|cookies?|consent|"
    r"sidebar|tags?|newsletter|login)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HEADLINES = ("h1", "h2", "h3", "h4", "h5", "h6")
_FILES = re.compile(r"\.(?:pdf|jpe?g|png|gif|webp|svg|zip|docx?|xlsx?|pptx?|mp[34]|ics|xml|rss|json)$", re.IGNORECASE)
_LISTS = re.compile(
    r"(?:^|/)(?:page|tags?|categor(?:y|ies|ie)|cat(?:egorie)?s?|auth?(?:or|eu?r)s?|search|recherche|contact|login|"
    r"mentions?-legales?|legal|privacy|confidentialite|cookies?|plan-du-site|sitemap|abonnement|subscribe|newsletter)"
    r"(?:/|$)",
    re.IGNORECASE,
)
_PAGING = re.compile(r"(?:^|&)(?:pa?ge?d?|p|start|offset|debut|sort|tri|order|filter|lang)=", re.IGNORECASE)
_FEWEST_WORDS = 3
_SHORTEST = 15  # characters of a headline
_LONGEST_CARD = 2000  # characters of what stands around a link


def _is_around(element: etree._Element) -> bool:
    """Whether an element is a menu or the like rather than content."""
    if element.tag in _AROUND and not (element.tag == "header" and element.iterancestors("article")):
        return True
    named = f"{element.get('class', '')} {element.get('id', '')}"
    return element.get("role") in _AROUND_ROLES or (bool(_AROUND_NAMES.search(named)) and element.tag != "body")


def _words(element: etree._Element) -> str:
    return plain_text(" ".join(str(part) for part in element.itertext()), 500)


def _is_headline(text: str) -> bool:
    return len(text) >= _SHORTEST and len(text.split()) >= _FEWEST_WORDS


def _headline_around(link: etree._Element, address: str, at: dict[etree._Element, str]) -> str:
    """The headline of the smallest block around a link that leads to no other address; empty without one."""
    for block in link.iterancestors():
        if block.tag in ("body", "main") or any(at.get(other, address) != address for other in block.iter("a")):
            return ""
        for headline in block.iter(*_HEADLINES):
            if _is_headline(words := _words(headline)):
                return words
        if len(_words(block)) >= _LONGEST_CARD:
            return ""
    return ""


def _links(root: etree._Element, url: str) -> Iterator[tuple[etree._Element, str]]:
    """The links of the content that stay on the host, with their canonical addresses."""
    host = host_of(url)
    base = next((absolute(url, element.get("href")) for element in root.iter("base")), None) or url
    around = {inner for element in root.iter(etree.Element) if _is_around(element) for inner in element.iter("a")}
    here = canonical(url)
    for link in root.iter("a"):
        address = absolute(base, link.get("href"))
        parts = urlsplit(address or "")
        if address is None or link in around or address == here:
            continue
        if host_of(address) != host or _FILES.search(parts.path):
            continue
        if _PAGING.search(parts.query) and parts.path == urlsplit(here or "").path:
            continue
        if parts.path != "/" and not _LISTS.search(parts.path) and not (here or "").startswith(address.rstrip("/")):
            yield link, address


def read(body: bytes, *, url: str, content_type: str, limit: int = 500) -> Feed:
    """The articles that a page lists, in its order, with their headlines.

    Raises nothing: a page that lists none gives `error`.
    """
    try:
        root = lxml.html.document_fromstring(to_text(body, content_type))
    except (etree.LxmlError, ValueError):
        return Feed((), "the page cannot be read")
    at = dict(_links(root, url))
    found: dict[str, str] = {}
    for link, address in at.items():
        words = _words(link)
        headline = next((text for text in map(_words, link.iter(*_HEADLINES)) if _is_headline(text)), "")
        title = headline or _headline_around(link, address, at) or (words if _is_headline(words) else "")
        if title and len(title) > len(found.get(address, "")):
            found[address] = title
    articles = tuple(Article(address, title) for address, title in found.items())[:limit]
    return Feed(articles, None if articles else "the page lists no article")
