"""Surges of mentions: days on which far more articles name a company than its past lets expect."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from math import exp

from sqlalchemy.orm import Session

from store import mentions, outbox
from store.base import utcnow
from store.mentions import Volume
from store.tables import Company, Document, Signal

TYPE, FAMILY, VERSION = "volume_spike", "buzz", "volume-1"
PAST_DAYS = 14
_LEAST_MENTIONS = 5
_LEAST_PAST = 100  # articles in the past days, below which nothing can be expected
_CHANCE = 1e-4  # how seldom so many mentions would come by chance
_QUIET_DAYS = 7  # a spike that goes on is told once


def expected(volume: Volume) -> float:
    """How many of the day's articles would name the company, had it the share it had in the past days.

    Shares, not counts: a source added today, or a day on which little was read, changes them little.
    """
    return volume.articles * (volume.past_mentions + 0.5) / (volume.past_articles + 1)


def is_spike(volume: Volume) -> bool:
    """Whether so many mentions are unlikely by chance (the upper tail of a Poisson law)."""
    if volume.mentions < _LEAST_MENTIONS or volume.past_articles < _LEAST_PAST:
        return False
    mean = expected(volume)
    term = exp(-mean)
    below = term
    for count in range(1, volume.mentions):
        term *= mean / count
        below += term
    return 1 - below < _CHANCE


def _signal(document: Document, company: Company, day: date, volume: Volume) -> Signal:
    """The spike, proved by the title of the day's last article that has one."""
    sentence = document.title or document.text[:200]
    return Signal(
        document_id=document.id,
        company_id=company.id,
        subject=company.name,
        type=TYPE,
        families=[FAMILY],
        status="done",
        sentence=sentence,
        start=0,
        end=len(sentence),
        slots={"mentions": volume.mentions, "expected": round(expected(volume), 2)},
        event_date=day,
        published_at=document.published_at,
        found_at=utcnow(),
        confidence=0.9,
        link_confidence=1.0,
        version=VERSION,
    )


def add_spikes(session: Session, company_ids: Iterable[int], today: date) -> int:
    """Store the spikes of today and yesterday among these companies. Returns how many there are.

    Companies that came into the register in the past days are left out: older articles do not tell of them.
    """
    found = 0
    for day in (today - timedelta(days=1), today):
        start = datetime.combine(day, time(), UTC)
        past = start - timedelta(days=PAST_DAYS)
        volumes = mentions.volumes(session, company_ids, past, start, start + timedelta(days=1))
        for company_id, volume in volumes.items():
            if not is_spike(volume) or mentions.told_since(session, company_id, TYPE, day - timedelta(_QUIET_DAYS)):
                continue
            document = mentions.newest_document(session, company_id, start, start + timedelta(days=1))
            session.add(_signal(document, session.get_one(Company, company_id), day, volume))
            outbox.add(session, [document.id])
            found += 1
        session.flush()
    return found
