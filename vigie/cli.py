"""The `vigie` command: one function a command, each of which wires rooms together and prints."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from companies.importing import import_csv
from companies.linker import open_linker
from crawlers.collect import collect_once
from index.embedded import EmbeddedIndex
from index.feed import feed
from index.query import Query
from signals.analyse import analyse_collected
from signals.offers import Offer
from signals.ranking import rank
from signals.types import default_rules, default_taxonomy
from signals.wording import Words
from store import companies, documents, sources
from store.base import utcnow
from store.database import Database
from store.errors import Invalid, VigieError
from store.migrate import upgrade
from store.sources import SourceEntry
from vigie import __version__
from vigie.ranking import show_ranking
from vigie.searching import show_hits
from vigie.settings import DEFAULT_FILE, Settings, load

app = typer.Typer(
    help="Company signals from the press and public registers, with the sentence that proves each.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
companies_app = typer.Typer(help="The register of companies.", no_args_is_help=True)
app.add_typer(companies_app, name="companies")
out = Console()
err = Console(stderr=True)

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help="The configuration file.", envvar="VIGIE_CONFIG")]


def _print_version(wanted: bool) -> None:
    if wanted:
        out.print(f"vigie {__version__}", highlight=False)
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Options of every command."""


@app.command()
def check(config: ConfigOption = DEFAULT_FILE) -> None:
    """Read the configuration and say what is wrong with it, or that all is well."""
    settings: Settings = load(config)
    out.print(f"{config}: ok (data in {settings.data}, database {settings.database_url})", highlight=False)


@contextmanager
def opened(config: Path) -> Iterator[tuple[Settings, Database]]:
    """The settings, and the database at its newest schema with the sources of the settings."""
    settings = load(config)
    database = Database(settings.database_url)
    try:
        upgrade(database)
        with database.session() as session:
            sources.synchronise(session, [SourceEntry(s.url, s.name, s.language) for s in settings.sources])
        yield settings, database
    finally:
        database.close()


@app.command()
def collect(
    config: ConfigOption = DEFAULT_FILE,
    once: Annotated[bool, typer.Option("--once", help="One round, then stop; without it, a round a minute.")] = False,
) -> None:
    """Read the sources that are due and fetch their new articles."""
    with opened(config) as (settings, database):
        _collect_round(settings, database)
        while not once:
            time.sleep(60)
            _collect_round(settings, database)


def _collect_round(settings: Settings, database: Database) -> None:
    counts = run_collect(settings, database)
    out.print(f"{counts['sources_done']} sources read, {counts['articles_done']} articles fetched", highlight=False)
    with database.session() as session:
        failing = sources.failing(session)
    for source in failing:
        said = f"{source.name} ({source.url}): {source.error}"
        err.print(said, style="yellow", highlight=False, markup=False, soft_wrap=True)


def run_collect(settings: Settings, database: Database) -> Counter[str]:
    """One round of the crawl, with a progress bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bars:
        feeds, articles = bars.add_task("sources", total=None), bars.add_task("articles", total=None)

        def show(counts: Counter[str]) -> None:
            bars.update(feeds, total=counts["sources"], completed=counts["sources_done"])
            bars.update(articles, total=counts["articles"], completed=counts["articles_done"])

        return collect_once(
            database_url=settings.database_url, folder=settings.data, crawl=settings.crawl.model_dump(), progress=show
        )


@app.command()
def analyse(config: ConfigOption = DEFAULT_FILE) -> None:
    """Find the signals of the articles that were collected."""
    with opened(config) as (settings, database):
        found = run_analyse(settings, database)
    out.print(f"{found} signals found", highlight=False)


def run_analyse(settings: Settings, database: Database) -> int:
    """Analyse what waits, with a progress bar; returns how many signals were found."""
    with Progress(TextColumn("analysed"), BarColumn(), MofNCompleteColumn(), console=err, transient=True) as bars:
        with database.session() as session:
            task = bars.add_task("articles", total=documents.count_in_state(session, "collected"))
        linker = open_linker(database, settings.data)
        return analyse_collected(database, default_rules(), linker, lambda done: bars.update(task, completed=done))


@app.command("index")
def update_index(config: ConfigOption = DEFAULT_FILE) -> None:
    """Bring the search index up to date with what was collected and analysed."""
    with opened(config) as (settings, database):
        read = run_index(settings, database)
    out.print(f"{read} documents indexed", highlight=False)


def run_index(settings: Settings, database: Database) -> int:
    """Index what changed; returns how many documents were read."""
    return feed(database, EmbeddedIndex(settings.index_folder))


@app.command()
def search(
    text: Annotated[str, typer.Argument(help='Words, "words in a row", begin*, -without.')] = "",
    family: Annotated[str, typer.Option(help="Only with a signal of this family.")] = "",
    kind: Annotated[str, typer.Option("--type", help="Only with a signal of this type.")] = "",
    department: Annotated[str, typer.Option(help="Only with a signal on a company of this department.")] = "",
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Published that day or later.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Published that day or before.")] = None,
    newest: Annotated[bool, typer.Option("--newest", help="Newest first, instead of best first.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Search articles and the signals in them; what was asked for is highlighted in the evidence."""
    taxonomy = default_taxonomy()
    for value, known, name in ((family, taxonomy.families, "family"), (kind, taxonomy.types, "type")):
        if value and value not in known:
            raise Invalid(f"--{name} {value}: there is no such {name}; there are {', '.join(sorted(known))}")
    query = Query(
        text=text,
        family=family or None,
        type=kind or None,
        department=department or None,
        since=since.date() if since else None,
        until=until.date() if until else None,
        order="date" if newest else "relevance",
        limit=limit,
    )
    with opened(config) as (settings, database):
        run_index(settings, database)
        show_hits(database, EmbeddedIndex(settings.index_folder), query, taxonomy, settings.language, out)


@app.command("rank")
def rank_companies(
    offer: Annotated[str, typer.Option(help="The offer to rank for; all of config.yaml when left out.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many leads of each kind to print.")] = 10,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Rank companies into hot and potential leads, each with the reasons in words."""
    with opened(config) as (settings, database):
        if not settings.offers:
            raise Invalid(f"{config}: there is no offer; add one under 'offers' (config.yaml of the project shows how)")
        chosen = [one for one in settings.offers if offer in ("", one.name)]
        if not chosen:
            raise Invalid(f"--offer {offer}: there is none; there are {', '.join(one.name for one in settings.offers)}")
        words = Words(settings.language, default_taxonomy(), utcnow().date())
        for one in chosen:
            run_rank(one, database, words.today)
            show_ranking(database, one.name, words, out, limit=limit)


def run_rank(offer: Offer, database: Database, today: date) -> Counter[str]:
    """Rank for one offer, with a progress bar; returns how many companies are in each state."""
    with Progress(TextColumn("ranked"), BarColumn(), MofNCompleteColumn(), console=err, transient=True) as bars:
        with database.session() as session:
            task = bars.add_task("companies", total=companies.count(session))
        return rank(database, offer, default_taxonomy(), today, lambda done: bars.update(task, completed=done))


@companies_app.command("import")
def import_companies(
    file: Annotated[Path, typer.Argument(help="A CSV file.")], config: ConfigOption = DEFAULT_FILE
) -> None:
    """Add and update companies: columns name, aliases, siren, department, naf, headcount, city, country, site."""
    with opened(config) as (_, database):
        outcome = import_csv(database, file)
    for line, why in outcome.rejects:
        err.print(f"{file}, line {line}: {why}", style="yellow", highlight=False, markup=False, soft_wrap=True)
    counts = f"{outcome.added} added, {outcome.updated} updated, {len(outcome.rejects)} lines refused"
    out.print(counts, highlight=False)


@app.command("sources")
def list_sources(config: ConfigOption = DEFAULT_FILE) -> None:
    """List the sources: when each is due next, and what is wrong with it."""
    with opened(config) as (_, database), database.session() as session:
        table = Table("name", "language", "due", "last read", "state")
        for source in sources.active(session):
            read_at = f"{source.fetched_at:%Y-%m-%d %H:%M}" if source.fetched_at else "never"
            state = Text(source.error, style="yellow") if source.error else Text("ok" if source.fetched_at else "new")
            table.add_row(Text(source.name), source.language or "", f"{source.due_at:%Y-%m-%d %H:%M}", read_at, state)
        out.print(table)


def main() -> None:
    """Run the command line; an error of ours is one line on standard error, with its exit code."""
    try:
        app()
    except VigieError as error:
        err.print(f"vigie: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
        sys.exit(error.exit_code)
