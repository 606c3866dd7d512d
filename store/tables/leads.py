"""Leads: companies that somebody is to call, and all that happened to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.base import Base, PrimaryKey, Text, utcnow
from store.tables.companies import Company
from store.tables.people import Rep


class Lead(Base):
    """A company to be called for an offer (by its name), as its events have left it; one that is open a pair.

    `kind` is `tip` (still to be checked; `told_by` says from whom it comes) or `project` (decision maker, need and
    timeframe are known). `stage` is one of `leads.stages`, `temperature` one of `follow`, `hot` and `cold`. `origin` is
    where it was opened: `ranking`, `page`, `mail`, `import` or `api`. `budget` and `amount` (of the contract) are in
    euros. `next_action` is what the owner is to do, on `next_on`. One that was returned comes back on `returns_on`.
    """

    __tablename__ = "lead"
    __table_args__ = (
        Index(
            "uq_lead_company_id_offer",
            "company_id",
            "offer",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_lead_owner_id_closed_at", "owner_id", "closed_at"),
    )

    id: Mapped[PrimaryKey]
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    offer: Mapped[str]
    kind: Mapped[str] = mapped_column(default="tip")
    stage: Mapped[str]
    temperature: Mapped[str] = mapped_column(default="follow")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("rep.id", ondelete="SET NULL"))
    origin: Mapped[str]
    told_by: Mapped[str] = mapped_column(Text, default="")
    decision_maker: Mapped[str] = mapped_column(Text, default="")
    need: Mapped[str] = mapped_column(Text, default="")
    timeframe: Mapped[str] = mapped_column(Text, default="")
    budget: Mapped[float | None]
    amount: Mapped[float | None]
    opened_at: Mapped[datetime] = mapped_column(default=utcnow)
    stage_since: Mapped[datetime] = mapped_column(default=utcnow)
    next_action: Mapped[str] = mapped_column(Text, default="")
    next_on: Mapped[date | None]
    returns_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]

    company: Mapped[Company] = relationship()
    owner: Mapped[Rep | None] = relationship()


class LeadEvent(Base):
    """Something that happened to a lead: when, who did it (an address; empty: Vigie itself), and with what details.

    Events are only ever added; what a lead is follows from them.
    """

    __tablename__ = "lead_event"
    __table_args__ = (Index("ix_lead_event_kind_at", "kind", "at"),)

    id: Mapped[PrimaryKey]
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    author: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class LeadSignal(Base):
    """A signal that made a lead, or joined it while it was open."""

    __tablename__ = "lead_signal"

    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"), primary_key=True)
    signal_id: Mapped[int] = mapped_column(ForeignKey("signal.id", ondelete="CASCADE"), primary_key=True, index=True)
    joined_at: Mapped[datetime] = mapped_column(default=utcnow)
