"""The `vigie` command: one function a command, each of which wires rooms together and prints."""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import make_url

from digests.send import Sent
from index.query import Query
from leads.wording import Words
from nlp.evaluation import evaluate
from signals.examples import try_examples
from signals.types import FOLDER, default_taxonomy, extractor_of, read_taxonomy
from store import sources, users
from store.base import utcnow
from store.database import Database
from store.errors import Invalid, VigieError
from vigie import __version__, scheduler
from vigie.console import fail, out, say, warn
from vigie.jobs import (
    opened,
    run_alerts,
    run_analyse,
    run_collect,
    run_digest,
    run_index,
    run_rankings,
    run_registers,
    run_reindex,
    up_to_date,
)
from vigie.mails import mails_app
from vigie.moving import migrate_store
from vigie.offers import offers_app
from vigie.quality import classify_lines, found_by_vigie, found_published, judged, show_report
from vigie.ranking import show_ranking
from vigie.register import ConfigOption, companies_app
from vigie.replaying import replay
from vigie.reps import reps_app
from vigie.searches import find
from vigie.searching import show_hits
from vigie.settings import DEFAULT_FILE, Settings, load
from vigie.sources import sources_app
from vigie.users import users_app
from vigie.watchlists import watchlists_app
from vigie.workers import jobs_app, schedule, work

app = typer.Typer(
    help="Company signals from the press and public registers, with the sentence that proves each.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.add_typer(companies_app, name="companies")
app.add_typer(offers_app, name="offers")
app.add_typer(reps_app, name="reps")
taxonomy_app = typer.Typer(help="The families and types of signals.", no_args_is_help=True)
app.add_typer(taxonomy_app, name="taxonomy")
app.add_typer(watchlists_app, name="watchlists")
app.add_typer(sources_app, name="sources")
app.add_typer(users_app, name="users")
app.add_typer(mails_app, name="mails")
app.add_typer(jobs_app, name="jobs")
app.command("find")(find)
app.command("migrate-store")(migrate_store)
app.command("replay")(replay)
app.command("schedule")(schedule)
app.command("work")(work)


def _print_version(wanted: bool) -> None:
    if wanted:
        say(f"vigie {__version__}")
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
    say(f"{config}: ok (data in {settings.data}, database {make_url(settings.database_url)!r})")


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
    run_registers(settings, database)
    counts = run_collect(settings, database)
    say(f"{counts['sources_done']} sources read, {counts['articles_done']} articles fetched")
    if counts["articles_put_off"]:
        say(f"{counts['articles_put_off']} articles are left for a later round: their hosts want to be asked slowly")
    with database.session() as session:
        failing = sources.failing(session)
    for source in failing:
        said = f"{source.name} ({source.url}): {source.error}"
        warn(said)


@app.command()
def analyse(config: ConfigOption = DEFAULT_FILE) -> None:
    """Find the signals of the articles that were collected."""
    with opened(config) as (settings, database):
        found = run_analyse(settings, database)
    say(f"{found} signals found")


@app.command("index")
def update_index(config: ConfigOption = DEFAULT_FILE) -> None:
    """Bring the search index up to date with what was collected and analysed."""
    with opened(config) as (settings, database):
        read = run_index(settings, database)
    say(f"{read} documents indexed")


@app.command()
def reindex(config: ConfigOption = DEFAULT_FILE) -> None:
    """Build the search index anew from the database, beside the live one; go on where an earlier start stopped."""
    with opened(config) as (settings, database):
        read = run_reindex(settings, database)
    say(f"{read} documents indexed anew")


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
        index = up_to_date(settings, database)
        show_hits(database, index, query, taxonomy, settings.language, out)


@app.command("rank")
def rank_companies(
    offer: Annotated[str, typer.Option(help="The offer to rank for; all when left out.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many leads of each kind to print.")] = 10,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Rank companies into hot and potential leads, each with the reasons in words."""
    with opened(config) as (settings, database):
        words = Words(settings.language, default_taxonomy(), utcnow().date())
        up_to_date(settings, database)
        ranked = run_rankings(settings, database, words.today, offer)
        if not ranked:
            raise Invalid(f"{config}: there is no offer; add one under 'offers' (config.yaml of the project shows how)")
        for one in ranked:
            show_ranking(database, one, words, out, limit=limit)


@app.command("classify")
def classify_texts(
    file: Annotated[str, typer.Argument(help="JSON lines: id, text, if known title, lang, date; - is a pipe.")],
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Write the events of each text as a JSON line: families, type, status, sentence, offsets, slots, companies."""
    with opened(config) as (settings, database):
        refused = classify_lines(settings, database, file, sys.stdout)
    for error in refused:
        fail(str(error))
    if refused:
        raise typer.Exit(Invalid.exit_code)


@app.command("evaluate")
def evaluate_texts(
    files: Annotated[list[str], typer.Argument(help="JSON lines as for classify, with signals, loose and negative.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, a key for each file.")] = False,
    mistakes: Annotated[int, typer.Option(min=0, help="How many mistakes to show with their texts.")] = 0,
    published: Annotated[
        bool, typer.Option("--published", help="Only what is sure enough to be told to reps.")
    ] = False,
) -> None:
    """Say how often the families found are right: precision, recall, F1 and counts against labelled texts."""
    finder = found_published if published else found_by_vigie
    found = {file: judged(file, finder) for file in files}
    if as_json:
        reports = {
            file: {language: report.as_dict() for language, report in evaluate(one for _, one in rows).items()}
            for file, rows in found.items()
        }
        sys.stdout.write(json.dumps(reports, ensure_ascii=False, indent=1) + "\n")
        return
    for file, rows in found.items():
        show_report(file, rows, out, mistakes=mistakes)


@app.command("run")
def run_service(config: ConfigOption = DEFAULT_FILE) -> None:
    """Collect, analyse, index, rank and mail on schedule, until SIGTERM or Ctrl-C."""
    with opened(config) as (settings, database):
        scheduler.run(settings, database)


@app.command()
def serve(config: ConfigOption = DEFAULT_FILE) -> None:
    """Serve the pages, until SIGTERM or Ctrl-C."""
    from vigie.pages import run_pages, site_of  # the libraries of the pages would cost every command a second

    with opened(config) as (settings, database):
        say(f"pages at http://{settings.web.host}:{settings.web.port}")
        site = site_of(settings, database)
        if site.is_private and settings.web.url.startswith("http://"):
            warn("web.url is not https: browsers keep no sign-in; put a proxy with TLS in front, and write its address")
        with database.session() as session:
            if not users.has_admin(session):
                say(f"to begin: {settings.web.url}/start?code={site.sender.links.start_code}")
        run_pages(settings, site)


@app.command()
def demo(
    serve: Annotated[bool, typer.Option("--serve/--once", help="Serve the pages then, until Ctrl-C; or end.")] = True,
) -> None:
    """Run the main job on a small fictional press served on this machine, then the pages; its data is in var/demo."""
    from vigie.demo.run import run_demo  # it brings the pages

    run_demo(serve=serve)


@app.command()
def digest(config: ConfigOption = DEFAULT_FILE) -> None:
    """Mail every rep what changed at the companies they follow; into the outbox folder when no mail server is set."""
    with opened(config) as (settings, database):
        sent = run_digest(settings, database, utcnow())
    if not sent:
        raise Invalid("there is no rep; add one with `vigie reps add` and `vigie reps watch`")
    show_digests(sent)
    if any(one.error for one in sent):
        raise typer.Exit(1)


@app.command()
def alerts(config: ConfigOption = DEFAULT_FILE) -> None:
    """Mail at once what lists with immediate delivery tell, outside their quiet hours."""
    with opened(config) as (settings, database):
        sent = run_alerts(settings, database, utcnow())
    show_digests(sent)
    say(f"{sum(bool(one.where) for one in sent)} alerts sent")


def show_digests(sent: list[Sent]) -> None:
    """Print what became of each rep's digest."""
    for one in sent:
        if one.error:
            fail(f"{one.email}: not sent: {one.error}")
        elif one.where:
            say(f"{one.email}: {one.news} news, {one.where}")
        elif one.unsubscribed:
            say(f"{one.email}: unsubscribed or bouncing; nothing is sent")
        else:
            say(f"{one.email}: nothing new since today's digest")


def main() -> None:
    """Run the command line; an error of ours is one line on standard error, with its exit code."""
    try:
        app()
    except VigieError as error:
        fail(f"vigie: {error}")
        sys.exit(error.exit_code)


@taxonomy_app.command("test")
def try_taxonomy(
    folder: Annotated[Path, typer.Argument(help="The folder of the files; without it, those of the product.")] = FOLDER,
) -> None:
    """Try the examples of every type, and say which fails and why."""
    taxonomy = read_taxonomy(folder)
    extractor = extractor_of(taxonomy, taxonomy.rules())
    tried = try_examples(taxonomy, extractor)
    if not extractor.models:
        warn("its types are not those that the models were trained for: tried by the phrases alone")
    failed = [one for one in tried if one.error]
    for one in failed:
        warn(f"{one.type} ({one.language}): {one.text}: {one.error}")
    without = [name for name, kind in taxonomy.types.items() if not kind.examples and not kind.counted]
    for name in without:
        warn(f"{name}: it has no example")
    said = f"{len(taxonomy.types)} types, {len(tried)} examples, {len(failed)} of them fail"
    if failed or without:
        fail(said)
        raise typer.Exit(1)
    say(said)
