"""The commands on mails: what became of each, and those that come back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from digests.bounces import bounce_in
from store import mails
from store.errors import Invalid, NotFound
from vigie.commands.options import ConfigOption
from vigie.console import counted, minute_of, out, say
from vigie.opening import opened
from vigie.settings import DEFAULT_FILE

mails_app = typer.Typer(help="What became of the mails.", no_args_is_help=True)


@mails_app.command("list")
def list_mails(limit: Annotated[int, typer.Option(min=1, max=1000)] = 20, config: ConfigOption = DEFAULT_FILE) -> None:
    """List the mails made last, with what became of each."""
    table = Table("rep", "day", "news", "state", "tries", "made", "sent", "error")
    with opened(config) as (_, database), database.reading() as session:
        for one in mails.newest(session, limit=limit):
            times = minute_of(one.made_at), minute_of(one.sent_at)
            table.add_row(one.rep.email, one.day, str(one.news), one.state, str(one.attempts), *times, Text(one.error))
    out.print(table)


@mails_app.command("bounce")
def bounce(
    file: Annotated[str, typer.Argument(help="The notification as it came (RFC 3464); - is a pipe.")],
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Note that a mail came back; after three in a row the rep is written to no more."""
    try:
        found = bounce_in(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes())
    except OSError as error:
        raise Invalid(f"{file}: {error.strerror}") from None
    except Invalid as error:
        raise Invalid(f"{file}: {error}") from None
    with opened(config) as (_, database), database.session() as session:
        mail = mails.bounced(session, found.message_id, found.said)
        if mail is None:
            raise NotFound(f"{file}: the mail {found.message_id} is none of ours")
        say(f"{mail.rep.email}: {counted(mail.rep.bounces, 'mail')} in a row came back")
