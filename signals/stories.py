"""Which signals tell the same event of a company, and what they say of it together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from math import prod
from typing import Any

from sqlalchemy.orm import Session

from nlp.duplicates import Fingerprint
from store import stories, verdicts
from store.database import Database
from store.tables import Signal, Story

WINDOW = timedelta(days=30)
"""Signals of one type on one company this near to each other are taken for one event, unless they contradict."""

PLANNED = timedelta(days=550)
"""So long after a plan was told its fact belongs to it, where both name something that they share."""

Publishes = Callable[[str, float], bool]
_BATCH = 500
_AMOUNT_APART = 0.25  # rounding and "nearly" in between are no other event
_DISTINCT = ("person", "counterpart", "product")
_SHARED = (*_DISTINCT, "place")


def told_at(signal: Signal) -> datetime:
    """When a document told it: its publication, or when it was found."""
    return signal.published_at or signal.found_at


def _names(slots: dict[str, Any], slot: str) -> frozenset[str]:
    """What a slot names, in small letters."""
    return frozenset(str(one["name"] if isinstance(one, dict) else one).casefold() for one in slots.get(slot, ()))


def _amounts(slots: dict[str, Any]) -> list[tuple[float, str]]:
    return [(float(one["value"]), str(one["currency"])) for one in slots.get("amount", ())]


def contradict(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two signals' slots speak of different events: other people, other partners, or quite another amount."""
    for slot in _DISTINCT:
        mine, theirs = _names(one, slot), _names(other, slot)
        if mine and theirs and not any(a in b or b in a for a in mine for b in theirs):
            return True
    mine_paid, theirs_paid = _amounts(one), _amounts(other)
    return bool(mine_paid and theirs_paid) and not _same_amount(mine_paid, theirs_paid)


def _same_amount(mine: Sequence[tuple[float, str]], theirs: Sequence[tuple[float, str]]) -> bool:
    return any(
        money == currency and abs(a - b) <= _AMOUNT_APART * max(a, b) for a, money in mine for b, currency in theirs
    )


def shares(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two signals' slots name the same person, partner, product, place or amount."""
    named = any(not _names(one, slot).isdisjoint(_names(other, slot)) for slot in _SHARED)
    return named or _same_amount(_amounts(one), _amounts(other))


def independent(signals: Sequence[Signal]) -> list[Signal]:
    """The surest signal of each independent telling: one a source, and one of a text that several print."""
    kept: list[tuple[Signal, Fingerprint]] = []
    for signal in sorted(signals, key=lambda one: -one.confidence * one.link_confidence):
        document = signal.document
        if any(document.source_id == other.document.source_id for other, _ in kept):
            continue
        print_ = Fingerprint(document.full_text)
        if not any(print_.is_same(other) for _, other in kept):
            kept.append((signal, print_))
    return [signal for signal, _ in kept]


def status_of(signals: Sequence[Signal]) -> str:
    """How an event stands: as the newest says that does more than spread a rumour; a denial withdraws it."""
    sure = [one for one in signals if one.status != "rumoured"]
    return max(sure or signals, key=lambda one: (told_at(one), one.status == "done")).status


def summarise(story: Story, signals: Sequence[Signal], publishes: Publishes) -> None:
    """Write on a story what its signals say together; once published it stays so."""
    story.status = status_of(signals)
    said = [one for one in signals if one.status == story.status]
    tellings = independent(said)
    best = max(tellings, key=lambda one: (one.confidence * one.link_confidence, -len(one.sentence)))
    story.confidence = 1 - prod(1 - one.confidence for one in tellings)
    story.sources, story.best_id = len(tellings), best.id
    story.published = story.published or publishes(story.type, story.confidence)
    story.first_at, story.last_at = min(map(told_at, signals)), max(map(told_at, signals))


def _fits(signal: Signal, told: Sequence[Signal]) -> bool:
    """Whether a signal tells the event that others tell."""
    if signal.status != "denied" and any(contradict(signal.slots, one.slots) for one in told):
        return False
    return any(_is_near(signal, one) for one in told)


def _is_near(signal: Signal, other: Signal) -> bool:
    """Whether two signals are of one time, or the later is the fact of which the other was the plan."""
    apart = told_at(signal) - told_at(other)
    is_its_fact = (other.status, signal.status) == ("planned", "done") and timedelta() <= apart <= PLANNED
    return abs(apart) <= WINDOW or (is_its_fact and shares(signal.slots, other.slots))


def _as_sure_as_set(session: Session, publishes: Publishes) -> Publishes:
    """Whether a story is told: what the models ask, and where managers set a threshold for its type that as well."""
    least = verdicts.least(session)
    return lambda kind, confidence: publishes(kind, confidence) and confidence >= least.get(kind, 0.0)


def assign(
    database: Database,
    publishes: Publishes = lambda kind, confidence: True,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Give every signal on a known company its story, an old one or a new; returns how many stories changed.

    `publishes` says whether a story of a type is told to reps when it is so sure. When `stopping` says so, the rest
    waits.
    """
    changed = 0
    while not stopping():
        with database.session() as session:
            batch = stories.untold(session, limit=_BATCH)
            if not batch:
                break
            first = min(map(told_at, batch))
            about, types = {one.company_id for one in batch}, {one.type for one in batch}
            known = stories.recent(session, about, types, first - WINDOW, planned_since=first - PLANNED)
            told = stories.tellings(session, [story.id for story in known])
            of_key: defaultdict[tuple[int, str], list[Story]] = defaultdict(list)
            for story in known:
                of_key[story.company_id, story.type].append(story)
            touched: dict[int, Story] = {}
            for signal in sorted(batch, key=told_at):
                key = (signal.company_id or 0, signal.type)
                fitting = [story for story in of_key[key] if _fits(signal, told[story.id])]
                if not fitting:
                    fitting = [stories.begin(session, signal, told_at(signal))]
                    of_key[key] += fitting
                story = max(fitting, key=lambda one: one.last_at)
                signal.story_id = story.id
                told.setdefault(story.id, []).append(signal)
                touched[story.id] = story
            is_told = _as_sure_as_set(session, publishes)
            for number, story in touched.items():
                summarise(story, told[number], is_told)
            changed += len(touched)
    return changed


def regroup(session: Session, story_ids: Collection[int], publishes: Publishes) -> None:
    """Tell stories anew that lost signals; those that lost all are taken away."""
    told, is_told = stories.tellings(session, sorted(story_ids)), _as_sure_as_set(session, publishes)
    for story in stories.by_ids(session, story_ids):
        if story.id in told:
            summarise(story, told[story.id], is_told)
        else:
            session.delete(story)
