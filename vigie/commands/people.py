"""The commands on people who are named in texts."""

from __future__ import annotations

from typing import Annotated

import typer

from signals.erasure import erase
from store import users
from vigie.commands.options import ConfigOption
from vigie.console import counted, say
from vigie.opening import opened
from vigie.settings import DEFAULT_FILE

people_app = typer.Typer(help="People who are named in texts.", no_args_is_help=True)
_AUTHOR = "vigie people erase"


@people_app.callback()
def people() -> None:
    """People who are named in texts."""


@people_app.command("erase")
def erase_person(
    name: Annotated[str, typer.Argument(help="First and last name.")], config: ConfigOption = DEFAULT_FILE
) -> None:
    """Erase a person everywhere; their name is hidden in what is read from now on. It cannot be taken back."""
    with opened(config) as (_, database), database.session() as session:
        done = erase(session, name, _AUTHOR)
        users.note(session, _AUTHOR, "erase")
    say(
        f"erased from {counted(done.documents, 'article')}, {counted(done.contacts, 'contact')} and "
        f"{counted(done.leads, 'lead')}; 'vigie index' takes the name out of the search at once"
    )
