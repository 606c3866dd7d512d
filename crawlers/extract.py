"""Main text, title, author and date of a page, by trafilatura. Runs in a worker process that can be killed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import use_config

from crawlers.access import access_of
from crawlers.addresses import absolute
from crawlers.dates import Dated, published
from crawlers.encodings import mended, to_text
from crawlers.feed_text import sane_date
from crawlers.titles import headline
from store.characters import cleaned
from store.documents import OPEN, Access

_READ_ALSO = re.compile(
    r"^\W*(?:(?:(?:[àa] )?(?:re)?lire (?:aussi|[ée]galement)|à lire|lire la suite|voir (?:aussi|[ée]galement)|"
    r"sur le m[êe]me (?:sujet|th[èe]me)|read (?:more|also|next)|also read|see also|related (?:articles?|stories|news))"
    r"\b[\s:–—-]"
    r"|(?:[àa] (?:re)?lire|notre dossier|pour aller plus loin|more on this(?: story)?|related)\s*[:\])|»–—-]).*$",
    re.IGNORECASE | re.MULTILINE,
)
_DATELINE = re.compile(r"^(?:publiée?|mis à jour|published|updated)\b[^\n]{0,60}\n", re.IGNORECASE)
_LONGEST_TEXT = 200_000
_OPTIONS = use_config()
# Below this size trafilatura falls back to all text of the page in one paragraph; short news would lose its sentences.
_OPTIONS.set("DEFAULT", "MIN_EXTRACTED_SIZE", "100")


class NoText(ValueError):
    """The page has no article text."""


@dataclass(frozen=True)
class Extracted:
    """What a page says, as plain text; paragraphs are separated by line breaks.

    `canonical` is the address that the page calls its own (RFC 6596), `date_source` where it says when it was
    published; see `crawlers.dates`. `access` is what it lets be kept.
    """

    title: str
    text: str
    author: str | None
    published_at: datetime | None
    canonical: str | None = None
    date_source: str = "unknown"
    access: Access = OPEN


def _body(text: str, title: str) -> str:
    """The text without the headline and the date that a page repeats above it."""
    first, _, rest = text.partition("\n")
    if rest and " ".join(first.split()) == " ".join(title.split()):
        text = rest
    return _DATELINE.sub("", text, count=1)


def own_address(root: HtmlElement, url: str) -> str | None:
    """The address that a page calls its own: `rel=canonical`, else `og:url`; None without one, or the bare host."""
    named = [link.get("href") for link in root.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    named += [meta.get("content") for meta in root.iter("meta") if meta.get("property") == "og:url"]
    for address in named:
        found = absolute(url, address)
        if found and urlsplit(found).path != "/":
            return found
    return None


def _drop_days_of_others(root: HtmlElement) -> None:
    """Take out the days that stand beside links to other articles, before one of them is guessed to be this one's."""
    for day in root.xpath("//aside//time | //nav//time | //footer[not(ancestor::article)]//time"):
        day.drop_tree()


def extract(body: bytes, content_type: str, url: str, now: datetime, agent: str = "vigie") -> Extracted:
    """The article of an HTML page; `agent` is the token by which it may name us to say what can be kept of it.

    Raises `NoText` when it has none, ValueError when it cannot be parsed.
    """
    root = trafilatura.load_html(to_text(body, content_type))
    if root is None:
        raise ValueError("the page cannot be parsed")
    address, dated, access = own_address(root, url), published(root, url, now), access_of(root, agent)
    if dated is None:
        _drop_days_of_others(root)
    found = trafilatura.bare_extraction(
        root,
        url=url,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        config=_OPTIONS,
        date_extraction_params={"original_date": True, "extensive_search": False, "max_date": now.strftime("%Y-%m-%d")},
    )
    if found is None or isinstance(found, dict) or not found.text:
        raise NoText("the page has no article text")
    text = cleaned(mended(_READ_ALSO.sub("", found.text[:_LONGEST_TEXT])))
    if dated is None and found.date:
        guess = sane_date(datetime.fromisoformat(found.date).replace(tzinfo=UTC), now)
        dated = Dated(guess, "guess") if guess else None
    title = cleaned(mended(headline(root, found.title or "")))
    return Extracted(
        title=title,
        text=_body(re.sub(r"\n{2,}", "\n", text).strip(), title),
        author=cleaned(found.author or "").strip() or None,
        published_at=dated.at if dated else None,
        canonical=address,
        date_source=dated.where if dated else "unknown",
        access=access,
    )
