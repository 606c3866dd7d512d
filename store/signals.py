"""Signals: what was found, read back by document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from store.tables import Signal


def of_documents(session: Session, document_ids: Sequence[int]) -> dict[int, list[Signal]]:
    """The signals of each document with their companies, in the order of the text."""
    query = (
        select(Signal)
        .where(Signal.document_id.in_(document_ids))
        .options(joinedload(Signal.company))
        .order_by(Signal.start, Signal.id)
    )
    found: dict[int, list[Signal]] = defaultdict(list)
    for signal in session.scalars(query):
        found[signal.document_id].append(signal)
    return found
