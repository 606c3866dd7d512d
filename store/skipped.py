"""Addresses that a source lists and that are passed over, so that they are asked for once and no more."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.addresses import number
from store.base import in_chunks
from store.tables import Skipped, Source


def among(session: Session, source: Source, urls: Iterable[str]) -> set[str]:
    """Those of the addresses that are passed over."""
    by_number = {number(url): url for url in urls}
    found: set[str] = set()
    for chunk in in_chunks(list(by_number)):
        query = select(Skipped.address).where(Skipped.source_id == source.id, Skipped.address.in_(chunk))
        found.update(by_number[address] for address in session.scalars(query))
    return found


def add(session: Session, source: Source, urls: Iterable[str]) -> None:
    """Pass over these addresses from now on."""
    wanted = set(urls)
    fresh = wanted - among(session, source, wanted)
    session.add_all(Skipped(source_id=source.id, address=number(url)) for url in fresh)
    session.flush()
