"""`vigie run`, `vigie serve` and `vigie demo`: what goes on until it is stopped."""

from __future__ import annotations

from typing import Annotated

import typer

from store import users
from vigie import scheduler
from vigie.commands.options import ConfigOption
from vigie.console import say, warn
from vigie.demo.run import run_demo
from vigie.opening import opened
from vigie.pages import run_pages, site_of
from vigie.settings import DEFAULT_FILE


def run_service(config: ConfigOption = DEFAULT_FILE) -> None:
    """Collect, analyse, index, rank and mail on schedule, until SIGTERM or Ctrl-C."""
    with opened(config) as (settings, database):
        scheduler.run(settings, database)


def serve(config: ConfigOption = DEFAULT_FILE) -> None:
    """Serve the pages, until SIGTERM or Ctrl-C."""
    with opened(config) as (settings, database):
        say(f"pages at http://{settings.web.host}:{settings.web.port}")
        site = site_of(settings, database)
        if site.is_private and settings.web.url.startswith("http://"):
            warn("web.url is not https: browsers keep no sign-in; put a proxy with TLS in front, and write its address")
        with database.reading() as session:
            if not users.has_admin(session):
                say(f"to begin: {settings.web.url}/start?code={site.sender.links.start_code}")
        run_pages(settings, site)


def demo(
    serve: Annotated[bool, typer.Option("--serve/--once", help="Serve the pages then, until Ctrl-C; or end.")] = True,
) -> None:
    """Run the main job on a small fictional press served on this machine, then the pages; its data is in var/demo."""
    run_demo(serve=serve)
