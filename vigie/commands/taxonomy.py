"""`vigie taxonomy`: the families and types of signals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from signals.examples import try_examples
from signals.rules import extractor_of, rules_of
from signals.types import FOLDER, read_taxonomy
from vigie.console import fail, say, warn

taxonomy_app = typer.Typer(help="The families and types of signals.", no_args_is_help=True)


@taxonomy_app.command("test")
def try_taxonomy(
    folder: Annotated[Path, typer.Argument(help="The folder of the files; without it, those of the product.")] = FOLDER,
) -> None:
    """Try the examples of every type, and say which fails and why."""
    taxonomy = read_taxonomy(folder)
    extractor = extractor_of(taxonomy, rules_of(taxonomy))
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
