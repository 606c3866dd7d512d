"""`vigie digest` and `vigie alerts`: the mails that are due."""

from __future__ import annotations

import typer

from digests.deliver import Sent
from store.base import utcnow
from store.errors import Invalid
from vigie.commands.options import ConfigOption
from vigie.console import fail, say
from vigie.jobs.mailing import run_alerts, run_digest
from vigie.opening import opened
from vigie.settings import DEFAULT_FILE


def digest(config: ConfigOption = DEFAULT_FILE) -> None:
    """Mail every rep what changed at the companies they follow; into the outbox folder when no mail server is set."""
    with opened(config) as (settings, database):
        sent = run_digest(settings, database, utcnow())
    if not sent:
        raise Invalid("there is no rep; add one with `vigie reps add` and `vigie reps watch`")
    show_digests(sent)
    if any(one.error for one in sent):
        raise typer.Exit(1)


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
