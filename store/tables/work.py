"""What waits to be done, and what failed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, BigId, PrimaryKey, Text, utcnow


class Outbox(Base):
    """A document that changed since the search index read it. A document may wait several times."""

    __tablename__ = "outbox"

    id: Mapped[PrimaryKey]
    document_id: Mapped[int]  # not a foreign key: a document that was erased must leave the index as well


class JobFailure(Base):
    """Why a job of the workers failed the last time; `job_id` is its number in the queue."""

    __tablename__ = "job_failure"

    job_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    error: Mapped[str] = mapped_column(Text)
    failed_at: Mapped[datetime] = mapped_column(default=utcnow)
