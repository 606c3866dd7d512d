"""`vigie find`: companies by what happened to them and what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.words import Highlighter
from leads.conditions import spelt
from leads.wording import Words
from signals.types import default_taxonomy
from store import reps, signals
from store.base import utcnow
from store.errors import Invalid
from store.tables import Signal
from vigie.commands.options import ConfigOption, with_options
from vigie.commands.search import lit
from vigie.console import day_of, out, say
from vigie.jobs.indexing import up_to_date
from vigie.opening import opened
from vigie.percolator import change
from vigie.queries import query_of
from vigie.settings import DEFAULT_FILE
from watch.searches import Search, search_of


@dataclass(frozen=True)
class FindOptions:
    """What is asked of signals and companies."""

    text: Annotated[str, typer.Argument(help='Words of the article: words, "words in a row", begin*, -without.')] = ""
    family: Annotated[list[str] | None, typer.Option(help="A signal of this family; several: one of them.")] = None
    kind: Annotated[list[str] | None, typer.Option("--type", help="A signal of this type; several: one.")] = None
    where: Annotated[
        list[str] | None, typer.Option(help="A criterion of the company: naf=28,29, headcount>=50, turnover=?")
    ] = None
    place: Annotated[list[str] | None, typer.Option(help="Department or country of the company.")] = None
    days: Annotated[int | None, typer.Option(help="Published in the last so many days.")] = None
    confidence: Annotated[float, typer.Option(help="At least as sure as this, 0 to 1.")] = 0.0
    impact: Annotated[float, typer.Option(help="At least as large as this, 0 to 2; 1 is usual.")] = 0.0

    @property
    def search(self) -> Search:
        """The search. Raises `Invalid` that names the option."""
        return search_of(
            {
                "text": self.text,
                "families": self.family or (),
                "types": self.kind or (),
                "criteria": tuple(map(spelt, self.where or ())),
                "territory": self.place or (),
                "days": self.days,
                "confidence": self.confidence,
                "impact": self.impact,
            },
            default_taxonomy(),
        )


@with_options
def find(
    asked: FindOptions,
    save: Annotated[str, typer.Option(help="Save it as the search of the watchlist of this name.")] = "",
    rep: Annotated[str, typer.Option(help="Whose watchlist: the mail address.")] = "",
    grows: Annotated[bool, typer.Option("--grows", help="Put the companies that it finds on the list.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Find companies by what happened to them and what they are, with the sentence that proves it."""
    if (save or grows) and not (save and rep):
        raise Invalid("a search is saved with --save NAME --rep EMAIL")
    search = asked.search
    with opened(config) as (settings, database):
        index = up_to_date(settings, database)
        words = Words(settings.language, default_taxonomy(), utcnow().date())
        ids = [one.signal for one in index.find(query_of(search, words.today))]
        with database.session() as session:
            found = [one for one in signals.by_ids(session, ids) if one.impact >= search.impact]
            _show(found, search, words, out, limit=limit)
            if save:
                written = search.model_dump(mode="json", by_alias=True, exclude_defaults=True)
                changes = {"search": written, "grows": grows}
                change(session, index, reps.by_email(session, rep), save, words.today, changes)
                say(f"saved as '{save}' of {rep}: what answers it from now on is told")


def _show(found: Sequence[Signal], search: Search, words: Words, out: Console, *, limit: int) -> None:
    """Print a row per signal, the newest first: its day, company, type and evidence."""
    highlighter = Highlighter(search.text)
    table = Table("date", "company", "signal", "evidence", show_lines=True)
    for one in found[:limit]:
        company = one.company
        name, place = (company.name, company.department or company.country) if company else (one.subject, "")
        who = Text.assemble((name, "bold"), (f"\n{place}", "dim"))
        kind = words.taxonomy.label(one.type, words.language) + words.status(one.status)
        said = Text("\n").join((lit(one.sentence, highlighter), Text(one.document.url, style="dim")))
        table.add_row(day_of(one.published_at), who, kind, said)
    if found:
        out.print(table)
    companies = len({one.company_id for one in found})
    out.print(f"signals: {len(found)}, companies: {companies}", highlight=False)
