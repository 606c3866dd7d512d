"""The commands on offers: what is sold, in versions that are never lost."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import yaml
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from leads import offers
from leads.offers import Offer
from store import companies, reps
from store import offers as versions
from store.base import utcnow
from store.errors import Invalid, NotFound
from store.tables import Rep
from vigie.commands.options import ConfigOption, with_options
from vigie.console import minute_of, out, say
from vigie.jobs.indexing import up_to_date
from vigie.opening import opened
from vigie.settings import DEFAULT_FILE, read_yaml

if TYPE_CHECKING:
    from leads.replay import Move, Replay

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The offer's name.")]
AuthorOption = Annotated[str, typer.Option("--author", help="Who does it; the user of the machine when left out.")]

offers_app = typer.Typer(help="What you sell: whom it is for and what makes it timely.", no_args_is_help=True)


def _by(author: str) -> str:
    return author or getpass.getuser()


@offers_app.command("list")
def list_offers(config: ConfigOption = DEFAULT_FILE) -> None:
    """List the offers with the version that holds, who saved it, and the reps it is given to."""
    table = Table("offer", "version", "saved", "by", "given to")
    with opened(config) as (_, database), database.reading() as session:
        given = versions.given(session)
        for one in versions.current(session):
            sold_by = ", ".join(rep.email for rep in given.get(one.name, ())) or "nobody"
            table.add_row(Text(one.name), str(one.number), minute_of(one.saved_at), Text(one.author), Text(sold_by))
    out.print(table)


@dataclass(frozen=True)
class Sellers:
    """Which reps an offer is given to or taken from."""

    emails: Annotated[list[str] | None, typer.Argument(metavar="EMAIL...", help="The reps' mail addresses.")] = None
    everyone: Annotated[bool, typer.Option("--everyone", help="All reps there are now.")] = False

    def of(self, session: Session, name: str) -> list[Rep]:
        """The reps, for an offer that there is. Raises `NotFound`, or `Invalid` where it says none or both."""
        offers.named(session, name)
        if bool(self.emails) == self.everyone:
            raise Invalid("name the reps by their mail addresses, or all of them with --everyone")
        return reps.everyone(session) if self.everyone else [reps.by_email(session, one) for one in self.emails or ()]


@offers_app.command("give")
@with_options
def give(name: NameArgument, sellers: Sellers, config: ConfigOption = DEFAULT_FILE) -> None:
    """Give an offer to reps: its leads are in their mails and pages from now on, and in nobody else's."""
    with opened(config) as (_, database), database.session() as session:
        new = versions.give(session, name, sellers.of(session, name))
        total = len(versions.given(session).get(name, ()))
    say(f"{name}: given to {new} more, {total} in all")


@offers_app.command("take")
@with_options
def take(name: NameArgument, sellers: Sellers, config: ConfigOption = DEFAULT_FILE) -> None:
    """Take an offer from reps: its leads are in their mails and pages no more."""
    with opened(config) as (_, database), database.session() as session:
        gone = versions.take(session, name, sellers.of(session, name))
        total = len(versions.given(session).get(name, ()))
    say(f"{name}: taken from {gone}, {total} have it")


@offers_app.command("show")
def show(name: NameArgument, config: ConfigOption = DEFAULT_FILE) -> None:
    """Print an offer as YAML, as `save` reads it."""
    with opened(config) as (_, database), database.reading() as session:
        offer = offers.named(session, name)
    say(yaml.safe_dump(offer.content, allow_unicode=True, sort_keys=False).strip())


@offers_app.command("save")
def save(
    file: Annotated[Path, typer.Argument(help="YAML of one offer, as under `offers` in the configuration.")],
    note: Annotated[str, typer.Option(help="Why it changes.")] = "",
    author: AuthorOption = "",
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Let the offer of a file hold from now on; it is a new one, or a new version of the one with its name."""
    offer = offers.read(read_yaml(file), str(file))
    with opened(config) as (_, database), database.session() as session:
        version = offers.save(session, offer, _by(author), note)
        number = version.number if version else 0
        is_wanting = offer.name not in versions.given(session) and bool(reps.everyone(session))
    say(f"{offer.name}: version {number}" if number else f"{offer.name}: nothing changed")
    if is_wanting:
        say("no rep has it yet: `vigie offers give` says who sells it")


@offers_app.command("try")
def try_offer(
    file: Annotated[Path, typer.Argument(help="YAML of one offer, as `save` reads it.")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many companies of each kind to print.")] = 10,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Show what an offer would have told over the last 90 days against the one of its name; nothing is saved."""
    from vigie.jobs.rankings import run_replay

    offer = offers.read(read_yaml(file), str(file))
    with opened(config) as (settings, database):
        up_to_date(settings, database)
        with database.reading() as session:
            before = next((one for one in offers.current(session) if one.name == offer.name), None)
        found = run_replay(settings, database, before, offer, utcnow().date())
        with database.reading() as session:
            _show_replay(session, offer, found, limit)
    say(f"nothing is saved; `vigie offers save {file}` lets it hold")


def _show_replay(session: Session, offer: Offer, found: Replay, limit: int) -> None:
    known = companies.by_ids(session, [one.company_id for one in found.moved])
    titles: dict[Move, str] = {"enters": "Enter", "leaves": "Leave", "rises": "Rise", "falls": "Fall"}
    for move, title in titles.items():
        moved = found.of(move)
        if not moved:
            continue
        table = Table("company", "days hot", "first", "fit", "timing", title=f"{title}: {offer.name} ({len(moved)})")
        for one in moved[:limit]:
            days, fit, timing = (
                " → ".join("elsewhere" if value == -inf else f"{value:g}" for value in pair)
                for pair in (one.days, one.fit, one.timing)
            )
            table.add_row(Text(known[one.company_id].name), days, f"{one.since:%Y-%m-%d}", fit, timing)
        out.print(table)
    for state, (was, now) in found.leads.items():
        say(f"{state} today: {was} → {now}")


@offers_app.command("history")
def history(name: NameArgument, config: ConfigOption = DEFAULT_FILE) -> None:
    """List the versions of an offer, the newest first."""
    table = Table("version", "saved", "by", "note")
    with opened(config) as (_, database), database.reading() as session:
        found = versions.history(session, name)
        if not found:
            raise NotFound(f"there is no offer '{name}'; `vigie offers list` shows them")
        for one in reversed(found):
            note = one.note if one.content else "taken out"
            table.add_row(str(one.number), minute_of(one.saved_at), Text(one.author), Text(note))
    out.print(table)


@offers_app.command("restore")
def restore(
    name: NameArgument,
    number: Annotated[int, typer.Argument(metavar="VERSION", help="The version's number.")],
    author: AuthorOption = "",
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Let an earlier version of an offer hold again, as a new version."""
    with opened(config) as (_, database), database.session() as session:
        version = offers.restore(session, name, number, _by(author))
        said = f"version {version.number} is version {number} again" if version else "it holds already"
    say(f"{name}: {said}")


@offers_app.command("retire")
def retire(name: NameArgument, author: AuthorOption = "", config: ConfigOption = DEFAULT_FILE) -> None:
    """Take an offer out; its versions stay and can be restored."""
    with opened(config) as (_, database), database.session() as session:
        offers.retire(session, name, _by(author))
    say(f"{name}: taken out; `vigie offers restore` brings it back")
