"""`vigie analyse` and `vigie replay`: what articles tell, when they come and again with today's rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from companies.linker import open_linker
from signals.reanalysis import Pages, Reanalysis, What, reanalyse
from signals.rules import default_extractor
from signals.types import Taxonomy, default_taxonomy
from store import documents
from store.documents import Page
from store.tables import Document
from vigie.commands.options import ConfigOption
from vigie.console import day_of, out, progress_bars, say, warn
from vigie.jobs.analysis import run_analyse
from vigie.opening import opened
from vigie.settings import DEFAULT_FILE, CrawlSettings

_MARKS: dict[What, str] = {"appears": "+", "goes": "-", "changes": "~"}


@contextmanager
def _pages(crawl: CrawlSettings, unread: Callable[[str], None]) -> Iterator[Pages]:
    """How the pages that were kept are read; `unread` is told the address of each that cannot be."""
    from crawlers.extraction import Extraction  # its libraries cost every command a second

    extraction = Extraction(
        seconds=crawl.extract_seconds, megabytes=crawl.extract_megabytes, user_agent=crawl.user_agent
    )

    def read(batch: Sequence[Document]) -> dict[int, Page]:
        kept = [(one, one.page, documents.page_body(one.page)) for one in batch if one.page is not None]
        begun = [
            (one, page, body, extraction.start(body, page.content_type, one.url, one.found_at))
            for one, page, body in kept
        ]
        found: dict[int, Page] = {}
        for one, page, body, future in begun:
            try:
                what = future.result()
            except Exception:  # whatever a hostile page makes the extractor raise, what it gave before is kept
                unread(one.url)
                continue
            facts = (what.title, what.text, what.author, what.published_at, page.content_type, body)
            found[one.id] = Page(*facts, date_source=what.date_source, access=what.access)
        return found

    try:
        yield read
    finally:
        extraction.stop()


def _show(found: Reanalysis, taxonomy: Taxonomy, language: str, limit: int) -> None:
    """Print what is different: by type, then signal by signal."""
    by_type = Counter((one.type, one.what) for one in found.told)
    table = Table("signal", "appear", "go", "change")
    for kind in sorted({kind for kind, _ in by_type}):
        counts = (by_type[kind, what] for what in _MARKS)
        table.add_row(taxonomy.label(kind, language), *(str(number) for number in counts))
    if found.told:
        out.print(table)
    lines = Table("", "date", "company", "signal", "evidence", show_lines=True)
    for one in found.told[:limit]:
        evidence = Text("\n").join([Text(one.sentence), Text(one.url, style="dim")])
        said = Text(f"{taxonomy.label(one.type, language)} ({one.status})")
        lines.add_row(_MARKS[one.what], day_of(one.published_at), Text(one.who), said, evidence)
    if found.told and limit:
        out.print(lines)
    if len(found.told) > limit:
        say(f"and {len(found.told) - limit} more; --limit shows them")


def replay(
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Articles found that day or later.")],
    apply: Annotated[bool, typer.Option("--apply", help="Change what is stored; without it, only show.")] = False,
    limit: Annotated[int, typer.Option(min=0, help="How many signals to print.")] = 20,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Analyse stored articles again with today's rules: which signals appear and go. No mail tells what is found."""
    taxonomy, unread = default_taxonomy(), list[str]()
    with opened(config) as (settings, database):
        with database.reading() as session:
            ids = documents.analysed_since(session, since.replace(tzinfo=UTC))
        columns = (TextColumn("read again"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with progress_bars(*columns) as bars, _pages(settings.crawl, unread.append) as pages:
            task = bars.add_task("articles", total=len(ids))
            linker = open_linker(database, settings.data)
            found = reanalyse(
                database,
                ids,
                pages,
                default_extractor(embedding=settings.nlp.embedding),
                linker,
                apply=apply,
                progress=lambda done: bars.update(task, completed=done),
            )
        _show(found, taxonomy, settings.language, limit)
    for url in unread[:limit]:
        warn(f"{url}: its page cannot be read any more; it keeps the text it has")
    appear, go, change = (found.count(what) for what in _MARKS)
    said = (
        f"{found.documents} articles read again, {found.different} tell something else: {appear} signals appear, "
        f"{go} go, {change} are of another company or status"
    )
    say(said if apply else f"{said}. Nothing is changed; --apply does it")


def analyse(config: ConfigOption = DEFAULT_FILE) -> None:
    """Find the signals of the articles that were collected."""
    with opened(config) as (settings, database):
        found = run_analyse(settings, database)
    say(f"{found} signals found")
