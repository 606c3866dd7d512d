"""The entry that a signal is told in, and what a rep says of it: one verdict, on whichever signal it is given."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from signals.entries import Entry, entries_of
from signals.types import Taxonomy
from store import reps, signals
from store.tables import Feedback, Rep, Signal

_AROUND = timedelta(days=14)  # what is told of a company further away is another event


def entry_of(session: Session, signal: Signal, taxonomy: Taxonomy) -> Entry:
    """The entry of a signal among all that was told of its company at that time."""
    entries = entries_of(signals.around(session, signal, _AROUND), taxonomy)
    return next(one for one in entries if signal.id in {other.id for other in one.signals})


def verdict_on(session: Session, rep: Rep, entry: Entry) -> Feedback | None:
    """What a rep said last of an entry."""
    return reps.feedback_on(session, rep, (one.id for one in entry.signals))


def take_back(session: Session, rep: Rep, signal: Signal, taxonomy: Taxonomy) -> str:
    """Let a rep say nothing of the entry of a signal; what they had said."""
    entry = entry_of(session, signal, taxonomy)
    given = verdict_on(session, rep, entry)
    reps.withdraw_feedback(session, rep, (one.id for one in entry.signals))
    return given.verdict if given else ""


def judge(session: Session, rep: Rep, signal: Signal, verdict: str, taxonomy: Taxonomy, now: datetime) -> str:
    """Note what a rep says of the entry of a signal, in the place of what they had said of it, which is given back."""
    before = take_back(session, rep, signal, taxonomy)
    reps.give_feedback(session, rep, signal.id, verdict, now)
    return before
