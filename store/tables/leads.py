"""Leads: companies that somebody is to call, and all that happened to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.base import Base, BigId, PrimaryKey, Text, utcnow
from store.tables.companies import Company
from store.tables.people import Rep

_OPEN: dict[str, Any] = {f"{kind}_where": text("closed_at IS NULL") for kind in ("sqlite", "postgresql")}


class Lead(Base):
    """A company to be called for an offer (by its name), as its events have left it; one that is open a pair.

    `kind` is `tip` (still to be checked; `told_by` says from whom it comes) or `project` (decision maker, need and
    timeframe are known). `stage` is one of `leads.stages`, `temperature` one of `follow`, `hot` and `cold`. `origin` is
    where it was opened: `ranking`, `page`, `mail`, `import` or `api`. `budget` and `amount` (of the contract) are in
    euros; `purchase` is what is sold: `simple`, or a `framework` contract. `next_action` is what the owner is to do, on
    `next_on`. One that was returned comes back on `returns_on`. `due_at` is until when the owner, who has it since
    `assigned_at`, is to accept it or act on it; `reminders` is how often it was late.
    """

    __tablename__ = "lead"
    __table_args__ = (
        Index(
            "uq_lead_company_id_offer",
            "company_id",
            "offer",
            unique=True,
            **_OPEN,
        ),
        Index("ix_lead_owner_id_closed_at", "owner_id", "closed_at"),
        Index("ix_lead_open_owner_id", "owner_id", "stage", "due_at", **_OPEN),
        Index("ix_lead_open_offer", "offer", "stage", "stage_since", "amount", "budget", **_OPEN),
        Index("ix_lead_due_at", "due_at"),
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
    assigned_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    phone: Mapped[str] = mapped_column(Text, default="", server_default="")
    purchase: Mapped[str] = mapped_column(default="simple", server_default="simple")
    reminders: Mapped[int] = mapped_column(default=0, server_default="0")

    company: Mapped[Company] = relationship()
    owner: Mapped[Rep | None] = relationship()


class LeadEvent(Base):
    """Something that happened to a lead: when, who did it (an address; empty: Vigie itself), and with what details.

    Events are only ever added; what a lead is follows from them. `code` is what is asked of them most: how a call
    ended, to which stage the lead moved.
    """

    __tablename__ = "lead_event"
    __table_args__ = (
        Index("ix_lead_event_kind_at", "kind", "at", "code", "author"),
        Index("ix_lead_event_lead_id_kind_at", "lead_id", "kind", "at"),
    )

    id: Mapped[PrimaryKey]
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    author: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    code: Mapped[str] = mapped_column(default="", server_default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class LeadMilestone(Base):
    """When a lead reached what for the first time, as its events say; kept beside them for the figures.

    `acted_at` is when its owner first did something after accepting it, `contacted_at` when somebody was first talked
    to, `returned` the reason for the last return, `in_time` whether it was accepted within its time (None: not asked).
    `type` and `source_id` are those of the signal that made it.
    """

    __tablename__ = "lead_milestone"
    __table_args__ = (
        Index("ix_lead_milestone_opened_at", "opened_at"),
        Index("ix_lead_milestone_accepted_at", "accepted_at"),
    )

    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"), primary_key=True)
    opened_at: Mapped[datetime]
    given_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    acted_at: Mapped[datetime | None]
    contacted_at: Mapped[datetime | None]
    qualified_at: Mapped[datetime | None]
    opportunity_at: Mapped[datetime | None]
    won_at: Mapped[datetime | None]
    lost_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    returned: Mapped[str] = mapped_column(default="", server_default="")
    in_time: Mapped[bool | None]
    calls: Mapped[int] = mapped_column(default=0, server_default="0")
    type: Mapped[str] = mapped_column(default="", server_default="")
    source_id: Mapped[int | None] = mapped_column(BigId)


class LeadSignal(Base):
    """A signal that made a lead, or joined it while it was open.

    It was retracted when it was denied since, or turned out to be about another company.
    """

    __tablename__ = "lead_signal"

    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id", ondelete="CASCADE"), primary_key=True)
    signal_id: Mapped[int] = mapped_column(ForeignKey("signal.id", ondelete="CASCADE"), primary_key=True, index=True)
    joined_at: Mapped[datetime] = mapped_column(default=utcnow)
    retracted_at: Mapped[datetime | None]


class Definition(Base):
    """What a word of leads (a stage, a kind, a temperature, a reason of return) means here, as it was written then.

    The last one of a term counts; an empty one says that it means what it means everywhere.
    """

    __tablename__ = "definition"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[PrimaryKey]
    term: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(default=utcnow)


class SalesProfile(Base):
    """How a rep sells: in which team, through which channel, with which skills and where.

    `territory` are departments and countries (ISO 3166), empty: everywhere. `most_open` is how many open leads they are
    given at most. From `away_from` to `away_until` (both included) they are away, and `stand_in` takes their leads.
    """

    __tablename__ = "sales_profile"

    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.id", ondelete="CASCADE"), primary_key=True)
    team: Mapped[str] = mapped_column(default="")
    channel: Mapped[str] = mapped_column(default="field")
    skills: Mapped[list[str]] = mapped_column(default=list)
    territory: Mapped[list[str]] = mapped_column(default=list)
    most_open: Mapped[int | None]
    away_from: Mapped[date | None]
    away_until: Mapped[date | None]
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("rep.id", ondelete="SET NULL"))

    rep: Mapped[Rep] = relationship(foreign_keys=[rep_id])
    stand_in: Mapped[Rep | None] = relationship(foreign_keys=[stand_in_id])
