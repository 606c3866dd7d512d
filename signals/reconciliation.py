"""Bringing the stored signals of a document to what it is read to tell now, without telling anybody twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from signals import mention_spikes
from store import companies, leads, reps
from store.base import utcnow
from store.tables import Signal

_COMPARED = (
    "company_id",
    "subject",
    "role",
    "link_confidence",
    "candidates",
    "link_reasons",
    "slots",
    "impact",
    "families",
    "status",
    "sentence",
    "start",
    "end",
    "event_date",
    "confidence",
    "version",
)
_STORY = ("company_id", "status", "confidence")  # what a story is made of


def _exactly(signal: Signal) -> tuple[object, ...]:
    return signal.type, signal.start, signal.subject


def _about(signal: Signal) -> tuple[object, ...]:
    return signal.type, signal.company_id or signal.subject


def _paired(stored: Iterable[Signal], fresh: Sequence[Signal]) -> tuple[dict[int, Signal], list[Signal]]:
    """Which new signal each stored one is now, by its id, and those that are new.

    It is the one in the same place, or that tells the same of the same company elsewhere in the text.
    """
    left, pairs = list(fresh), dict[int, Signal]()
    for key in (_exactly, _about):
        waiting = {key(one): one for one in reversed(left)}
        for signal in stored:
            if signal.id not in pairs and (new := waiting.pop(key(signal), None)) is not None:
                pairs[signal.id] = new
                left.remove(new)
    return pairs, left


def _is_spike(signal: Signal, named: frozenset[int]) -> bool:
    """Whether it is a spike that still holds: told of many documents, of which this one is but one."""
    return signal.version == mention_spikes.VERSION and signal.company_id in named


@dataclass(frozen=True)
class Difference:
    """What a document tells otherwise than before: signals that appear, go, or are of another company or status."""

    appear: list[Signal]
    go: list[Signal]
    changes: list[tuple[Signal, Signal]]


def difference(stored: Sequence[Signal], fresh: Sequence[Signal], named: frozenset[int]) -> Difference:
    """Compare the signals of a document with those it tells now; nothing is changed. `named` as for `reconcile`."""
    pairs, new = _paired(stored, fresh)
    changes = [(one, pairs[one.id]) for one in stored if one.id in pairs]
    return Difference(
        new,
        [one for one in stored if one.id not in pairs and not _is_spike(one, named)],
        [(old, now) for old, now in changes if (old.company_id, old.status) != (now.company_id, now.status)],
    )


def reconcile(
    session: Session, stored: Sequence[Signal], fresh: Sequence[Signal], named: frozenset[int], stale: set[int]
) -> bool:
    """Bring the signals of a document to those it tells now; returns whether something else is told of whom.

    A signal that is still told stays the one it was. One that is new on a company of which the document told before
    counts as told to those who were told that. `named` are the companies that the document names; `stale` gets the
    stories that lose or change a signal.
    """
    pairs, new = _paired(stored, fresh)
    different, left, gone = bool(new), set[int](), list[Signal]()
    before = [signal for signal in stored if signal.version != mention_spikes.VERSION]
    for signal in new:
        session.add(signal)
    session.flush()
    for signal in new:
        earlier = [one.id for one in before if one.company_id is not None and one.company_id == signal.company_id]
        reps.count_as_told(session, signal.id, earlier)
    for signal in stored:
        if _is_spike(signal, named):
            continue
        now = pairs.get(signal.id)
        if now is None or any(getattr(signal, name) != getattr(now, name) for name in _STORY):
            different = different or now is None or now.company_id != signal.company_id
            if signal.company_id is not None and (now is None or now.company_id != signal.company_id):
                left.add(signal.company_id)
            if signal.story_id is not None:
                stale.add(signal.story_id)
                if now is None or now.company_id != signal.company_id:
                    signal.story_id = None
        if now is None:
            gone.append(signal)
        else:
            for name in _COMPARED:
                setattr(signal, name, getattr(now, name))
    leads.lose(session, gone, utcnow())
    for signal in gone:
        session.delete(signal)
    companies.touch(session, left)
    return different
