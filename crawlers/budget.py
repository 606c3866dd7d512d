"""How often a host may still be asked, in a round and in a day."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from datetime import time as clock

from scrapy.exceptions import IgnoreRequest

from store import host_visits
from store.base import utcnow
from store.database import Database
from store.host_visits import Visits

_SAVE_EVERY = 5.0  # seconds


class PutOff(IgnoreRequest):
    """A request that is not made now: `until` when it may be, `is_limit` that the host was asked enough for a day."""

    def __init__(self, said: str, until: datetime, *, is_limit: bool) -> None:
        super().__init__(said)
        self.until = until
        self.is_limit = is_limit


class Budget:
    """The requests to each host, counted across rounds: at most `a_day`, and a round waits `patience` seconds for one.

    What a host is not asked in one round it is asked in a later one, so that a slow host holds up nobody else's news.
    """

    def __init__(self, database: Database, *, a_day: int, patience: float) -> None:
        self.database = database
        self.a_day = a_day
        self.patience = patience
        self.began: dict[str, float] = {}
        self.saved = time.monotonic()
        self.unsaved: Counter[str] = Counter()
        with database.reading() as session:
            self.hosts = host_visits.lately(session, utcnow())

    def delay(self, host: str) -> float:
        """The seconds between two requests that a host asked for; 0 when it did not."""
        return self.hosts[host].delay if host in self.hosts else 0.0

    def set_delay(self, host: str, seconds: float) -> None:
        """Keep how slowly a host wants to be asked."""
        if host in self.hosts:
            self.hosts[host].delay = seconds

    def idle(self, host: str) -> float | None:
        """The seconds since a host was asked; None when it was not of late."""
        return (utcnow() - self.hosts[host].asked_at).total_seconds() if host in self.hosts else None

    def check(self, host: str, *, waiting: int, wait: float) -> None:
        """Raise `PutOff` unless a host may be asked once more, after `waiting` requests and in `wait` seconds."""
        now = utcnow()
        put_off = self.put_off(host, now, waiting, wait)
        if put_off is not None:
            visits = self.hosts.setdefault(host, Visits(now))
            visits.free_at = put_off.until
            self.unsaved.setdefault(host, 0)  # when it is free is to be saved too
            raise put_off

    def put_off(self, host: str, now: datetime, waiting: int, wait: float) -> PutOff | None:
        """Why a host is not asked now."""
        if host in self.hosts and self.hosts[host].today(now) + waiting >= self.a_day:
            tomorrow = datetime.combine(now.date() + timedelta(days=1), clock(), UTC)
            said = f"{host} was asked {self.a_day} times today, as often as `crawl.host_requests` lets it be"
            return PutOff(said, tomorrow, is_limit=True)
        passed = time.monotonic() - self.began.setdefault(host, time.monotonic())
        if wait and passed + wait > self.patience:
            return PutOff(f"{host} wants time between two requests", now + timedelta(seconds=wait), is_limit=False)
        return None

    def count(self, host: str) -> None:
        """Count a request that is made."""
        now = utcnow()
        visits = self.hosts.setdefault(host, Visits(now))
        visits.asked, visits.asked_at = visits.today(now) + 1, now
        self.unsaved[host] += 1
        if time.monotonic() - self.saved > _SAVE_EVERY:
            self.save()

    def save(self) -> None:
        """Keep the counts for the next round."""
        with self.database.session() as session:
            for host, requests in self.unsaved.items():
                host_visits.add(session, host, requests, self.hosts[host])
        self.unsaved.clear()
        self.saved = time.monotonic()
