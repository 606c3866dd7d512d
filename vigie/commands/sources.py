"""The commands on sources: what is read, and what an address would give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.table import Table
from rich.text import Text

from companies.importing import preview
from crawlers.addresses import typed
from crawlers.probe import Found, probe
from store import sources
from store.base import utcnow
from store.errors import Invalid, NotFound, VigieError
from store.health import problems, said
from store.sources import COMPANIES, SourceEntry
from store.tables import Source
from vigie.commands.options import ConfigOption
from vigie.console import minute_of, out, say, warn
from vigie.jobs.registers import file_of
from vigie.opening import opened
from vigie.settings import DEFAULT_FILE, Kind, Settings

sources_app = typer.Typer(help="What is read: feeds, newsrooms, sitemaps and registers.", invoke_without_command=True)
UrlArgument = Annotated[str, typer.Argument(help="The address, https://…, or a file of notices or of companies.")]
_TABLES = (".csv", ".txt", ".zip", ".gz")
_CHECKED = 200  # sources that are looked at together
_SECONDS = 30.0  # a source may take, on average


@sources_app.callback()
def list_sources(context: typer.Context, config: ConfigOption = DEFAULT_FILE) -> None:
    """List the sources: when each is due next, and what is wrong with it."""
    if context.invoked_subcommand:
        return
    now = utcnow()
    with opened(config) as (_, database), database.reading() as session:
        table = Table("name", "kind", "language", "due", "last read", "state")
        for source in sources.active(session):
            wrong = "; ".join(map(said, problems(source, now)))
            state = Text(wrong, style="yellow") if wrong else Text("ok" if source.fetched_at else "new")
            due = "-" if source.asleep_at else minute_of(source.due_at)
            facts = (source.kind or "", source.language or "", due, minute_of(source.fetched_at))
            table.add_row(Text(source.name), *facts, state)
        out.print(table)


def _address(url: str) -> str:
    """The canonical form of an address or a file that a person typed."""
    file = Path(url.removeprefix("file://"))
    if file.is_file():
        return file.resolve().as_uri()
    address = typed(url)
    if address is None:
        raise Invalid(f"{url} is no web address; write it as in https://www.example.com/presse")
    return address


def _show(found: list[Found]) -> None:
    """What could be read at an address: each with its first articles."""
    for one in found:
        if one.error or not one.count:
            say(f"{one.kind}: {one.url}: {one.error or 'nothing in it'}")
            continue
        say(f"{one.kind}: {one.url}: {one.count} articles, the newest of {one.newest[:10] or 'an unknown day'}")
        for article in one.articles:
            say(f"    {article.published[:10] or '    -     '}  {article.title or article.url}")


def _chosen(settings: Settings, address: str, kind: Kind | None) -> tuple[str, str]:
    """Show what is found at an address; returns where what is to be read is, and its kind. Raises `NotFound`."""
    if kind == COMPANIES:
        say(f"companies: {address}: {_register(settings, address)}")
        return address, COMPANIES
    found = probe([(address, kind)], settings.crawl.model_dump(), settings.database_url, discover=True)
    _show(found)
    good = [one for one in found if one.error is None and one.count and kind in (None, one.kind)]
    if not good:
        wanted = f"no {kind}" if kind else "no feed, newsroom or sitemap"
        hint = "; a register of companies is added with --kind companies" if address.endswith(_TABLES) else ""
        raise NotFound(f"{wanted} is found at {address}; nothing is added{hint}")
    return good[0].url, good[0].kind


def _register(settings: Settings, address: str) -> str:
    """What a register of companies is, and the first names in it. Raises `VigieError`."""
    register, names = preview(file_of(settings, address), settings.imports)
    return f"{register}, with {', '.join(names)} and others" if names else register


@sources_app.command("add")
def add_source(
    url: UrlArgument,
    name: Annotated[str, typer.Option(help="How it is called; its host when left out.")] = "",
    language: Annotated[str, typer.Option(help="fr or en; as each article is written when left out.")] = "",
    kind: Annotated[
        Kind | None,
        typer.Option(help="What to take of all that is found there; `companies` is a register that is imported."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be read, and add nothing.")] = False,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Find the feed, the newsroom or the sitemap at an address, show what is in it, and read it from now on."""
    if language not in ("", "fr", "en"):
        raise Invalid(f"--language {language}: fr or en")
    address = _address(url)
    with opened(config) as (settings, database):
        best, is_a = _chosen(settings, address, kind)
        if dry_run:
            say(f"nothing is added; without --dry-run, {best} would be read as a {is_a}")
            return
        with database.session() as session:
            called = name or urlsplit(address).hostname or address.rpartition("/")[2]
            sources.add(session, SourceEntry(best, called, language or None, is_a))
    say(f"{best} is read from now on as a {is_a}, called {called}")


@sources_app.command("drop")
def drop_source(url: UrlArgument, config: ConfigOption = DEFAULT_FILE) -> None:
    """Read a source no more; what it told stays."""
    with opened(config) as (_, database), database.session() as session:
        sources.drop(sources.by_url(session, url))
    say(f"{url} is read no more")


def _checked(settings: Settings, wanted: Sequence[Source]) -> Iterator[tuple[Source, Found]]:
    """What each source would give now."""
    of_news = [source for source in wanted if source.kind != COMPANIES]
    for start in range(0, len(of_news), _CHECKED):
        some = of_news[start : start + _CHECKED]
        asked = [(source.url, source.kind) for source in some]
        found = probe(asked, settings.crawl.model_dump(), settings.database_url, seconds=120 + _SECONDS * len(some))
        by_url = {one.asked: one for one in reversed(found)}
        for source in some:
            unasked = Found(source.url, source.url, source.kind or "", 0, "", (), "it was not asked")
            yield source, by_url.get(source.url, unasked)
    for source in wanted:
        if source.kind == COMPANIES:
            error = None
            try:
                _register(settings, source.url)
            except VigieError as wrong:
                error = str(wrong)
            yield source, Found(source.url, source.url, COMPANIES, 0, "", (), error)


@sources_app.command("check")
def check_sources(config: ConfigOption = DEFAULT_FILE) -> None:
    """Look at every source now, keep nothing, and show what each would give; fails when one gives nothing."""
    table = Table("name", "kind", "articles", "newest", "state")
    wrong = 0
    with opened(config) as (settings, database):
        with database.reading() as session:
            wanted = sources.active(session)
        for source, found in _checked(settings, wanted):
            error = found.error or (None if found.count or source.kind == COMPANIES else "nothing in it")
            wrong += error is not None
            state = Text(error, style="yellow") if error else Text("ok")
            count = str(found.count) if found.count else ""
            table.add_row(Text(source.name), found.kind, count, found.newest[:16].replace("T", " "), state)
    out.print(table)
    counted = f"{len(wanted)} sources, {wrong} of them give nothing"
    if wrong:
        warn(counted)
        raise typer.Exit(1)
    say(counted)
