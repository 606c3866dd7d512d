"""`vigie rank`: what is printed of an offer's leads."""

from __future__ import annotations

from datetime import date

from rich.console import Console
from rich.table import Table
from rich.text import Text

from leads.changes import changes, dropped
from leads.wording import Words
from store import scores
from store.database import Database
from store.tables import Company, LedgerLine, Score

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
    with database.session() as session:
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
