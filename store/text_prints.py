"""Fingerprints of the texts of lately found documents, by the host they are at."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.tables import TextPrint


def add(session: Session, document_id: int, host_slot: int, signature: bytes) -> None:
    """Keep the fingerprint of a document, in the place of the one it had."""
    session.merge(TextPrint(document_id=document_id, host_slot=host_slot, signature=signature))


def at_hosts(session: Session, slots: Collection[int], since: datetime) -> list[TextPrint]:
    """Those of documents at hosts of these slots that were made since then, the oldest document first."""
    query = select(TextPrint).where(TextPrint.host_slot.in_(slots), TextPrint.made_at >= since)
    return list(session.scalars(query.order_by(TextPrint.document_id)))


def forget(session: Session, before: datetime) -> None:
    """Take away those that were made before."""
    session.execute(delete(TextPrint).where(TextPrint.made_at < before))
