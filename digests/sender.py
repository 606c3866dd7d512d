"""How an installation writes to its reps: as whom, when, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from typing import cast
from zoneinfo import ZoneInfo

from digests.links import Links
from digests.schedule import Schedule
from leads.wording import Words
from signals.localization import Language
from signals.types import Taxonomy
from store.reps import LONGEST, Fresh
from store.tables import Rep

_MEANWHILE = timedelta(hours=2)  # before a digest; what was being analysed then is looked at again


@dataclass(frozen=True)
class Sender:
    """How this installation writes: as whom, in which words, with which addresses, and what is fresh enough.

    `at`, `zone` and `days` hold for reps who chose none.
    """

    address: Address
    taxonomy: Taxonomy
    links: Links
    fresh: timedelta
    at: str = "07:00"
    zone: str = "Europe/Paris"
    days: str = "mon-fri"

    def schedule(self, rep: Rep, days: str = "") -> Schedule:
        """When a rep is written to; on other days than the rep's, where `days` says so."""
        return Schedule.of(rep.digest_time or self.at, rep.zone or self.zone, days or rep.days or self.days)

    def is_due(self, rep: Rep, now: datetime) -> bool:
        """Whether a rep's time has come since their last digest."""
        return self.schedule(rep).due(rep.digest_at, now) is not None

    def freshness(self, rep: Rep, now: datetime) -> Fresh:
        """What is new to a rep: of the last days, or published or found since their last digest; of a month at most."""
        earliest = now - self.fresh
        if rep.digest_at is None:
            return Fresh(earliest)
        return Fresh(max(min(earliest, rep.digest_at), now - LONGEST), rep.digest_at - _MEANWHILE, self.fresh)

    def today(self, rep: Rep, now: datetime) -> datetime:
        """The moment in the rep's zone."""
        return now.astimezone(ZoneInfo(rep.zone or self.zone))

    def words(self, rep: Rep, now: datetime) -> Words:
        """How to say things to a rep, in their language and time zone."""
        today = self.today(rep, now)
        return Words(cast(Language, rep.language), self.taxonomy, today.date(), today.tzinfo or UTC)
