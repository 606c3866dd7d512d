"""The `vigie` command: puts the commands of `vigie.commands` together, and loads only the one that is called."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from store.errors import VigieError
from vigie import __version__
from vigie.console import fail, say


class Entry(NamedTuple):
    """A command or a group of them: its name, where it is (`module:object` in vigie.commands), its line of help."""

    name: str
    where: str
    help: str

    def load(self) -> Any:
        """The command, with what it imports."""
        module, _, name = self.where.partition(":")
        made = getattr(import_module(f"vigie.commands.{module}"), name)
        if isinstance(made, typer.Typer):
            command: Any = typer.main.get_group(made)
        else:
            alone = typer.Typer(add_completion=False, rich_markup_mode="rich")
            alone.command()(made)
            command = typer.main.get_command(alone)
        command.name = self.name
        return command


PANELS: dict[str, tuple[Entry, ...]] = {
    "Collect": (
        Entry("sources", "sources:sources_app", "What is read: feeds, newsrooms, sitemaps and registers."),
        Entry("collect", "collecting:collect", "Read the sources that are due and fetch their new articles."),
    ),
    "Analyse": (
        Entry("analyse", "analysis:analyse", "Find the signals of the articles that were collected."),
        Entry("replay", "analysis:replay", "Analyse stored articles again with today's rules."),
        Entry("taxonomy", "taxonomy:taxonomy_app", "The families and types of signals."),
    ),
    "Index and search": (
        Entry("index", "indexing:update_index", "Bring the search index up to date."),
        Entry("reindex", "indexing:reindex", "Build the search index anew from the database."),
        Entry("search", "search:search", "Search articles and the signals in them."),
        Entry("find", "find:find", "Find companies by what happened to them and what they are."),
    ),
    "Rank": (Entry("rank", "ranking:rank_companies", "Rank companies into hot and potential leads."),),
    "Digest": (
        Entry("digest", "digests:digest", "Mail every rep what changed at the companies they follow."),
        Entry("alerts", "digests:alerts", "Mail at once what lists with immediate delivery tell."),
        Entry("mails", "mails:mails_app", "What became of the mails."),
    ),
    "Run and serve": (
        Entry("demo", "service:demo", "Run the main job on a small fictional press."),
        Entry("run", "service:run_service", "Collect, analyse, index, rank and mail on schedule."),
        Entry("serve", "service:serve", "Serve the pages."),
        Entry("schedule", "workers:schedule", "Queue every job when its time comes, for the workers."),
        Entry("work", "workers:work", "Do the queued jobs, the most urgent first."),
        Entry("jobs", "workers:jobs_app", "The jobs of the workers."),
        Entry("failures", "failures:failures_app", "What failed and waits alone."),
    ),
    "Companies": (Entry("companies", "companies:companies_app", "The register of companies."),),
    "What is sold and followed": (
        Entry("offers", "offers:offers_app", "What you sell: whom it is for and what makes it timely."),
        Entry("watchlists", "watchlists:watchlists_app", "What each rep follows, and what is held back."),
    ),
    "People": (
        Entry("reps", "reps:reps_app", "Sales reps and the companies they follow."),
        Entry("users", "users:users_app", "Who may sign in to the pages."),
        Entry("people", "people:people_app", "People who are named in texts."),
    ),
    "Quality": (
        Entry("classify", "quality:classify_texts", "Write the events of each text as a JSON line."),
        Entry("evaluate", "quality:evaluate_texts", "Say how often the families found are right."),
    ),
    "Upkeep": (
        Entry("check", "upkeep:check", "Read the configuration and say what is wrong with it."),
        Entry("migrate-store", "upkeep:migrate_store", "Copy everything into an empty database."),
    ),
}
"""The commands in the order of a day's work."""


class _Unloaded(TyperCommand):
    """What `vigie --help` needs of a command."""

    def __init__(self, entry: Entry, panel: str) -> None:
        super().__init__(entry.name, help=entry.help, rich_help_panel=panel)
        self.entry = entry


class LazyGroup(TyperGroup):
    """The commands of `PANELS`, each loaded when it is called: to say which there are needs none of them."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {one.name: _Unloaded(one, panel) for panel, entries in PANELS.items() for one in entries}

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of a day's work."""
        return list(self.commands)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that is called, loaded."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.entry.load() if isinstance(command, _Unloaded) else command, rest


app = typer.Typer(
    cls=LazyGroup,
    help="Company signals from the press and public registers, with the sentence that proves each.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


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


def main() -> None:
    """Run the command line; an error of ours is one line on standard error, with its exit code."""
    try:
        app()
    except VigieError as error:
        fail(f"vigie: {error}")
        sys.exit(error.exit_code)
