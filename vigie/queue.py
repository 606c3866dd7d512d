"""The jobs of an installation on several machines, in a queue on PostgreSQL (procrastinate).

They are the functions that `vigie run` calls in one process. A job that is waiting is not queued a second time; two of
one lock do not run at once; what fails is tried again at growing intervals, then set aside with the reason.

A further try is a new job: procrastinate's own retry fails when the same job has been queued meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job, Status
from sqlalchemy import inspect, text

from digests.deliver import Sent
from store import documents, failures, sources
from store.base import utcnow
from store.database import Database
from store.errors import Invalid
from store.hosts import Share
from store.locks import only_one
from vigie.console import fail
from vigie.jobs.analysis import run_analyse
from vigie.jobs.collecting import hurry_before_digest, run_collect
from vigie.jobs.indexing import run_index
from vigie.jobs.mailing import run_alerts, run_digest
from vigie.jobs.rankings import run_rankings
from vigie.jobs.registers import run_registers
from vigie.jobs.upkeep import prune_mails
from vigie.settings import Settings

PRIORITIES = {"mail": 40, "index": 30, "rank": 20, "analyse": 10, "fetch": 0, "register": -10}
"""Of the queues; what reps wait for goes first."""
Stopping = Callable[[], bool]
"""Whether a job is to leave the rest of its work for the next time."""
_HEARD_OF = text("SELECT id FROM procrastinate_workers WHERE last_heartbeat > :since LIMIT 1")
_TAKE_OUT = text("DELETE FROM procrastinate_jobs WHERE id = :id AND status IN ('failed', 'doing')")
_WAIT = 4  # seconds after the first failure; then 16, 64, 256 …


class Queue:
    """The queue of an installation: what puts jobs into it, and what workers take out of it."""

    def __init__(self, settings: Settings, database: Database) -> None:
        if database.is_sqlite:
            raise Invalid(
                "workers need PostgreSQL: set 'store.url' in config.yaml, and move what there is by migrate-store"
            )
        self._settings, self._database = settings, database
        self._address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self.app = App(connector=PsycopgConnector(conninfo=self._address))
        for job in (
            self.fetch,
            self.register,
            self.analyse,
            self.index,
            self.rank,
            self.digest,
            self.alert,
            self.upkeep,
        ):
            self._add(job)

    def _add(self, job: Callable[..., str]) -> None:
        name = job.__name__
        queue = "mail" if name in ("digest", "alert", "upkeep") else name

        def run(context: JobContext, /, attempt: int = 1, **asked: int) -> str:
            """Do the job; when it fails, it is queued again for later, and at last set aside."""
            try:
                return job(context.should_abort, **asked)
            except Exception as error:
                words = failures.said(error)
                fail(f"{context.job.call_string}: {words}")
                if attempt < self._settings.workers.tries:
                    self.put(name, share=asked.get("share"), attempt=attempt + 1)
                    return f"failed, to be tried again: {words}"
                with self._database.session() as session:
                    failures.note(session, "job", context.job.id, words, utcnow(), aside=True)
                raise

        self.app.task(name=name, queue=queue, priority=PRIORITIES[queue], pass_context=True)(run)

    def prepare(self) -> None:
        """Make the queue's tables when they are not there."""
        with only_one(self._database, "queue", wait=True):
            if not inspect(self._database.engine).has_table("procrastinate_jobs"):
                with self.app.open():
                    self.app.schema_manager.apply_schema()

    def is_attended(self) -> bool:
        """Whether there are workers that were heard of lately."""
        if not inspect(self._database.engine).has_table("procrastinate_workers"):
            return False
        since = utcnow() - timedelta(seconds=self._settings.workers.silent_seconds)
        with self._database.reading() as session:
            return session.scalar(_HEARD_OF, {"since": since}) is not None

    def put(self, name: str, *, share: int | None = None, attempt: int = 1) -> bool:
        """Queue a job unless one of its name and share waits already; returns whether it was queued.

        A further attempt waits for a time that grows with their number.
        """
        of_share = name if share is None else f"{name}-{share}"
        lock = {"analyse": None, "digest": "mail", "alert": "mail"}.get(name, of_share)
        job = self.app.configure_task(
            name,
            lock=lock,
            queueing_lock=of_share,
            schedule_in={"seconds": _WAIT ** (attempt - 1)} if attempt > 1 else None,
        )
        with suppress(AlreadyEnqueued):
            job.defer(**({} if share is None else {"share": share}), attempt=attempt)
            return True
        return False

    def fetch(self, stopping: Stopping, share: int) -> str:
        """Read what is due at the hosts of a share; then what was read is analysed, and the next hosts are asked."""
        if share not in self._shares_due():
            return "nothing is due"
        chosen = Share(share, self._settings.workers.shares)
        counts = run_collect(self._settings, self._database, stopping, chosen)
        if counts["articles_done"]:
            self.put("analyse", share=share)
        self.put_fetches(without=share)
        return f"{counts['sources_done']} sources, {counts['articles_done']} articles"

    def set_aside(self) -> list[Job]:
        """The jobs that failed at their last try."""
        return list(self.app.job_manager.list_jobs(status=Status.FAILED.value))

    def again(self, job: Job) -> None:
        """Queue a job once more, as if it had never been tried, in place of what was set aside or has stopped."""
        share = job.task_kwargs.get("share")
        self.put(job.task_name, share=share if isinstance(share, int) else None)
        with self._database.session() as session:
            session.execute(_TAKE_OUT, {"id": job.id})
            failures.forget(session, "job", [job.id])

    def revive(self) -> list[str]:
        """Queue again what workers were at that are not heard of any more; returns the names of these jobs."""
        stalled = asyncio.run(self._stalled())
        for job in stalled:
            if isinstance(share := job.task_kwargs.get("share"), int) and job.task_name == "fetch":
                with self._database.session() as session:  # nobody else has the share's lock: what is held is left
                    sources.release(session, Share(share, self._settings.workers.shares))
            self.again(job)
        return [job.task_name for job in stalled]

    async def _stalled(self) -> list[Job]:
        app = App(connector=PsycopgConnector(conninfo=self._address))
        async with app.open_async():
            silent = self._settings.workers.silent_seconds
            return list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent))

    def _shares_due(self) -> set[int]:
        """The shares with something to fetch."""
        with self._database.reading() as session:
            now = utcnow()
            slots = sources.slots_due(session, now) | documents.slots_announced(session, now)
        return {slot % self._settings.workers.shares for slot in slots}

    def put_fetches(self, *, without: int | None = None) -> int:
        """Queue the shares with something to fetch, each unless it waits; returns how many were queued.

        A register of companies that is due is queued too.
        """
        if without is None:  # a round begins
            hurry_before_digest(self._settings, self._database, utcnow())
        with self._database.reading() as session:
            if sources.is_register_due(session, utcnow()):
                self.put("register")
        return sum(self.put("fetch", share=one) for one in sorted(self._shares_due()) if one != without)

    def register(self, stopping: Stopping) -> str:
        """Import the registers of companies that are due and changed."""
        return f"{run_registers(self._settings, self._database, stopping)} registers"

    def analyse(self, stopping: Stopping, share: int) -> str:
        """Analyse what was collected, beside others who do; then it is indexed."""
        found = run_analyse(self._settings, self._database, stopping)
        self.put("index")
        return f"{found} signals"

    def index(self, _: Stopping) -> str:
        """Index what changed; then leads are ranked and alerts are sent."""
        read = run_index(self._settings, self._database)
        if read:
            self.put("rank")
            self.put("alert")
        return f"{read} documents"

    def rank(self, _: Stopping) -> str:
        """Rank for every offer."""
        return f"{len(run_rankings(self._settings, self._database, utcnow().date()))} offers"

    def digest(self, _: Stopping) -> str:
        """Send the digests whose time has come."""
        return _told(run_digest(self._settings, self._database, utcnow(), only_due=True))

    def upkeep(self, _: Stopping) -> str:
        """Let go of what was in mails of long ago."""
        return f"{prune_mails(self._database, utcnow())} mails"

    def alert(self, _: Stopping) -> str:
        """Send what is told at once."""
        return _told(run_alerts(self._settings, self._database, utcnow()))


def _told(sent: list[Sent]) -> str:
    """How many mails left; those that did not wait in the store for their next try, and are no failure of the job."""
    for one in sent:
        if one.error:
            fail(f"{one.email}: {one.error}")
    return f"{sum(bool(one.where) for one in sent)} mails"
