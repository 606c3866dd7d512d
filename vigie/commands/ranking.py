"""`vigie rank`, and what is printed of an offer's leads."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from leads.changes import changes, dropped
from leads.wording import Words
from signals.types import default_taxonomy
from store import scores
from store.base import utcnow
from store.database import Database
from store.errors import Invalid
from store.tables import Company, LedgerLine, Score
from vigie.commands.options import ConfigOption
from vigie.console import out
from vigie.jobs.indexing import up_to_date
from vigie.jobs.rankings import run_rankings
from vigie.opening import opened
from vigie.settings import DEFAULT_FILE

_REASONS = 6


def _company(company: Company) -> Text:
    said = ", ".join(part for part in (company.city, company.department) if part)
    return Text.assemble((company.name, "bold"), (f"\n{said}" if said else "", "dim"))


def _reason(line: LedgerLine, words: Words) -> Text:
    said = Text.assemble((f"{words.points(line.points):>5} ", "bold"), words.reason(line))
    if line.signal is not None:
        said.append(f"\n      {words.quoted(line.signal.sentence)}", style="dim")
    return said


def _reasons(score: Score, words: Words) -> Text:
    lines = sorted(score.lines, key=lambda line: (line.part != "timing", -abs(line.points)))
    shown = [_reason(line, words) for line in lines[:_REASONS]]
    if len(lines) > _REASONS:
        shown.append(Text(f"      … {len(lines) - _REASONS} more", style="dim"))
    return Text("\n").join(shown)


def _drop(score: Score, words: Words) -> tuple[Text, str, Text]:
    """A company that was a better lead before: which, what it was and is, and why."""
    before = score.before or {}
    was = f"{before['state']}, {date.fromisoformat(before['day']):%Y-%m-%d}" if before.get("day") else ""
    why = [Text.assemble((f"{words.points(one.points):>5} ", "bold"), words.change(one)) for one in changes(score)]
    return _company(score.company), f"{was}\n→ {score.state}", Text("\n").join(why[:_REASONS])


def show_ranking(database: Database, offer: str, words: Words, out: Console, *, limit: int) -> None:
    """Print the hot leads of an offer, then the potential ones, each with its reasons."""
    with database.reading() as session:
        for state, title in (("hot", "Hot leads"), ("potential", "Potential leads")):
            found = scores.in_state(session, offer, state, limit=limit)
            table = Table("company", "timing", "fit", "reasons", title=f"{title}: {offer}", show_lines=True)
            for score in found:
                timing, fit = words.points(score.timing), words.points(score.fit)
                table.add_row(_company(score.company), timing, fit, _reasons(score, words))
            if found:
                out.print(table)
            else:
                out.print(f"{title}: {offer}: none", highlight=False, markup=False)
        lost = [score for score in scores.dropped(session, offer) if dropped(score)]
        if lost:
            table = Table("company", "was", "why", title=f"No longer what they were: {offer}", show_lines=True)
            for score in lost[:limit]:
                table.add_row(*_drop(score, words))
            out.print(table)


def rank_companies(
    offer: Annotated[str, typer.Option(help="The offer to rank for; all when left out.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many leads of each kind to print.")] = 10,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Rank companies into hot and potential leads, each with the reasons in words."""
    with opened(config) as (settings, database):
        words = Words(settings.language, default_taxonomy(), utcnow().date())
        up_to_date(settings, database)
        ranked = run_rankings(settings, database, words.today, offer)
        if not ranked:
            raise Invalid(f"{config}: there is no offer; add one under 'offers' (config.yaml of the project shows how)")
        for one in ranked:
            show_ranking(database, one, words, out, limit=limit)
