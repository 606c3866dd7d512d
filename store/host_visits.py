"""How often hosts were asked today, and how slowly they want to be asked, from one round to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from store.hosts import slot_of_host
from store.tables import Host

_KEPT = timedelta(days=2)  # as long as a host may want between two requests, and longer than a day


@dataclass
class Visits:
    """The requests to one host: the last, how many on its day (UTC), and the seconds it wants between two.

    `free_at` is when what was put off is to be asked.
    """

    asked_at: datetime
    asked: int = 0
    delay: float = 0.0
    free_at: datetime | None = None

    def today(self, now: datetime) -> int:
        """How many were made on the day of `now`."""
        return self.asked if self.asked_at.date() == now.date() else 0


def lately(session: Session, now: datetime) -> dict[str, Visits]:
    """The hosts that were asked of late."""
    found = session.scalars(select(Host).where(Host.asked_at >= now - _KEPT))
    return {host.name: Visits(host.asked_at, host.asked, host.delay_seconds, host.free_at) for host in found}


def add(session: Session, name: str, requests: int, visits: Visits) -> None:
    """Count so many requests more on the last day of `visits`; other processes may have counted some too."""
    host = session.get(Host, name, with_for_update=True)
    if host is None:
        host = Host(name=name, slot=slot_of_host(name), asked_at=visits.asked_at, asked=0)
        session.add(host)
    if host.asked_at.date() != visits.asked_at.date():
        host.asked = 0
    host.asked_at, host.asked = visits.asked_at, host.asked + requests
    host.delay_seconds, host.free_at = visits.delay, visits.free_at


def is_put_off(slot: InstrumentedAttribute[int], url: InstrumentedAttribute[str], now: datetime) -> ColumnElement[bool]:
    """Whether the host of a row, by its slot and its address, is not to be asked yet."""
    forms = (url.like("http%://" + www + Host.name + end) for www in ("", "www.") for end in ("/%", ":%", ""))
    return exists().where(Host.free_at > now, Host.slot == slot, or_(*forms))
