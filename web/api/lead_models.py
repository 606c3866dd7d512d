"""Leads as programs see them: amounts are in euros, days are ISO 8601, times are UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from leads import lead_wording
from leads.stages import FIRST
from leads.wording import Words
from store import tables
from web.api.models import CompanyRef, Model

_Text = Annotated[str, Field(max_length=2000)]


class EventModel(Model):
    """Something that happened to a lead; events are only ever added, by rising ids.

    `code` is how a call ended, to which stage the lead moved, or the name of an activity; `said` the whole in words.
    """

    id: int
    lead: int
    at: datetime
    author: str = Field(examples=["zoe@example.org"], description="Empty: Vigie itself.")
    kind: str = Field(examples=["call"])
    code: str = Field(examples=["meeting"])
    said: str = Field(examples=["Call: meeting agreed"])
    details: dict[str, Any]

    @classmethod
    def of(cls, one: tables.LeadEvent, words: Words) -> EventModel:
        """From the stored event."""
        parts = (lead_wording.happened(one, words), lead_wording.told(one, words))
        return cls(
            id=one.id,
            lead=one.lead_id,
            at=one.at,
            author=one.author,
            kind=one.kind,
            code=one.code,
            said=". ".join(part for part in parts if part),
            details=one.details,
        )


class LeadModel(Model):
    """A company that somebody is to call for an offer. Amounts are in euros."""

    id: int
    company: CompanyRef
    offer: str = Field(examples=["Machines et automatismes"])
    kind: str = Field(examples=["tip"], description="tip or project")
    stage: str = Field(examples=["sales_accepted"])
    stage_since: datetime
    temperature: str = Field(examples=["follow"], description="follow, hot or cold")
    owner: str | None = Field(examples=["zoe@example.org"])
    origin: str = Field(examples=["ranking"])
    told_by: str
    decision_maker: str
    phone: str
    need: str
    timeframe: str
    budget: float | None
    amount: float | None
    purchase: str = Field(examples=["simple"])
    next_action: str
    next_on: date | None
    returns_on: date | None
    due_at: datetime | None = Field(description="Until when its owner is to accept it, or to act on it.")
    opened_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, one: tables.Lead) -> LeadModel:
        """From the stored lead."""
        values = {name: getattr(one, name) for name in cls.model_fields if name not in ("company", "owner")}
        return cls(**values, company=CompanyRef.of(one.company), owner=one.owner.email if one.owner else None)


class LeadDetail(LeadModel):
    """A lead with the signals that speak for it (`retracted`: that did) and all that happened to it."""

    signals: list[int]
    retracted: list[int]
    events: list[EventModel]


class Task(Model):
    """What somebody is to do on a lead: accept it (`accept`), act on it (`act`), or what was planned (`planned`)."""

    lead: int
    company: CompanyRef
    owner: str | None
    what: Literal["accept", "act", "planned"]
    action: str
    due_at: datetime | None
    on: date | None
    late: bool

    @classmethod
    def of(cls, one: tables.Lead, now: datetime) -> Task:
        """From the stored lead, on which something is to be done."""
        asked: Literal["accept", "act", "planned"] = "planned"
        if one.due_at is not None:
            asked = "accept" if one.stage == FIRST else "act"
        return cls(
            lead=one.id,
            company=CompanyRef.of(one.company),
            owner=one.owner.email if one.owner else None,
            what=asked,
            action=one.next_action,
            due_at=one.due_at,
            on=one.next_on,
            late=one.due_at <= now if one.due_at else bool(one.next_on and one.next_on < now.date()),
        )


class NewLead(Model):
    """A company that is to be called for an offer."""

    company: int
    offer: str = Field(max_length=100)
    signals: list[int] = Field(default=[], max_length=50)
    told_by: _Text = ""


class Moved(Model):
    """To which stage a lead moves, and why; from `returned` (a reason of the contract) it may come back on a day."""

    stage: str = Field(examples=["opportunity"])
    reason: _Text = ""
    returned: str = ""
    returns_on: date | None = None


class Called(Model):
    """A call, and how it ended."""

    result: str = Field(examples=["meeting"])
    text: _Text = ""


class Noted(Model):
    """A note."""

    text: _Text


class Activity(Model):
    """What another system tells of a lead, by a name that the offer's rules for points may ask for."""

    name: str = Field(examples=["mail_opened"])
    text: _Text = ""


class Known(Model):
    """What became known of a lead; what is left out stays as it is."""

    decision_maker: _Text | None = None
    phone: _Text | None = None
    need: _Text | None = None
    timeframe: _Text | None = None
    told_by: _Text | None = None
    budget: float | None = None
    amount: float | None = None
    temperature: str | None = None
    purchase: str | None = None
    next_action: _Text | None = None
    next_on: date | None = None
    project: bool = Field(default=False, description="It is a project from now on; 422 says what is not known for it.")
