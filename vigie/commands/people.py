"""The commands on people who are named in texts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from leads.contact_lists import import_contacts
from signals.erasure import erase
from store import users
from vigie.commands.options import ConfigOption
from vigie.console import counted, out, say
from vigie.opening import opened
from vigie.settings import DEFAULT_FILE

people_app = typer.Typer(help="People who are named in texts.", no_args_is_help=True)
_AUTHOR, _IMPORT = "vigie people erase", "vigie people import"
_SHOWN = 20  # rows that were left out


@people_app.command("import")
def import_people(
    file: Annotated[Path, typer.Argument(help="A table (CSV, XLSX, ODS) with contacts, one a row.")],
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Take contacts in: name, function, phone and mail address, each at a company of the register."""
    with opened(config) as (_, database), database.session() as session:
        kept, wrong = import_contacts(session, file, _IMPORT)
        users.note(session, _IMPORT, "contacts", f"{file.name}: {kept}")
    for one in wrong[:_SHOWN]:
        out.print(f"line {one.line}: {one.error}", markup=False)
    if len(wrong) > _SHOWN:
        say(f"and {len(wrong) - _SHOWN} more")
    say(f"{counted(kept, 'contact')} taken in, {counted(len(wrong), 'row')} left out")


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
