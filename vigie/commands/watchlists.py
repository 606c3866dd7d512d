"""The commands on watchlists: what a rep follows, what is held back, and letting it through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from companies.lookup import first_column, named_companies, named_company
from leads.wording import Words
from signals.types import default_taxonomy
from store import companies, reps, signals, watchlists
from store.base import utcnow
from store.errors import Invalid, NotFound
from store.tables import Watchlist
from vigie.commands.options import ConfigOption, with_options
from vigie.console import day_of, minute_of, out, say
from vigie.jobs.indexing import up_to_date
from vigie.mail_settings import sender_of
from vigie.opening import opened
from vigie.percolator import change
from vigie.settings import DEFAULT_FILE, Settings
from watch.news import held_of
from watch.wording import why_held

EmailArgument = Annotated[str, typer.Argument(metavar="EMAIL", help="The rep's mail address.")]
ListArgument = Annotated[str, typer.Argument(metavar="LIST", help='The list\'s name; "" is the one without a name.')]
_KNOWN_DAYS = 90

watchlists_app = typer.Typer(help="What each rep follows, and what is held back.", no_args_is_help=True)


@dataclass(frozen=True)
class ContentOptions:
    """What of a list is changed; None stays as it is."""

    family: Annotated[list[str] | None, typer.Option(help="Only signals of this family; several: of one.")] = None
    kind: Annotated[list[str] | None, typer.Option("--type", help="Only signals of this type; several: of one.")] = None
    confidence: Annotated[float | None, typer.Option(help="Only what is at least as sure, 0 to 1.")] = None
    impact: Annotated[float | None, typer.Option(help="Only what is at least as large, 0 to 2; 1 is usual.")] = None
    delivery: Annotated[str | None, typer.Option(help="digest, or immediate: a mail as soon as it is found.")] = None
    quiet: Annotated[str | None, typer.Option(help="Hours without immediate mails: 20:00-07:00.")] = None
    person: Annotated[list[str] | None, typer.Option(help="What names this person in a business role.")] = None
    keyword: Annotated[
        list[str] | None, typer.Option(help="What an article with this word tells; robot* begins so.")
    ] = None

    @property
    def changes(self) -> dict[str, object]:
        """What is given, by key of the content."""
        several = {"families": self.family, "types": self.kind, "people": self.person, "keywords": self.keyword}
        given: dict[str, object] = {
            key: [one for one in values if one] for key, values in several.items() if values is not None
        }
        single = ("confidence", "impact", "delivery", "quiet")
        return given | {key: getattr(self, key) for key in single if getattr(self, key) is not None}


@watchlists_app.command("save")
@with_options
def save(email: EmailArgument, name: ListArgument, asked: ContentOptions, config: ConfigOption = DEFAULT_FILE) -> None:
    """Make a list, or change what is given of one; lists of values are replaced, and emptied by an empty one."""
    with opened(config) as (settings, database):
        index = up_to_date(settings, database)
        with database.session() as session:
            found = change(session, index, reps.by_email(session, email), name, utcnow().date(), asked.changes)
    say(f"'{name}' of {email} is saved" + (f"; {found} stored signals answer it" if found else ""))


@watchlists_app.command("list")
def list_all(email: EmailArgument, config: ConfigOption = DEFAULT_FILE) -> None:
    """List what a rep follows."""
    table = Table("list", "companies", "asks for", "state")
    with opened(config) as (_, database), database.reading() as session:
        lists = watchlists.of_rep(session, reps.by_email(session, email))
        sizes = watchlists.sizes(session, lists)
        for one in lists:
            said = "\n".join(f"{key}: {value}" for key, value in one.content.items())
            table.add_row(Text(one.name or "(no name)"), str(sizes.get(one.id, 0)), Text(said), _state(one))
    out.print(table)


def _state(one: Watchlist) -> str:
    if one.muted:
        return "muted"
    snoozed = one.snoozed_until and one.snoozed_until > utcnow()
    return f"snoozed until {minute_of(one.snoozed_until)}" if snoozed else ""


@watchlists_app.command("add")
def add(
    email: EmailArgument,
    name: ListArgument,
    names: Annotated[list[str] | None, typer.Argument(metavar="COMPANY...", help="SIREN numbers or names.")] = None,
    file: Annotated[Path | None, typer.Option("--csv", help="A table whose first column names companies.")] = None,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Put companies on a list; all of them or, when one is not found, none. Says what is known of them already."""
    with opened(config) as (settings, database), database.session() as session:
        rep = reps.by_email(session, email)
        wanted = [named_company(session, one).id for one in names or []]
        wanted += _from_table(session, file) if file else []
        if not wanted:
            raise Invalid("name companies, or a table with --csv")
        new = watchlists.add(session, watchlists.save(session, rep, name), wanted)
        say(f"{len(new)} added; {email} follows {len(watchlists.watched(session, rep))} companies")
        _say_known(session, settings, new)


def _from_table(session: Session, file: Path) -> list[int]:
    """The companies of a table. Raises `Invalid` that names the file and every line that names none."""
    try:
        rows = first_column(file.read_text("utf-8-sig"))
    except OSError as error:
        raise Invalid(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise Invalid(f"{file}: not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    found, wrong = named_companies(session, rows)
    if wrong:
        more = f" (and {len(wrong) - 3} more)" if len(wrong) > 3 else ""
        said = "; ".join(f"line {one.line}: {one.error}" for one in wrong[:3])
        raise Invalid(f"{file}: nothing was added: {said}{more}")
    return found


def _say_known(session: Session, settings: Settings, company_ids: list[int]) -> None:
    """Say what the stored stories of the last days tell of companies."""
    since = utcnow() - timedelta(days=_KNOWN_DAYS)
    words = Words(settings.language, default_taxonomy(), utcnow().date())
    told = signals.of_companies(session, company_ids, since)
    known = companies.by_ids(session, told)
    for number, some in told.items():
        stories = {one.story_key: one for one in some}
        newest = max(some, key=lambda one: one.published_at or one.found_at)
        label = words.taxonomy.label(newest.type, words.language)
        when = day_of(newest.published_at)
        say(f"  {known[number].name}: stories in {_KNOWN_DAYS} days: {len(stories)}, the last: {label}, {when}")


@watchlists_app.command("drop")
def drop(
    email: EmailArgument,
    name: ListArgument,
    names: Annotated[list[str], typer.Argument(metavar="COMPANY...", help="SIREN numbers or names.")],
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Take companies off a list."""
    with opened(config) as (_, database), database.session() as session:
        one = watchlists.named(session, reps.by_email(session, email), name)
        watchlists.take_off(session, one, [named_company(session, company).id for company in names])
    say(f"{len(names)} taken off")


@watchlists_app.command("remove")
def remove(email: EmailArgument, name: ListArgument, config: ConfigOption = DEFAULT_FILE) -> None:
    """Take a list out with all that is on it."""
    with opened(config) as (_, database), database.session() as session:
        watchlists.remove(session, watchlists.named(session, reps.by_email(session, email), name))
    say(f"'{name}' is gone")


@watchlists_app.command("mute")
def mute(
    email: EmailArgument,
    name: ListArgument,
    off: Annotated[bool, typer.Option("--off", help="Let it tell again.")] = False,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Let a list tell nothing; what it would have told is held back and can be looked at."""
    with opened(config) as (_, database), database.session() as session:
        watchlists.named(session, reps.by_email(session, email), name).muted = not off
    say(f"'{name}' {'tells again' if off else 'is muted'}")


@watchlists_app.command("snooze")
def snooze(
    email: EmailArgument,
    name: ListArgument,
    days: Annotated[int, typer.Argument(min=0, max=365, help="For so many days; 0 wakes it.")],
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Let a list tell nothing for some days."""
    until = utcnow() + timedelta(days=days) if days else None
    with opened(config) as (_, database), database.session() as session:
        watchlists.named(session, reps.by_email(session, email), name).snoozed_until = until
    say(f"'{name}' " + (f"is quiet until {minute_of(until)}" if until else "tells again"))


@watchlists_app.command("held")
def held(email: EmailArgument, config: ConfigOption = DEFAULT_FILE) -> None:
    """List what is held back from a rep and why; `release` lets it through."""
    with opened(config) as (settings, database), database.reading() as session:
        rep, now = reps.by_email(session, email), utcnow()
        words = Words(settings.language, default_taxonomy(), now.date())
        fresh = sender_of(settings).freshness(rep, now)
        table = Table("number", "date", "company", "signal", "why", "evidence", show_lines=True)
        for one in held_of(session, rep, fresh, now):
            signal, company = one.signal, one.company
            label = words.taxonomy.label(signal.type, words.language) + words.status(signal.status)
            who = company.name if company else signal.subject
            why = why_held(one.held, words) if one.held else ""
            table.add_row(str(signal.id), day_of(signal.published_at), Text(who), label, why, Text(signal.sentence))
        if table.row_count:
            out.print(table)
    say(f"{table.row_count} held back")


@watchlists_app.command("release")
def release(
    email: EmailArgument,
    numbers: Annotated[list[int], typer.Argument(metavar="NUMBER...", help="As `held` lists them.")],
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Let what is held back be told with the next digest."""
    with opened(config) as (_, database), database.session() as session:
        rep = reps.by_email(session, email)
        known = {one.id for one in signals.by_ids(session, numbers)}
        if missing := [number for number in numbers if number not in known]:
            raise NotFound(f"there is no signal {missing[0]}; `vigie watchlists held {email}` lists what is held back")
        for number in numbers:
            reps.release(session, rep, number)
    say(f"{len(numbers)} will be told with the next digest")
