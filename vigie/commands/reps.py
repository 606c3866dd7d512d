"""The commands on reps: who is written to, when and how."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from companies.lookup import named_company
from digests.headers import address
from digests.preferences import Preferences, prefer
from store import reps, watchlists
from store.base import utcnow
from store.errors import Invalid
from vigie.commands.options import ConfigOption, with_options
from vigie.console import counted, minute_of, out, say
from vigie.mail_settings import sender_of
from vigie.opening import opened
from vigie.settings import DEFAULT_FILE

reps_app = typer.Typer(help="Sales reps and the companies they follow.", no_args_is_help=True)


@reps_app.command("add")
def add_rep(
    email: Annotated[str, typer.Argument(help="The mail address.")],
    name: Annotated[str, typer.Option(help="The name, as it stands in the mail.")] = "",
    language: Annotated[str, typer.Option(help="fr or en; that of the configuration when left out.")] = "",
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Add a rep, or change the name and language of one."""
    address(email, name)
    if language not in ("", "fr", "en"):
        raise Invalid(f"--language {language}: fr or en")
    with opened(config) as (settings, database), database.session() as session:
        reps.save(session, email, name or email, language or settings.language)
    say(f"{email} is a rep")


@reps_app.command("watch")
def watch(
    email: Annotated[str, typer.Argument(help="The rep's mail address.")],
    names: Annotated[list[str], typer.Argument(metavar="COMPANY...", help="SIREN numbers or names.")],
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Put companies on a rep's watchlist; all of them or, when one is not found, none."""
    with opened(config) as (_, database), database.session() as session:
        rep = reps.by_email(session, email)
        ids = [named_company(session, name).id for name in names]
        new = len(watchlists.add(session, watchlists.save(session, rep, ""), ids))
        total = len(watchlists.watched(session, rep))
    say(f"{new} added; {email} follows {total} companies")


@dataclass(frozen=True)
class PreferenceOptions:
    """What of a rep's mails is changed; None stays as it is."""

    at: Annotated[str | None, typer.Option(help="When the digest comes: 07:30.")] = None
    zone: Annotated[str | None, typer.Option(help="In which time zone: Europe/Paris.")] = None
    days: Annotated[str | None, typer.Option(help="On which days: daily, mon-fri or mon,thu.")] = None
    when_empty: Annotated[str | None, typer.Option(help="When nothing is new: short (a short mail) or none.")] = None
    most: Annotated[int | None, typer.Option(min=1, max=200, help="How many news a mail tells.")] = None
    offer: Annotated[str | None, typer.Option(help='Whose leads come first: an offer; "" all, - none.')] = None
    subscribed: Annotated[bool | None, typer.Option("--subscribed/--unsubscribed", help="Whether mails come.")] = None


@reps_app.command("set")
@with_options
def change(
    email: Annotated[str, typer.Argument(help="The rep's mail address.")],
    asked: PreferenceOptions,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Change when and how a rep is written to; an empty value is that of the configuration again."""
    if asked.when_empty not in (None, "short", "none"):
        raise Invalid(f"--when-empty {asked.when_empty}: short or none")
    with opened(config) as (settings, database), database.session() as session:
        rep = reps.by_email(session, email)
        prefer(session, rep, Preferences.model_validate(asdict(asked)))
        if asked.subscribed is not None:
            rep.bounces = 0
        come = sender_of(settings).schedule(rep).next(utcnow())
        local = come.astimezone(sender_of(settings).schedule(rep).zone)
    said = f"the next digest leaves at {local:%Y-%m-%d %H:%M %Z}" if rep.subscribed else "no mails"
    say(f"{email}: {said}")


@reps_app.command("list")
def list_reps(config: ConfigOption = DEFAULT_FILE) -> None:
    """List the reps with their companies."""
    with opened(config) as (settings, database), database.reading() as session:
        table = Table("rep", "when", "last digest", "companies", "state")
        for rep in reps.everyone(session):
            names = ", ".join(company.name for company in watchlists.watched(session, rep))
            schedule = settings.schedule
            when = f"{rep.digest_time or schedule.digest_at} {rep.days or schedule.digest_days}"
            when += f"\n{rep.zone or schedule.time_zone}"
            state = "" if rep.subscribed else "unsubscribed"
            state = f"{counted(rep.bounces, 'mail')} came back" if rep.bounces else state
            last = minute_of(rep.digest_at)
            who = Text(
                f"{rep.name}\n{rep.email} ({rep.language})"
                if rep.name != rep.email
                else f"{rep.email} ({rep.language})"
            )
            table.add_row(who, when, last, Text(names), state)
    out.print(table)
