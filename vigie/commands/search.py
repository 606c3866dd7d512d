"""`vigie search`, and what is printed for each document found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.query import Hits, Query, SearchIndex, signal_facts
from index.words import Highlighter
from signals.types import Taxonomy, default_taxonomy
from store import documents, signals
from store.database import Database
from store.errors import Invalid
from store.tables import Document, Signal
from vigie.commands.options import ConfigOption, with_options
from vigie.console import day_of, out
from vigie.jobs.indexing import up_to_date
from vigie.opening import opened
from vigie.settings import DEFAULT_FILE

_HIGHLIGHT = "bold yellow"


def lit(text: str, highlighter: Highlighter) -> Text:
    shown = Text(text)
    for start, end in highlighter.spans(text):
        shown.stylize(_HIGHLIGHT, start, end)
    return shown


def _evidence(document: Document, told: Sequence[Signal], highlighter: Highlighter) -> Text:
    """The sentences that prove the signals; without a signal, the passage that was searched for."""
    parts = list(dict.fromkeys(signal.sentence for signal in told if signal.sentence != document.title))
    if not told and document.text:
        parts = [highlighter.passage(document.text)]
    return Text("\n").join(lit(part, highlighter) for part in parts)


def show_hits(
    database: Database, index: SearchIndex, query: Query, taxonomy: Taxonomy, language: str, out: Console
) -> Hits:
    """Search and print a row per document: its day, companies, types, title, evidence and address."""
    hits = index.search(query)
    with database.reading() as session:
        found = documents.by_ids(session, hits.ids)
        told = signals.of_documents(session, list(found))
        highlighter = Highlighter(query.text)
        table = Table("date", "company", "signal", "evidence", show_lines=True)
        for document in (found[one] for one in hits.ids if one in found):
            answering = [
                signal for signal in told.get(document.id, []) if not query.fact or query.fact in signal_facts(signal)
            ]
            companies = dict.fromkeys(s.company.name if s.company else s.subject for s in answering)
            kinds = dict.fromkeys(taxonomy.label(s.type, language) for s in answering)
            title = lit(document.title, highlighter)
            title.stylize("bold")
            evidence = _evidence(document, answering, highlighter)
            said = Text("\n").join(part for part in (title, evidence, Text(document.url, style="dim")) if part)
            table.add_row(
                day_of(document.published_at), Text("\n".join(filter(None, companies))), Text("\n".join(kinds)), said
            )
    if hits.ids:
        out.print(table)
    out.print(f"{len(hits.ids)} of {hits.total} documents", highlight=False)
    return hits


@dataclass(frozen=True)
class SearchOptions:
    """What is asked of articles."""

    text: Annotated[str, typer.Argument(help='Words, "words in a row", begin*, -without.')] = ""
    family: Annotated[str, typer.Option(help="Only with a signal of this family.")] = ""
    kind: Annotated[str, typer.Option("--type", help="Only with a signal of this type.")] = ""
    department: Annotated[str, typer.Option(help="Only with a signal on a company of this department.")] = ""
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Published that day or later.")] = None
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Published that day or before.")] = None
    newest: Annotated[bool, typer.Option("--newest", help="Newest first, instead of best first.")] = False
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20

    def query(self, taxonomy: Taxonomy) -> Query:
        """What the index is asked. Raises `Invalid` that names the option."""
        kinds = (self.family, taxonomy.families, "family"), (self.kind, taxonomy.types, "type")
        for value, known, name in kinds:
            if value and value not in known:
                raise Invalid(f"--{name} {value}: there is no such {name}; there are {', '.join(sorted(known))}")
        return Query(
            text=self.text,
            family=self.family or None,
            type=self.kind or None,
            department=self.department or None,
            since=self.since.date() if self.since else None,
            until=self.until.date() if self.until else None,
            order="date" if self.newest else "relevance",
            limit=self.limit,
        )


@with_options
def search(asked: SearchOptions, config: ConfigOption = DEFAULT_FILE) -> None:
    """Search articles and the signals in them; what was asked for is highlighted in the evidence."""
    taxonomy = default_taxonomy()
    query = asked.query(taxonomy)
    with opened(config) as (settings, database):
        index = up_to_date(settings, database)
        show_hits(database, index, query, taxonomy, settings.language, out)
