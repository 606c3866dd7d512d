"""Articles that are parts of one page: their addresses differ only by what follows the `#`. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urldefrag

from store.documents import Article

_ROUTES = ("!", "/")  # what begins the address within an application of one page


def _is_named(article: Article, part: str) -> bool:
    """Whether the feed itself tells the part from others: by a route, or by what it calls the article."""
    return part.startswith(_ROUTES) or (article.feed_id or "").rpartition("#")[2] == part


def _differ(one: Article, other: Article) -> bool:
    """Whether two entries of one page are two articles: with other titles, and names, where they have such."""
    return one.url != other.url and one.title != other.title and (one.feed_id is None or one.feed_id != other.feed_id)


def told_apart(listed: Sequence[Article]) -> Iterator[Article]:
    """The entries of a feed, with the fragment in the address of those only that are articles of their own.

    An entry that repeats a part under the address of the page is left out.
    """
    pages: dict[str, list[Article]] = defaultdict(list)
    for article in listed:
        pages[urldefrag(article.url).url].append(article)
    for page, entries in pages.items():
        kept = [
            one
            for one in entries
            if (part := urldefrag(one.url).fragment)
            and (_is_named(one, part) or any(_differ(one, other) for other in entries))
        ]
        names, titles = {one.feed_id for one in kept} - {None}, {one.title for one in kept}
        for one in entries:
            if one in kept:
                yield one
            elif one.feed_id not in names and one.title not in titles:
                yield replace(one, url=page)
