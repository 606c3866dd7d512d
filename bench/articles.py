"""How often the date, the title, the author and the text of saved news pages are right, beside trafilatura alone.

    python -m bench.articles FOLDER

FOLDER holds `trafilatura` and `fundus`: pages with what people say of them. Rules are chosen on one half of each, the
*seen* half: pages whose file name has a SHA-1 digest with an even first byte.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sys
import tarfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import trafilatura

from crawlers.extract import extract

NOW = datetime(2026, 11, 26, tzinfo=UTC)
SHARES = ("date", "title", "author", "text kept", "text left out")
WHERE = ("jsonld", "meta", "url", "text", "guess", "unknown")
COLUMNS = ("pages", "half", "by", "number", *SHARES)


@dataclass(frozen=True)
class Saved:
    """A saved page with what it says: pieces of text that belong to the article, and such that do not."""

    group: str
    file: str
    url: str
    body: bytes
    date: str
    title: str
    author: str
    kept: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def seen(self) -> bool:
        """Whether the page is of the half on which rules are chosen."""
        return hashlib.sha1(self.file.encode(), usedforsecurity=False).digest()[0] % 2 == 0


@dataclass(frozen=True)
class Told:
    """What a reader makes of a page; `where` is where the date was found."""

    date: str
    title: str
    author: str
    text: str
    where: str = ""


def of_trafilatura(folder: Path) -> Iterator[Saved]:
    """The pages of trafilatura's own evaluation."""
    gold = {facts["file"]: (url, facts) for url, facts in json.loads((folder / "evaldata.json").read_text()).items()}
    french = {line.split("\t")[1].strip() for line in (folder / "fr_pages.tsv").read_text().splitlines()}
    with tarfile.open(folder / "html.tar.gz") as archive:
        for member in archive:
            name = member.name.rpartition("/")[2]
            content = archive.extractfile(member)
            if content is None or name not in gold:
                continue
            url, facts = gold[name]
            group = "trafilatura, French" if name in french else "trafilatura, mostly German"
            date, title, author = (str(facts.get(key) or "") for key in ("date", "title", "author"))
            kept, left_out = tuple(facts["with"]), tuple(facts["without"])
            yield Saved(group, name, url, content.read(), date, title, author, kept, left_out)


def of_fundus(folder: Path) -> Iterator[Saved]:
    """The pages of fundus's tests."""
    for place in sorted(folder.iterdir()):
        if not (place / "meta.info").exists():
            continue
        facts = json.loads((place / "meta.info").read_text())
        for file in sorted(place.glob("*.json")):
            pages = sorted(place.glob(f"{file.stem}_*.html.gz"))
            versions = list(json.loads(file.read_text()).values())
            if len(pages) != len(versions):
                continue
            for page, said in zip(pages, versions, strict=True):
                body = said.get("body") or {}
                sections = body.get("sections") or []
                kept = [*(body.get("summary") or []), *(text for one in sections for text in one["paragraphs"])]
                group = "fundus, French" if place.name in ("fr", "be", "lu") else "fundus, English and others"
                date, title = str(said.get("publishing_date") or "")[:10], said.get("title") or ""
                author = ", ".join(said.get("authors") or [])
                url = facts.get(page.name, {}).get("url", "")
                yield Saved(
                    group, page.name, url, gzip.decompress(page.read_bytes()), date, title, author, tuple(kept), ()
                )


def by_trafilatura(page: Saved) -> Told:
    """Trafilatura as it comes."""
    found = trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True, include_comments=False)
    if found is None or isinstance(found, dict):
        return Told("", "", "", "")
    return Told(found.date or "", found.title or "", found.author or "", found.text or "")


def by_vigie(page: Saved) -> Told:
    """What the crawl keeps of a page."""
    try:
        found = extract(page.body, "text/html", page.url, NOW)
    except ValueError:
        return Told("", "", "", "")
    date = found.published_at.strftime("%Y-%m-%d") if found.published_at else ""
    return Told(date, found.title, found.author or "", found.text, found.date_source)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"\w+", "".join(one for one in folded if not unicodedata.combining(one))))


def count(page: Saved, told: Told, counts: Counter[str]) -> None:
    """Add what is right and what there was to be right on, for each column."""
    text = _plain(told.text)
    facts = {
        "date": (page.date, told.date == page.date),
        "title": (page.title, _plain(told.title) == _plain(page.title)),
    }
    gold, named = set(_plain(page.author).split()), set(_plain(told.author).split())
    facts["author"] = (page.author, bool(gold) and gold <= named)
    for column, (there, right) in facts.items():
        counts[f"{column} of"] += bool(there)
        counts[column] += bool(there) and right
    if page.date and told.where:
        counts[f"{told.where} of"] += 1
        counts[told.where] += told.date == page.date
    for column, pieces, wanted in (("text kept", page.kept, True), ("text left out", page.left_out, False)):
        for piece in pieces:
            counts[f"{column} of"] += 1
            counts[column] += (_plain(piece) in text) is wanted


def measure(folder: Path) -> tuple[list[list[str]], list[list[str]]]:
    """The rows of two tables: of each group, half and reader; and of the dates, by where and in which half."""
    counts: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for page in (*of_trafilatura(folder / "trafilatura"), *of_fundus(folder / "fundus")):
        for name, reader in (("Vigie", by_vigie), ("trafilatura alone", by_trafilatura)):
            counted = counts[page.group, "seen" if page.seen else "unseen", name]
            counted["pages"] += 1
            count(page, reader(page), counted)
    rows = [
        [group, half, name, str(counted["pages"]), *(_share(counted, column) for column in SHARES)]
        for (group, half, name), counted in sorted(counts.items())
    ]
    halves: dict[str, Counter[str]] = defaultdict(Counter)
    for (_, half, _), counted in counts.items():
        halves[half].update(counted)
    return rows, [[where, *(_share(halves[half], where) for half in ("seen", "unseen"))] for where in WHERE]


def _share(counted: Counter[str], column: str) -> str:
    there = counted[f"{column} of"]
    return f"{counted[column] / there:.2f} ({counted[column]} of {there})" if there else "–"


if __name__ == "__main__":
    for table in measure(Path(sys.argv[1])):
        sys.stdout.writelines(" | ".join(row) + "\n" for row in table)
