"""The commands on the register of companies: importing it, and correcting whom names stand for."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import typer

from companies.folding import name_key
from companies.lookup import named_company
from store import corrections
from store.database import Database
from store.errors import Invalid
from vigie.console import say, warn
from vigie.jobs import opened, run_import, run_relink
from vigie.settings import DEFAULT_FILE, Settings

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help="The configuration file.", envvar="VIGIE_CONFIG")]
CompanyArgument = Annotated[str, typer.Argument(metavar="COMPANY", help="A SIREN number, a name, or # and the id.")]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The name as texts have it.")]

companies_app = typer.Typer(help="The register of companies.", no_args_is_help=True)


@companies_app.command("import")
def import_companies(
    file: Annotated[Path, typer.Argument(help="SIRENE, GLEIF or a table; plain, gzipped or zipped.")],
    config: ConfigOption = DEFAULT_FILE,
    column_map: Annotated[str, typer.Option("--map", help="A map under `imports` in the configuration.")] = "",
) -> None:
    """Add and update companies from a register or a table; what was cut off goes on where it was."""
    with opened(config) as (settings, database):
        outcome = run_import(settings, database, file, column_map)
    for line, why in outcome.rejects:
        warn(f"{file}, line {line}: {why}")
    if outcome.resumed_at:
        say(f"went on after line {outcome.resumed_at}")
    counts = f"{outcome.added} added, {outcome.updated} updated, {outcome.refused} lines refused"
    left = f", {outcome.left_out} left out" if outcome.left_out else ""
    say(counts + left + (f"; the refused are in {outcome.rejects_file}" if outcome.rejects_file else ""))


def _key(name: str) -> str:
    if key := name_key(name):
        return key
    raise Invalid(f"'{name}' is no name: it has neither a letter nor a digit")


def _relink(settings: Settings, database: Database, names: Collection[str], done: str) -> None:
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
