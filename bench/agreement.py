"""How often a real article is taken for what a server gives in its place: `python -m bench.agreement DATA`.

What a feed would say of a saved page is what it says of itself to programs: its title, and its title with its
description. Rules were chosen on the half that was seen; each page of the other half that is refused is printed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import trafilatura
from rich.console import Console
from rich.table import Table

from bench.articles import NOW, Saved, of_fundus, of_trafilatura
from crawlers.agreement import replaced_by
from crawlers.encodings import to_text
from crawlers.extract import NoText, extract


def _announced(page: Saved) -> Iterator[tuple[str, str]]:
    """What feeds would say of a page: by what it is told apart, and the words."""
    root = trafilatura.load_html(to_text(page.body, "text/html"))
    if root is None:
        return
    said = {
        str(meta.get("property") or meta.get("name")).lower(): str(meta.get("content") or "")
        for meta in root.iter("meta")
    }
    if title := said.get("og:title") or page.title:
        yield "title", title
        yield "title and description", f"{title}\n{said.get('og:description') or said.get('description') or ''}"


def main(data: str = "../shared/data") -> None:
    """Print how many of the pages are refused, by half and by what is announced."""
    pages = Path(data) / "pages"
    console, counts, refused = Console(width=120), Counter[tuple[bool, str]](), Counter[tuple[bool, str]]()
    for page in chain(of_trafilatura(pages / "trafilatura"), of_fundus(pages / "fundus")):
        try:
            found = extract(page.body, "text/html", page.url or "https://example.com/a", NOW)
        except (NoText, ValueError):
            continue
        for how, words in _announced(page):
            counts[page.seen, how] += 1
            if why := replaced_by(words, found.title, found.text):
                refused[page.seen, how] += 1
                if not page.seen:
                    console.print(f"{page.file}: {why}: {found.text[:60]!r}")
    table = Table("half", "announced by", "pages", "refused", title="Articles taken for what came in their place")
    for (seen, how), number in sorted(counts.items(), reverse=True):
        table.add_row("seen" if seen else "not seen", how, str(number), str(refused[seen, how]))
    console.print(table)


if __name__ == "__main__":
    main(*sys.argv[1:])
