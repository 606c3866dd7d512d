"""`vigie schedule`, `vigie work` and `vigie jobs`: the same jobs on several machines."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from store import failures
from store.database import Database
from store.errors import Invalid, NotFound
from vigie import scheduler
from vigie.commands.options import ConfigOption
from vigie.console import counted, minute_of, out, say
from vigie.opening import opened
from vigie.queue import PRIORITIES, Queue
from vigie.settings import DEFAULT_FILE, Settings

jobs_app = typer.Typer(help="The jobs of the workers.", no_args_is_help=True)
_LEAVE_SECONDS = 5  # that a job may take to end by itself when a worker is told to stop; then it is asked to


@contextmanager
def _queue(config: Path) -> Iterator[tuple[Settings, Database, Queue]]:
    """The settings, the database and the open queue of a configuration."""
    with opened(config) as (settings, database):
        queue = Queue(settings, database)
        queue.prepare()
        with queue.app.open():
            yield settings, database, queue


def schedule(config: ConfigOption = DEFAULT_FILE) -> None:
    """Queue every job when its time comes, for the workers, until stopped."""
    with _queue(config) as (settings, _, queue):
        scheduler.schedule(settings, queue)


def work(
    config: ConfigOption = DEFAULT_FILE,
    queues: Annotated[
        list[str] | None, typer.Option("--queue", help=f"Only these: {', '.join(PRIORITIES)}; may be given twice.")
    ] = None,
    processes: Annotated[int, typer.Option(min=1, help="How many workers to run.")] = 1,
    once: Annotated[bool, typer.Option("--once", help="End when nothing waits.")] = False,
) -> None:
    """Do the queued jobs, the most urgent first, until stopped."""
    if unknown := set(queues or ()) - set(PRIORITIES):
        raise Invalid(f"--queue: there is no queue '{min(unknown)}'; there are {', '.join(PRIORITIES)}")
    with opened(config) as (settings, database):
        queue = Queue(settings, database)
        queue.prepare()
        if processes == 1:
            _work(settings, queue, queues, once)
            return
    command = [sys.executable, "-m", "vigie", "work", "--config", str(config), *(["--once"] if once else [])]
    command += [part for one in queues or () for part in ("--queue", one)]
    _tend([subprocess.Popen(command) for _ in range(processes)])  # noqa: S603


def _work(settings: Settings, queue: Queue, queues: list[str] | None, once: bool) -> None:
    queue.app.run_worker(
        queues=queues,
        concurrency=1,
        wait=not once,
        delete_jobs="successful",
        shutdown_graceful_timeout=_LEAVE_SECONDS,
        update_heartbeat_interval=min(10.0, settings.workers.silent_seconds / 3),
        stalled_worker_timeout=settings.workers.silent_seconds,
    )


def _tend(workers: list[subprocess.Popen[bytes]]) -> None:
    """Wait for all; tell all when told to stop."""

    def stop(*_: object) -> None:
        for one in workers:
            one.terminate()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    codes = [one.wait() for one in workers]
    if worst := max(codes, key=abs):
        raise typer.Exit(abs(worst))


@jobs_app.command("list")
def list_jobs(
    config: ConfigOption = DEFAULT_FILE,
    everything: Annotated[bool, typer.Option("--all", help="Those that wait or run, too.")] = False,
) -> None:
    """List the jobs that were set aside after their last try, and why."""
    with _queue(config) as (_, database, queue):
        found = list(queue.app.job_manager.list_jobs()) if everything else queue.set_aside()
        with database.reading() as session:
            why = failures.of_kind(session, "job")
    table = Table("number", "job", "share", "state", "set aside", "why")
    for one in found:
        reason = why.get(str(one.id))
        said = (minute_of(reason.failed_at), reason.error) if reason else ("", "")
        table.add_row(str(one.id), one.task_name, str(one.task_kwargs.get("share", "")), one.status, *said)
    out.print(table)
    say(counted(len(found), "job"))


@jobs_app.command("retry")
def retry_jobs(
    numbers: Annotated[list[int] | None, typer.Argument(help="The numbers that `vigie jobs list` shows.")] = None,
    config: ConfigOption = DEFAULT_FILE,
    everything: Annotated[bool, typer.Option("--all", help="All that were set aside.")] = False,
) -> None:
    """Queue jobs that were set aside once more."""
    if not numbers and not everything:
        raise Invalid("say which jobs: numbers, or --all")
    with _queue(config) as (_, _, queue):
        aside = {one.id or 0: one for one in queue.set_aside()}
        if missing := set(numbers or ()) - set(aside):
            raise NotFound(f"no job {min(missing)} was set aside; see vigie jobs list")
        chosen = [one for number, one in aside.items() if everything or number in (numbers or ())]
        for one in chosen:
            queue.again(one)
    say(f"{counted(len(chosen), 'job')} queued")
