"""The commands on what failed: what waits alone and why, and taking it up again."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from store import failures
from store.errors import Invalid, NotFound
from vigie.commands.options import ConfigOption
from vigie.console import counted, minute_of, out, say
from vigie.opening import opened
from vigie.settings import DEFAULT_FILE

failures_app = typer.Typer(help="What failed and waits alone.", no_args_is_help=True)


@failures_app.command("list")
def list_failures(config: ConfigOption = DEFAULT_FILE) -> None:
    """List the articles, mails and stages of a round that failed, and why; those set aside come first."""
    table = Table("kind", "unit", "of", "tries", "failed", "next try", "why")
    with opened(config) as (_, database), database.reading() as session:
        found = failures.everything(session)
        for one, of in found.items():
            due = minute_of(one.due_at) if one.due_at else "set aside"
            table.add_row(one.kind, one.unit, Text(of), str(one.tries), minute_of(one.failed_at), due, Text(one.error))
    out.print(table)
    say(counted(len(found), "failure"))


@failures_app.command("retry")
def retry(
    kind: Annotated[str, typer.Argument(help="As `vigie failures list` shows it: document, rep or stage.")] = "",
    unit: Annotated[str, typer.Argument(help="As `vigie failures list` shows it.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="All that failed.")] = False,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Try what failed again in the next round, as if it had never been tried."""
    if everything == bool(kind and unit):
        raise Invalid("say what is to be tried again: KIND and UNIT as vigie failures list shows them, or --all")
    with opened(config) as (_, database), database.session() as session:
        chosen = [one for one in failures.everything(session) if everything or (one.kind, one.unit) == (kind, unit)]
        if not chosen and not everything:
            raise NotFound(f"no {kind} '{unit}' has failed; see vigie failures list")
        for one in chosen:
            session.delete(one)
    say(f"{counted(len(chosen), 'failure')} to be tried again")
