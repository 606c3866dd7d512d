"""What documents tell of companies, and what that is worth for an offer."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.base import Base, BigId, PrimaryKey, Text, utcnow

if TYPE_CHECKING:
    from store.tables.companies import Company
    from store.tables.press import Document


class Mention(Base):
    """A company that a document names, whether or not it tells a signal of it; names of several companies are not."""

    __tablename__ = "mention"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"), primary_key=True, index=True)


class Signal(Base):
    """An event a document tells of a company, with the sentence that proves it.

    `start` and `end` are character offsets of the sentence in the document's `full_text`.
    `company_id` is None when the text names no company we know; `subject` is the name as the text has it. Where it
    could stand for several, or for one that is not known, `candidates` are those that may be meant, as [id,
    probability]; `link_reasons` is the evidence for the first, as [what, points]. `confidence` says how sure it is that
    it happened, `link_confidence` that it is this company, `impact` how many times a usual event of its type it counts.
    `changed_at` is when it was last written; None: before that was kept. `quiet` is what was found only when old
    articles were read anew: pages show it, and no mail tells it.
    """

    __tablename__ = "signal"
    __table_args__ = (
        UniqueConstraint("document_id", "type", "start", "subject"),
        Index("ix_signal_company_type_found_at", "company_id", "type", "found_at"),
    )

    id: Mapped[PrimaryKey]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    subject: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[str] = mapped_column(default="subject")
    type: Mapped[str]
    families: Mapped[list[str]]
    status: Mapped[str]
    sentence: Mapped[str] = mapped_column(Text)
    start: Mapped[int]
    end: Mapped[int]
    slots: Mapped[dict[str, Any]]
    event_date: Mapped[date | None]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    found_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    confidence: Mapped[float]
    link_confidence: Mapped[float] = mapped_column(default=0.0)
    impact: Mapped[float] = mapped_column(default=1.0, server_default="1")
    candidates: Mapped[list[tuple[int, float]]] = mapped_column(JSON, default=list, server_default="[]")
    link_reasons: Mapped[list[tuple[str, float]]] = mapped_column(JSON, default=list, server_default="[]")
    version: Mapped[str]
    quiet: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Not a foreign key: SQLite cannot add one to a table that others refer to. A signal outlives its story.
    story_id: Mapped[int | None] = mapped_column(BigId, index=True)
    changed_at: Mapped[datetime | None] = mapped_column(default=utcnow, onupdate=utcnow, index=True)

    document: Mapped[Document] = relationship()
    company: Mapped[Company | None] = relationship()
    story: Mapped[Story | None] = relationship(primaryjoin="foreign(Signal.story_id) == Story.id")

    @property
    def story_key(self) -> int:
        """What signals of one story share: its id, or a number of the signal's own where it has no story yet."""
        return self.story_id or -self.id


class Story(Base):
    """An event of a company as all documents together tell it.

    `status` is how it stands after the newest of them, `confidence` that of all independent ones together, `sources`
    how many those are, `best_id` the signal whose sentence proves it best. `published` tells whether it is sure enough
    to be told to reps unasked.
    """

    __tablename__ = "story"
    __table_args__ = (Index("ix_story_company_type", "company_id", "type", "last_at"),)

    id: Mapped[PrimaryKey]
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"))
    type: Mapped[str]
    status: Mapped[str]
    confidence: Mapped[float]
    sources: Mapped[int]
    best_id: Mapped[int | None] = mapped_column(BigId)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    published: Mapped[bool] = mapped_column(default=True, server_default=true())


class OfferVersion(Base):
    """An offer as somebody saved it. `content` is what the model of offers reads; None where it was retired.

    `source` is `config` (the configuration file) or `person`.
    """

    __tablename__ = "offer_version"
    __table_args__ = (UniqueConstraint("name", "number"),)

    id: Mapped[PrimaryKey]
    name: Mapped[str]
    number: Mapped[int]
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    source: Mapped[str]
    author: Mapped[str]
    note: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime] = mapped_column(default=utcnow)


class TypeThreshold(Base):
    """From which confidence on a story of a type is told to reps, as a manager set it, above what the models ask."""

    __tablename__ = "type_threshold"

    type: Mapped[str] = mapped_column(primary_key=True)
    least: Mapped[float]
    set_at: Mapped[datetime] = mapped_column(default=utcnow)
    set_by: Mapped[str]


class AcceptanceModel(Base):
    """How likely an offer's leads are accepted, as it was learnt last; `content` is what `leads.acceptance` reads."""

    __tablename__ = "acceptance_model"

    offer: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]


class OfferSuggestion(Base):
    """Another weight for a type or family in an offer, as outcomes of leads spoke for it, and what a manager decided.

    Of `leads` that signals of this `kind` made `meetings` led to one, of `other_leads` `other_meetings`. `version` is
    that of the offer which an accepted one became; none where it held already.
    """

    __tablename__ = "offer_suggestion"
    __table_args__ = (Index("ix_offer_suggestion_offer", "offer"), {"sqlite_autoincrement": True})

    id: Mapped[PrimaryKey]
    offer: Mapped[str]
    kind: Mapped[str]
    before: Mapped[float]
    after: Mapped[float]
    meetings: Mapped[int]
    leads: Mapped[int]
    other_meetings: Mapped[int]
    other_leads: Mapped[int]
    decided_at: Mapped[datetime] = mapped_column(default=utcnow)
    decided_by: Mapped[str]
    accepted: Mapped[bool]
    version: Mapped[int | None]


class Score(Base):
    """What a company was worth for an offer when last ranked, on `day`. `state` is `hot`, `potential` or `none`.

    `before` is what it was on the last earlier day that it was ranked (day, state, fit, timing, lines as [part, kind,
    points, facts]); None where that is the same.
    """

    __tablename__ = "score"
    __table_args__ = (UniqueConstraint("offer", "company_id"), Index("ix_score_offer_state", "offer", "state"))

    id: Mapped[PrimaryKey]
    offer: Mapped[str]
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"))
    fit: Mapped[float]
    timing: Mapped[float]
    state: Mapped[str]
    scored_at: Mapped[datetime] = mapped_column(default=utcnow)
    day: Mapped[date | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    company: Mapped[Company] = relationship()
    lines: Mapped[list[LedgerLine]] = relationship(
        cascade="all, delete-orphan", order_by="LedgerLine.id", passive_deletes=True
    )


class LedgerLine(Base):
    """One reason of a score: `points` added to `part` (`fit` or `timing`); words are made of `kind` and `facts`."""

    __tablename__ = "ledger_line"

    id: Mapped[PrimaryKey]
    score_id: Mapped[int] = mapped_column(ForeignKey("score.id", ondelete="CASCADE"), index=True)
    part: Mapped[str]
    points: Mapped[float]
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]
    signal_id: Mapped[int | None] = mapped_column(ForeignKey("signal.id", ondelete="SET NULL"))

    signal: Mapped[Signal | None] = relationship()
