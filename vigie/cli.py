"""The `vigie` command: one function a command, each of which wires rooms together and prints."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from store.errors import VigieError
from vigie import __version__
from vigie.settings import DEFAULT_FILE, Settings, load

app = typer.Typer(
    help="Company signals from the press and public registers, with the sentence that proves each.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
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


def main() -> None:
    """Run the command line; an error of ours is one line on standard error, with its exit code."""
    try:
        app()
    except VigieError as error:
        err.print(f"vigie: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
        sys.exit(error.exit_code)
