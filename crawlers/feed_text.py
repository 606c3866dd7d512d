"""The words and the dates of a feed, as they can be trusted: text without markup, days that can be. Pure."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta

import nh3

from crawlers.encodings import mended
from store.characters import cleaned

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_SURE_TAG = re.compile(r"""</?[a-zA-Z][\w-]*(?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))*\s*/?>""")
_BARE_TAG = re.compile(r"</?[a-z0-9]+>")
_BLOCKS = {
    "p",
    "br",
    "div",
    "li",
    "ul",
    "ol",
    "tr",
    "td",
    "th",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "dd",
}
_BLOCKS |= {"dt", "dl", "pre", "section", "article", "blockquote", "figure", "figcaption", "header", "footer", "aside"}
_HIDDEN = {"script", "style", "noscript", "template", "iframe", "object", "svg", "math", "form", "select", "textarea"}
_SPACE = re.compile(r"\s+")
_ESCAPED = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]+);")
_FIRST_WEB_YEAR = 1991


def _without_markup(text: str, tag: re.Pattern[str]) -> str:
    """Text whose markup is gone, with that which is no tag by the pattern kept as text.

    What scripts, styles and the like hold goes with them, when they are closed.
    """
    at, guarded = 0, []
    for found in tag.finditer(text):
        guarded += [text[at : found.start()].replace("<", "&lt;"), found.group()]
        at = found.end()
    guarded.append(text[at:].replace("<", "&lt;"))
    hidden = {name for name in _HIDDEN if f"</{name}" in text.lower()}
    cleaned = nh3.clean(
        "".join(guarded), tags=_BLOCKS - hidden, clean_content_tags=hidden, attributes={}, link_rel=None
    )
    return html.unescape(_BARE_TAG.sub(" ", cleaned))


def plain_text(markup: str, limit: int = 20_000) -> str:
    """Text without tags or entities, however often they were escaped; a lone `<` survives.

    What was escaped is a tag only when it is well-formed: `a&lt;b et c&gt;d` is text.
    """
    text = _without_markup(markup[: 10 * limit], _TAG)
    for _ in range(2):
        if not (_SURE_TAG.search(text) or _ESCAPED.search(text)):
            break
        text = _without_markup(text, _SURE_TAG)
    return _SPACE.sub(" ", cleaned(mended(text))).strip()[:limit]


def sane_date(date: datetime | None, now: datetime) -> datetime | None:
    """The date, or None when it cannot be one of publication: before the web, or over a day in the future."""
    if date is None or date.year < _FIRST_WEB_YEAR or date > now + timedelta(days=1):
        return None
    return date
