"""Every job on its schedule: done in this process (`vigie run`), or queued for workers (`vigie schedule`)."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date
from typing import TypeVar
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from digests.deliver import Sent
from store import failures
from store.base import utcnow
from store.database import Database
from vigie.console import fail, say
from vigie.jobs.analysis import run_analyse
from vigie.jobs.collecting import hurry_before_digest, run_collect
from vigie.jobs.indexing import run_index
from vigie.jobs.mailing import run_alerts, run_digest
from vigie.jobs.rankings import run_rankings
from vigie.jobs.registers import run_registers
from vigie.jobs.stages import stage
from vigie.jobs.upkeep import prune_mails
from vigie.mail_settings import next_digest
from vigie.queue import Queue
from vigie.settings import Settings

_Done = TypeVar("_Done")
_GRACE = 3600  # seconds a digest may be late, for example after the machine slept


class _Clock:
    """Calls jobs when their time comes, until it is told to stop."""

    def __init__(self, settings: Settings, *executors: str) -> None:
        self._settings = settings
        self._stopping = threading.Event()
        # Misfires within the grace are run once.
        self._scheduler = BackgroundScheduler(
            executors={name: ThreadPoolExecutor(1) for name in ("default", *executors)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": _GRACE},
            timezone=ZoneInfo(settings.schedule.time_zone),
        )

    def _each(self, minutes: int, job: Callable[[], None], name: str, executor: str = "default") -> None:
        """Call a job now, and at every interval from now on."""
        every = IntervalTrigger(minutes=minutes, timezone=UTC)
        self._scheduler.add_job(self._guarded(job), every, id=name, executor=executor, next_run_time=utcnow())

    def _guarded(self, job: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            """Run the job; what goes wrong is one line, and the next run tries again."""
            if self._stopping.is_set():
                return
            try:
                job()
            except Exception as error:  # whatever it is, the service goes on
                _fail(failures.said(error))

        return run

    def stop(self, *_: object) -> None:
        """Finish the stage that runs, then end. Safe to call from a signal handler."""
        self._stopping.set()

    def run(self, what: str) -> None:
        """Work until `stop` is called, or SIGTERM or SIGINT comes."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self._scheduler.start()
        _say(f"running; {what}")
        self._stopping.wait()
        _say("stopping after the present stage")
        self._scheduler.shutdown(wait=True)
        _say("stopped")


class Runner(_Clock):
    """Runs the jobs in this process. One at a time: what is due while another runs waits, and is not done twice.

    Rounds have one thread: SQLite has one writer, the embedded index too. Mails have another, so that the morning does
    not wait for a crawl.
    """

    def __init__(self, settings: Settings, database: Database) -> None:
        super().__init__(settings, "mail")
        self._database = database
        self._ranked_on: date | None = None
        self._each(settings.schedule.round_minutes, self._round, "round")
        self._each(1, self._digest, "digest", "mail")

    def _round(self) -> None:
        """Collect, analyse, index and rank; when told to stop, what is left waits for the next start."""
        settings, database, stopping = self._settings, self._database, self._stopping.is_set
        self._stage("import registers", lambda: run_registers(settings, database, stopping), 0)
        self._stage("hurry", lambda: hurry_before_digest(settings, database, utcnow()), None)
        nothing, none = Counter[str](), list[Sent]()
        fetched = self._stage("collect", lambda: run_collect(settings, database, stopping), nothing)["articles_done"]
        found = self._stage("analyse", lambda: run_analyse(settings, database, stopping), 0)
        if stopping():
            return
        indexed = self._stage("index", lambda: run_index(settings, database), 0)
        is_new_day = self._ranked_on != utcnow().date()
        if is_new_day:
            self._stage("upkeep", lambda: prune_mails(database, utcnow()), 0)
        if found or is_new_day:  # scores change with news, and with the day
            self._stage("rank", self._rank, None)
        for one in self._stage("alerts", lambda: run_alerts(settings, database, utcnow()), none):
            _say(f"alert to {one.email}") if one.where else fail(f"{one.email}: {one.error}")
        _say(f"{fetched} articles fetched, {found} signals found, {indexed} documents indexed")

    def _stage(self, name: str, work: Callable[[], _Done], otherwise: _Done) -> _Done:
        return stage(self._database, name, work, otherwise, _fail)

    def _rank(self) -> None:
        today = utcnow().date()
        run_rankings(self._settings, self._database, today)
        self._ranked_on = today

    def _digest(self) -> None:
        sent = run_digest(self._settings, self._database, utcnow(), only_due=True)
        if any(one.where for one in sent):
            _say(f"{sum(bool(one.where) for one in sent)} mails sent")
        for one in sent:
            if one.error:
                fail(f"{one.email}: {one.error}")


class Scheduler(_Clock):
    """Queues the jobs for workers, who do them. Of several on several machines, each queues what none has queued."""

    def __init__(self, settings: Settings, queue: Queue) -> None:
        super().__init__(settings)
        self._queue = queue
        self._ranked_on: date | None = None
        self._each(settings.schedule.round_minutes, self._round, "round")
        self._each(1, self._minute, "minute")

    def _round(self) -> None:
        shares = self._queue.put_fetches()
        self._queue.put("index")  # what people changed, too
        _say(f"{shares} shares of hosts queued")

    def _minute(self) -> None:
        self._queue.put("digest")
        if self._ranked_on != utcnow().date():  # scores change with the day
            today = utcnow().date()
            self._queue.put("rank")
            self._queue.put("upkeep")
            self._ranked_on = today
        for name in self._queue.revive():
            _say(f"{name} is queued again: its worker is not heard of")


def _clock() -> str:
    return f"{utcnow():%Y-%m-%dT%H:%M:%SZ}"


def _fail(text: str) -> None:
    fail(f"{_clock()} {text}")


def _say(text: str) -> None:
    say(f"{_clock()} {text}")


def run(settings: Settings, database: Database) -> None:
    """Run every job on its schedule until SIGTERM or SIGINT, then stop cleanly."""
    come = next_digest(settings, database, utcnow())
    told = f"the next digest leaves at {come:%Y-%m-%d %H:%M %Z}" if come else "there is no rep yet"
    Runner(settings, database).run(told)


def schedule(settings: Settings, queue: Queue) -> None:
    """Queue every job on its schedule until SIGTERM or SIGINT."""
    Scheduler(settings, queue).run("workers do what is queued: vigie work")
