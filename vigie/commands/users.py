"""The commands on users: who may sign in to the pages."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Annotated, Literal

import typer
from rich.table import Table
from rich.text import Text

from digests.headers import address
from store import users
from store.errors import Invalid
from vigie.commands.options import ConfigOption
from vigie.console import day_of, out, say
from vigie.mail_settings import links_of
from vigie.opening import opened
from vigie.settings import DEFAULT_FILE
from web.passwords import hashed

users_app = typer.Typer(help="Who may sign in to the pages.", no_args_is_help=True)
EmailArgument = Annotated[str, typer.Argument(help="The mail address.")]


@users_app.command("add")
def add_user(
    email: EmailArgument,
    name: Annotated[str, typer.Option(help="The name, as it stands in mails and on pages.")] = "",
    role: Annotated[Literal["rep", "manager", "admin"], typer.Option(help="What they may do.")] = "rep",
    language: Annotated[str, typer.Option(help="fr or en; that of the configuration when left out.")] = "",
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Let somebody sign in, or change their role; prints the address where they choose a password."""
    address(email, name)
    if language not in ("", "fr", "en"):
        raise Invalid(f"--language {language}: fr or en")
    with opened(config) as (settings, database), database.session() as session:
        user = users.invite(session, email, name, role, language=language, otherwise=settings.language)
        users.note(session, "command line", "user", f"{email}: {role}")
        say(f"{email} is a user ({role}); within three days they choose a password at")
        say(links_of(settings).invitation(user.rep_id, user.password))


@users_app.command("password")
def set_password(email: EmailArgument, config: ConfigOption = DEFAULT_FILE) -> None:
    """Set a user's password, asked for or read from a pipe; it ends their sign-ins."""
    with opened(config) as (_, database):
        with database.reading() as session:
            known = users.by_email(session, email).rep.email
        password = getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
        chosen = hashed(password, known)
        with database.session() as session:
            user = users.by_email(session, known)
            user.password = chosen
            users.sign_out_everywhere(session, user)
            users.forgive(session, known.lower())
            users.note(session, "command line", "password", known)
    say(f"{email}: the password is set")


@users_app.command("disable")
def disable(email: EmailArgument, config: ConfigOption = DEFAULT_FILE) -> None:
    """Let a user sign in no more, and end their sign-ins; `add` lets them again. Their lists and mails stay."""
    with opened(config) as (_, database), database.session() as session:
        user = users.by_email(session, email)
        user.active = False
        users.sign_out_everywhere(session, user)
        users.note(session, "command line", "user", f"{user.rep.email}: disabled")
    say(f"{email} may sign in no more")


@users_app.command("list")
def list_users(config: ConfigOption = DEFAULT_FILE) -> None:
    """List who may sign in."""
    with opened(config) as (_, database), database.reading() as session:
        table = Table("user", "name", "role", "since", "state")
        for user in users.everyone(session):
            state = "" if user.password else "no password yet"
            state = state if user.active else "disabled"
            table.add_row(Text(user.rep.email), Text(user.rep.name), user.role, day_of(user.added_at), state)
    out.print(table)
