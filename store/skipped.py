"""Addresses that a source lists and that are passed over, so that they are asked for once and no more."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.base import in_chunks
from store.tables import Skipped, Source


def _number(url: str) -> int:
    """The number of an address, of 64 bits: two of a million addresses share one with a chance of 1 in 37 million."""
    return int.from_bytes(hashlib.blake2b(url.encode(), digest_size=8).digest(), signed=True)


def among(session: Session, source: Source, urls: Iterable[str]) -> set[str]:
    """Those of the addresses that are passed over."""
    numbers = {_number(url): url for url in urls}
    found: set[str] = set()
    for chunk in in_chunks(list(numbers)):
        query = select(Skipped.address).where(Skipped.source_id == source.id, Skipped.address.in_(chunk))
        found.update(numbers[number] for number in session.scalars(query))
    return found


def add(session: Session, source: Source, urls: Iterable[str]) -> None:
    """Pass over these addresses from now on."""
    wanted = set(urls)
    fresh = wanted - among(session, source, wanted)
    session.add_all(Skipped(source_id=source.id, address=_number(url)) for url in fresh)
    session.flush()
