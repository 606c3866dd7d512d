"""The commands on the register of companies: importing it, and correcting whom names stand for."""

from __future__ import annotations

import textwrap
from collections.abc import Collection
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from companies.columns import CRITERIA, read_fact, source_of
from companies.folding import name_key
from companies.identifiers import siren
from companies.importing import Overview, Wishes, look_over
from companies.lookup import named_company
from companies.recognition import NOT_KEPT, column_letters
from store import companies, corrections, figures, signals
from store.base import utcnow
from store.companies import PERSON, CompanyRow, Register
from store.database import Database
from store.errors import Invalid
from vigie.commands.options import ConfigOption
from vigie.console import minute_of, out, say, warn
from vigie.jobs.registers import file_of, run_import
from vigie.opening import opened
from vigie.settings import DEFAULT_FILE, Settings

CompanyArgument = Annotated[str, typer.Argument(metavar="COMPANY", help="A SIREN number, a name, or # and the id.")]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The name as texts have it.")]

_MOST = 20  # unsure lines that are shown
_EXAMPLE = 30  # characters of a cell that are shown

companies_app = typer.Typer(help="The register of companies.", no_args_is_help=True)


@companies_app.command("import")
def import_companies(
    file: Annotated[
        str, typer.Argument(help="SIRENE, GLEIF or a list (CSV, XLSX, XLS, ODS), packed or not; a file or its address.")
    ],
    config: ConfigOption = DEFAULT_FILE,
    column_map: Annotated[str, typer.Option("--map", help="A map under `imports` in the configuration.")] = "",
    dry_run: Annotated[bool, typer.Option(help="Show what is recognised, and keep nothing.")] = False,
) -> None:
    """Add and update companies from a register or a list; what was cut off goes on where it was."""
    with opened(config) as (settings, database):
        if dry_run:
            _show(look_over(database, file_of(settings, file), settings.imports, Wishes(column_map)), file)
            return
        outcome = run_import(settings, database, file_of(settings, file), Wishes(column_map))
    for line, why in outcome.rejects:
        warn(f"{file}, line {line}: {why}")
    if outcome.resumed_at:
        say(f"went on after line {outcome.resumed_at}")
    counts = f"{outcome.added} added, {outcome.updated} updated, {outcome.refused} lines refused"
    left = f", {outcome.left_out} left out" if outcome.left_out else ""
    say(counts + left + (f"; the refused are in {outcome.rejects_file}" if outcome.rejects_file else ""))


def _show(seen: Overview, file: str) -> None:
    """Print what an import would do."""
    if seen.columns:
        table = Table("column", "heading", "holds", "as in", title=f"recognised in {file}")
        for one in seen.columns:
            holds = one.holds or "nothing that is known"
            kept = " (not kept)" if one.holds in NOT_KEPT else "" if one.is_sure else " ?"
            told = " · ".join(textwrap.shorten(example, _EXAMPLE, placeholder="…") for example in one.examples[:2])
            table.add_row(column_letters(one.place), Text(one.heading), f"{holds}{kept}", Text(told))
        out.print(table)
    else:
        say(f"read as {seen.source}")
    for row in seen.examples:
        facts = (row.siren or "no SIREN", *(row.facts.get(what) for what in ("city", "department", "naf", "site")))
        say(f"  {row.name} ({', '.join(map(str, filter(None, facts)))})")
    for line, why in [*seen.outcome.rejects, *((one.line, str(one)) for one in seen.unsure[:_MOST])]:
        warn(f"{file}, line {line}: {why}")
    places = f" with {seen.establishments} establishments" if seen.establishments else ""
    say(
        f"{seen.rows} lines: {seen.companies} companies{places}, {seen.known} of them known; "
        f"{seen.outcome.left_out} left out, {seen.outcome.refused} refused; nothing was kept"
    )


def _key(name: str) -> str:
    if key := name_key(name):
        return key
    raise Invalid(f"'{name}' is no name: it has neither a letter nor a digit")


def _relink(settings: Settings, database: Database, names: Collection[str], done: str) -> None:
    from vigie.jobs.analysis import run_relink

    again, changed = run_relink(settings, database, names)
    say(f"{done}; {again} stored documents have the name, {changed} of them tell something else now")


@companies_app.command("alias")
def add_alias(company: CompanyArgument, name: NameArgument, config: ConfigOption = DEFAULT_FILE) -> None:
    """Give a company another name, and link the stored documents anew that have it."""
    with opened(config) as (settings, database):
        with database.session() as session:
            meant = named_company(session, company)
            freed = corrections.allow(session, meant, _key(name))
            added = corrections.add_name(session, meant, name.strip(), _key(name))
            done = f"'{name}' is {meant.name}" + ("" if added or freed else ", as before")
        _relink(settings, database, [_key(name)], done)


@companies_app.command("not")
def refuse_name(
    company: CompanyArgument,
    name: NameArgument,
    where: Annotated[str, typer.Option(help="Words of the texts in which it is not; without, it never is.")] = "",
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Say that a name is not this company, and link the stored documents anew that have it."""
    with opened(config) as (settings, database):
        with database.session() as session:
            meant = named_company(session, company)
            new = corrections.refuse(session, meant, _key(name), name_key(where))
            place = f" where a text has '{where}'" if where else ""
            done = f"'{name}' is not {meant.name}{place}" + ("" if new else ", as before")
        _relink(settings, database, [_key(name)], done)


@companies_app.command("merge")
def merge(
    kept: CompanyArgument,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The record that the first one shall stand for.")],
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Let one record stand for two that are one company; nothing of the other is lost."""
    with opened(config) as (settings, database):
        with database.session() as session:
            first, second = named_company(session, kept), named_company(session, other)
            corrections.merge(session, first, second)
            names = corrections.names_of(session, second)
            done = f"{first.name} (#{first.id}) stands for {second.name} (#{second.id})"
        _relink(settings, database, names, done)


@companies_app.command("unmerge")
def unmerge(
    other: Annotated[str, typer.Argument(metavar="#ID", help="The record that another one stands for.")],
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Part two records again, as they were."""
    with opened(config) as (settings, database):
        with database.session() as session:
            second = named_company(session, other)
            first = corrections.unmerge(session, second)
            names = corrections.names_of(session, second)
            done = f"{second.name} (#{second.id}) and {first.name} (#{first.id}) are two companies"
        _relink(settings, database, names, done)


@companies_app.command("show")
def show_company(company: CompanyArgument, config: ConfigOption = DEFAULT_FILE) -> None:
    """Show a company's names and criteria, each with its source and day, and the figures of each year."""
    with opened(config) as (_, database), database.reading() as session:
        one = named_company(session, company)
        say(f"{one.name} (#{one.id}, SIREN {one.siren or 'unknown'}, LEI {one.lei or 'unknown'})")
        for name in one.names:
            say(f"  {name.kind}: {name.text}")
        table = Table("criterion", "value", "source", "of")
        for criterion in CRITERIA:
            value = getattr(one, criterion)
            source, day = source_of(one, criterion)
            known = value is not None
            table.add_row(
                criterion,
                Text(str(value) if known else "unknown"),
                *((source or "", str(day or "")) if known else ("", "")),
            )
        for figure in figures.of_company(session, one.id):
            table.add_row(f"{figure.criterion} {figure.year}", f"{figure.value:,.0f}", figure.source, str(figure.day))
        out.print(table)


@companies_app.command("set")
def set_criterion(
    company: CompanyArgument,
    criterion: Annotated[str, typer.Argument(help="A criterion, as docs/companies.md names it.")],
    value: Annotated[str, typer.Argument(help="Its value; empty ('') for unknown.")],
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Type the value of a criterion; no register writes over it, until it is emptied."""
    if criterion not in CRITERIA:
        raise Invalid(f"there is no criterion '{criterion}'; there are {', '.join(CRITERIA)}")
    try:
        read = read_fact(criterion, value.strip(), utcnow().date()) if value.strip() else None
    except ValueError as error:
        raise Invalid(f"{criterion} {error}") from None
    with opened(config) as (_, database), database.session() as session:
        one = named_company(session, company)
        corrections.type_fact(session, one, criterion, read)
        say(f"{one.name}: {criterion} is {'unknown' if read is None else read}")


@companies_app.command("unknown")
def list_unknown(
    config: ConfigOption = DEFAULT_FILE,
    limit: Annotated[int, typer.Option(help="How many names at most.", min=1)] = 50,
) -> None:
    """List the companies that texts tell events of and that the register does not have, the most told first."""
    with opened(config) as (_, database), database.reading() as session:
        table = Table("name", "documents", "last")
        for subject, number, at in signals.on_unknown_companies(session, limit=limit):
            table.add_row(Text(subject), str(number), minute_of(at))
    out.print(table)


@companies_app.command("add")
def add_company(
    name: NameArgument,
    number: Annotated[str, typer.Option("--siren", help="Its SIREN number.")] = "",
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Add a company by hand, and link the stored documents anew that have its name."""
    try:
        known = siren(number)
    except ValueError as error:
        raise Invalid(str(error)) from None
    with opened(config) as (settings, database):
        with database.session() as session:
            text = " ".join(name.split())
            row = CompanyRow(text, {_key(text): text}, known)
            saved = companies.save(session, [row], Register(PERSON))
            done = f"{text} is a company of the register" + ("" if saved.added else ", as before")
        _relink(settings, database, [_key(name)], done)
