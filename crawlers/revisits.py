"""How a source that was read before is asked again: at which address, and whether its validators are believed. Pure.

A validator is the mark by which a server says whether its answer changed: ETag or Last-Modified (RFC 9110, 8.8).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from store.tables import Source

_BELIEVED_AFTER = timedelta(days=3)  # of leading to the same address for good
_LOOKED_AGAIN = timedelta(days=7)  # at the own address of a source that moved
_FIRST_CHECK, _LONGEST_CHECK = timedelta(days=1), timedelta(days=7)  # between two requests without validators
_DISTRUST = timedelta(days=30)


def address_of(source: Source, now: datetime) -> str:
    """Where a source is to be asked for: where it moved to some days ago, and each week at its own address again."""
    looked = source.own_address_at
    if source.moved_to and looked and has_moved(source) and now - looked < _LOOKED_AGAIN:
        return source.moved_to
    return source.url


def has_moved(source: Source) -> bool:
    """Whether a source led to the same address for good so long that it is believed to stay there."""
    if source.moved_to is None or source.moved_since is None or source.own_address_at is None:
        return False
    return source.own_address_at - source.moved_since >= _BELIEVED_AFTER


def note_move(source: Source, asked: str, led_to: str | None, now: datetime) -> None:
    """Note where the address that was asked leads for good; None: nowhere else."""
    if asked != source.url:  # it was asked where it moved to, which says nothing of its own address
        return
    if led_to is None:
        source.moved_to = source.moved_since = None
    elif led_to != source.moved_to:
        source.moved_to, source.moved_since = led_to, now
    source.own_address_at = now


def note_failure(source: Source, asked: str, now: datetime) -> None:
    """Note that a source could not be read where it was asked: the other of its two addresses is asked next."""
    if asked != source.url:
        source.moved_to = source.moved_since = None
    elif has_moved(source):
        source.own_address_at = source.due_at = now
        source.asleep_at = None


def is_conditional(source: Source, now: datetime) -> bool:
    """Whether a source is asked only for what changed (`If-None-Match`): not where its validators are doubted.

    They are checked by asking for the whole now and then: a day after they were first believed, then after as long as
    they held, up to a week.
    """
    if source.whole_at is None or source.validators_since is None:  # it is read first, or its validators were wrong
        return False
    held = source.whole_at - source.validators_since
    return now - source.whole_at < min(max(held, _FIRST_CHECK), _LONGEST_CHECK)


def note_answer(source: Source, *, is_whole: bool, contradicts: bool, now: datetime) -> None:
    """Note an answer: whole or "not modified"; `contradicts`: it has new articles under the validators of the last."""
    if not is_whole:
        return
    if contradicts:
        source.validators_failed_at, source.validators_since = now, None
    elif source.validators_failed_at is None or now - source.validators_failed_at >= _DISTRUST:
        source.validators_failed_at = None
        source.validators_since = source.validators_since or now
    source.whole_at = now
