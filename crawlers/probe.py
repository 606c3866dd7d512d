"""Looking at addresses without keeping anything, in a child process: what a source would give, what is at a site."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from store.errors import VigieError
from store.sources import FEED, NEWSROOM, REGISTER, SITEMAP


class ProbeFailed(VigieError):
    """Looking at the addresses ended before it was done."""

    exit_code = 4


@dataclass(frozen=True)
class Listed:
    """An article that a source lists; `published` is a day and a minute as ISO 8601, or empty."""

    title: str
    url: str
    published: str


@dataclass(frozen=True)
class Found:
    """What there is at an address. `asked` is the address that was to be looked at, `url` where this was found.

    `articles` are the first of `count`; `newest` is when the newest was published, as ISO 8601, or empty.
    """

    asked: str
    url: str
    kind: str
    count: int
    newest: str
    articles: tuple[Listed, ...]
    error: str | None

    @property
    def rank(self) -> tuple[bool, int, bool, int]:
        """The order among all that was found at an address: what can be read, by kind, dated, with the most."""
        kinds = (SITEMAP, NEWSROOM, REGISTER, FEED)
        return (not self.error and self.count > 0, kinds.index(self.kind), bool(self.newest), self.count)


def _told(lines: bytes) -> list[Found]:
    """What the other process told, by whole lines."""
    told = [json.loads(line) for line in lines.rpartition(b"\n")[0].splitlines()]
    return [Found(**{**one, "articles": tuple(Listed(**listed) for listed in one["articles"])}) for one in told]


def probe(
    wanted: Sequence[tuple[str, str | None]],
    crawl: dict[str, Any],
    database_url: str,
    *,
    discover: bool = False,
    seconds: float = 240,
) -> list[Found]:
    """What there is at addresses with the kinds they are wished to be (None: any), the best of each address first.

    With `discover` also the feeds, the sitemaps and the list of articles that a page leads to. Robots.txt, delays and
    private addresses are respected as in a round of the crawl, and the requests to each host are counted with those of
    the rounds; `crawl` holds that section of the settings.
    What is not answered within `seconds`, for example because a host wants to be asked slowly, is told as such.
    Raises `ProbeFailed` when the looking itself fails.
    """
    order = {"wanted": [list(pair) for pair in wanted], "crawl": crawl, "discover": discover, "database": database_url}
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "crawlers.probing"],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
        if ended.returncode:
            said = ended.stderr.decode("utf-8", "replace").strip()[-300:]
            raise ProbeFailed(f"the crawl ended with code {ended.returncode}: {said}")
        found = _told(ended.stdout)
    except subprocess.TimeoutExpired as error:
        found = _told(error.stdout or b"")
        known = {one.asked for one in found}
        late = f"no answer within {seconds:.0f} seconds"
        found += [Found(url, url, kind or FEED, 0, "", (), late) for url, kind in wanted if url not in known]
    places = {address: number for number, (address, _) in enumerate(wanted)}
    return sorted(found, key=lambda one: (-places[one.asked], one.rank), reverse=True)
