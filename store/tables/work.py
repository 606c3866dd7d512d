"""What waits to be done, and what failed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, PrimaryKey, Text


class Outbox(Base):
    """A document that changed since the search index read it. A document may wait several times."""

    __tablename__ = "outbox"

    id: Mapped[PrimaryKey]
    document_id: Mapped[int]  # not a foreign key: a document that was erased must leave the index as well


class Failure(Base):
    """Why a unit of work of a kind (`store.failures`) failed the last time, and after how many tries.

    It is tried again at `due_at`; None: it was set aside. `unit` is the number of a document or a job, the address of a
    rep, or the name of a stage.
    """

    __tablename__ = "failure"

    kind: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int]
    error: Mapped[str] = mapped_column(Text)
    failed_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
