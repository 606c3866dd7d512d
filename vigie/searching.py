"""`vigie search`: what is printed for each document found."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.query import Hits, Query, SearchIndex, signal_facts
from index.words import Highlighter
from signals.types import Taxonomy
from store import documents, signals
from store.database import Database
from store.tables import Document, Signal
from vigie.console import day_of

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
    with database.session() as session:
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
