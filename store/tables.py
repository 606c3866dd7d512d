"""Every table. One class a noun; queries stand in the module of the noun."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, SmallInteger, UniqueConstraint, false, true
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.base import Base, BigId, Folded, PrimaryKey, Text, utcnow
from store.hosts import slot_of_row


class Source(Base):
    """An address that is read again and again: a feed. Its due time is the frontier of the crawl.

    `origin` is `config` (the configuration file, which it follows) or `person`.
    """

    __tablename__ = "source"

    id: Mapped[PrimaryKey]
    url: Mapped[str] = mapped_column(Text, unique=True)
    host_slot: Mapped[int] = mapped_column(SmallInteger, default=slot_of_row, server_default="0")
    name: Mapped[str]
    language: Mapped[str | None]
    origin: Mapped[str] = mapped_column(default="config", server_default="config")
    active: Mapped[bool] = mapped_column(default=True)
    due_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    claimed_until: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
    interval_minutes: Mapped[int] = mapped_column(default=60)
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    body_digest: Mapped[str | None]


class Document(Base):
    """An article, known by its address. Offsets of signals count the characters of `full_text`.

    `state` goes from `announced` (by a feed) to `collected` (its page was read, or cannot be), then `analysed`.
    `date_source` says where `published_at` comes from: `feed`, `page`, or `unknown` when there is none. `notice` holds
    what an official notice says in its fields.
    """

    __tablename__ = "document"
    __table_args__ = (Index("ix_document_state", "state", "id"),)

    id: Mapped[PrimaryKey]
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    url: Mapped[str] = mapped_column(Text, unique=True)
    host_slot: Mapped[int] = mapped_column(SmallInteger, default=slot_of_row, server_default="0")
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    date_source: Mapped[str] = mapped_column(default="unknown", server_default="unknown")
    found_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    state: Mapped[str] = mapped_column(default="announced")
    notice: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    page: Mapped[RawPage | None] = relationship(back_populates="document", cascade="all, delete-orphan")
    source: Mapped[Source] = relationship()

    @property
    def full_text(self) -> str:
        """What is analysed: the title, a line break, the text; without a title the text alone."""
        return f"{self.title}\n{self.text}" if self.title else self.text

    @property
    def published_on(self) -> date | None:
        """The day it was published, in UTC."""
        return self.published_at.date() if self.published_at else None


class RawPage(Base):
    """The page as it was fetched, compressed with Zstandard, so that extraction can be repeated."""

    __tablename__ = "raw_page"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    content_type: Mapped[str] = mapped_column(default="")
    body: Mapped[bytes] = mapped_column(LargeBinary)

    document: Mapped[Document] = relationship(back_populates="page")


class Company(Base):
    """A company of the register. Unknown is None, never zero; amounts are in euros, of the last year known.

    `headcount_band` is INSEE's code (`tranche d'effectifs`), `legal_form` its four digits (`catégorie juridique`),
    `naf` its activity without the dot. `register` and `register_date` say which register gave the facts, and of which
    day; `sources` holds the source and day of those that came from elsewhere, by their column. What `person` typed
    stays. `merged_into` is the id of the record that a person said is the same company: that one stands for both.
    `changed_at` is when it was last written, or lost a signal; None: before that was kept.
    """

    __tablename__ = "company"

    id: Mapped[PrimaryKey]
    name: Mapped[str] = mapped_column(Text, index=True)
    siren: Mapped[str | None] = mapped_column(unique=True)
    lei: Mapped[str | None] = mapped_column(index=True, unique=True)
    department: Mapped[str | None] = mapped_column(index=True)
    naf: Mapped[str | None] = mapped_column(index=True)
    headcount: Mapped[int | None]
    city: Mapped[str | None]
    country: Mapped[str] = mapped_column(default="FR")
    site: Mapped[str | None] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(default=utcnow)
    changed_at: Mapped[datetime | None] = mapped_column(default=utcnow, onupdate=utcnow, index=True)

    created_on: Mapped[date | None]
    legal_form: Mapped[str | None]
    listing: Mapped[str | None]
    headcount_band: Mapped[str | None]
    turnover: Mapped[float | None]
    export_turnover: Mapped[float | None]
    profit: Mapped[float | None]
    financial_score: Mapped[float | None]
    working_capital: Mapped[float | None]
    share_capital: Mapped[float | None]
    sales_channel: Mapped[str | None]
    site_type: Mapped[str | None]
    secondary_sites: Mapped[int | None]
    international_presence: Mapped[str | None]
    digital_presence: Mapped[str | None]
    social_influence: Mapped[int | None]
    closed: Mapped[bool] = mapped_column(default=False, server_default=false())
    register: Mapped[str | None]
    register_date: Mapped[date | None]
    sources: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    # Not a foreign key: SQLite cannot add one to a table that others refer to.
    merged_into: Mapped[int | None] = mapped_column(BigId, index=True)

    names: Mapped[list[Name]] = relationship(back_populates="company", cascade="all, delete-orphan")


class Name(Base):
    """A name a company goes by.

    `kind` is `legal`, `trade`, `acronym`, `sign` (over the door), `brand`, `former`, `ticker`, `domain` or `alias`.
    """

    __tablename__ = "name"
    __table_args__ = (UniqueConstraint("company_id", "folded"),)

    id: Mapped[PrimaryKey]
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Folded, index=True)
    kind: Mapped[str] = mapped_column(default="legal")

    company: Mapped[Company] = relationship(back_populates="names")


class NegativeAlias(Base):
    """A name that a person said is not this company's where a text has the folded words of `context` (none: never)."""

    __tablename__ = "negative_alias"
    __table_args__ = (UniqueConstraint("company_id", "folded", "context"),)

    id: Mapped[PrimaryKey]
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"))
    folded: Mapped[str] = mapped_column(Text)
    context: Mapped[str] = mapped_column(Text, default="")
    added_at: Mapped[datetime] = mapped_column(default=utcnow)


class Figure(Base):
    """An amount of a company's accounts of a year, in euros, with its source; the company's column has the last one."""

    __tablename__ = "figure"

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"), primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[float]
    source: Mapped[str]
    day: Mapped[date]


class Import(Base):
    """A file whose import was begun: up to which line it is in, so that it can go on there; `file` tells it again."""

    __tablename__ = "import"

    file: Mapped[str] = mapped_column(Text, primary_key=True)
    line: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(default=utcnow)


class Establishment(Base):
    """A place of business of a company, by its SIRET number; the head office is one of them."""

    __tablename__ = "establishment"

    siret: Mapped[str] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"), index=True)
    is_head: Mapped[bool]
    is_open: Mapped[bool]
    city: Mapped[str | None]
    department: Mapped[str | None]
    naf: Mapped[str | None]


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
    `changed_at` is when it was last written; None: before that was kept.
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


class Outbox(Base):
    """A document that changed since the search index read it. A document may wait several times."""

    __tablename__ = "outbox"

    id: Mapped[PrimaryKey]
    document_id: Mapped[int]  # not a foreign key: a document that was erased must leave the index as well


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


class Rep(Base):
    """A sales representative who receives the digest.

    `digest_time` (HH:MM), `zone` and `days` (as in `mon-fri`) say when; empty: as the configuration has it.
    `when_empty` is what is sent on a day without news: `short` or `none`. `most` is how many things a mail tells.
    `offer` is what the rep sells: the leads of that offer are in the digest; empty: all offers', `-`: none. `bounces`
    counts mails in a row that were refused for good, as it was when the last one came back.
    """

    MOST_BOUNCES = 3  # after so many a rep is written to no more

    __tablename__ = "rep"

    id: Mapped[PrimaryKey]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="fr")
    digest_at: Mapped[datetime | None]
    digest_time: Mapped[str] = mapped_column(default="", server_default="")
    zone: Mapped[str] = mapped_column(default="", server_default="")
    days: Mapped[str] = mapped_column(default="", server_default="")
    when_empty: Mapped[str] = mapped_column(default="short", server_default="short")
    most: Mapped[int] = mapped_column(default=30, server_default="30")
    subscribed: Mapped[bool] = mapped_column(default=True, server_default=true())
    bounces: Mapped[int] = mapped_column(default=0, server_default="0")
    offer: Mapped[str] = mapped_column(default="", server_default="")

    @hybrid_property
    def is_written_to(self) -> bool:
        """Whether mails go to the rep: neither did they end them, nor does the address bounce."""
        return self.subscribed & (self.bounces < self.MOST_BOUNCES)


class Watchlist(Base):
    """What a rep follows: companies, and what `content` asks for (as `signals.watchlists` reads it).

    The list named "" is the one that companies are put on when no other is named. A list that is muted tells nothing, a
    snoozed one nothing until then.
    """

    __tablename__ = "watchlist"
    __table_args__ = (UniqueConstraint("rep_id", "name", name="uq_watchlist_rep_id"),)

    id: Mapped[PrimaryKey]
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.id", ondelete="CASCADE"))
    name: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    muted: Mapped[bool] = mapped_column(default=False, server_default=false())
    snoozed_until: Mapped[datetime | None]
    added_at: Mapped[datetime] = mapped_column(default=utcnow)

    rep: Mapped[Rep] = relationship()


class Watched(Base):
    """A company on a watchlist."""

    __tablename__ = "watched"

    watchlist_id: Mapped[int] = mapped_column(ForeignKey("watchlist.id", ondelete="CASCADE"), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"), primary_key=True, index=True)
    added_at: Mapped[datetime] = mapped_column(default=utcnow)


class Muted(Base):
    """A company that a rep wants to be told nothing of, whatever list it is on."""

    __tablename__ = "muted"

    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.id", ondelete="CASCADE"), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"), primary_key=True)
    added_at: Mapped[datetime] = mapped_column(default=utcnow)


class Match(Base):
    """A signal that answers the search, the people or the keywords of a watchlist."""

    __tablename__ = "match"

    watchlist_id: Mapped[int] = mapped_column(ForeignKey("watchlist.id", ondelete="CASCADE"), primary_key=True)
    signal_id: Mapped[int] = mapped_column(ForeignKey("signal.id", ondelete="CASCADE"), primary_key=True)
    added_at: Mapped[datetime] = mapped_column(default=utcnow)


class Release(Base):
    """A signal that was held back from a rep, and that the rep wants to be told all the same."""

    __tablename__ = "release"

    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.id", ondelete="CASCADE"), primary_key=True)
    signal_id: Mapped[int] = mapped_column(ForeignKey("signal.id", ondelete="CASCADE"), primary_key=True)
    added_at: Mapped[datetime] = mapped_column(default=utcnow)


class Reading(Base):
    """A signal that a rep has read on the pages."""

    __tablename__ = "reading"

    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.id", ondelete="CASCADE"), primary_key=True)
    signal_id: Mapped[int] = mapped_column(ForeignKey("signal.id", ondelete="CASCADE"), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(default=utcnow)


class Delivery(Base):
    """A signal that a digest to a rep took into account: no other does.

    `held` is empty when it was told, `quota` when it was only counted, since the mail was full.
    """

    __tablename__ = "delivery"

    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.id", ondelete="CASCADE"), primary_key=True)
    signal_id: Mapped[int] = mapped_column(ForeignKey("signal.id", ondelete="CASCADE"), primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(default=utcnow)
    held: Mapped[str] = mapped_column(default="", server_default="")


class Mail(Base):
    """A mail to a rep, kept from when it is made until it is sent, and after.

    `state` goes from `waiting` to `sending` (handed to the mail server, which did not answer yet), then `sent`,
    `refused` (for good: a bounce) or `failed` (given up). What is found `sending` after a crash is sent again under the
    same Message-ID, by which mail programs know it. What waits when a rep ends the mails waits until they come again.
    `day` is the day it is for, in the rep's zone.
    """

    __tablename__ = "mail"
    __table_args__ = (Index("ix_mail_state_due_at", "state", "due_at"),)

    id: Mapped[PrimaryKey]
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(unique=True)
    day: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    news: Mapped[int]
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=utcnow)
    error: Mapped[str] = mapped_column(Text, default="", server_default="")
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    sent_at: Mapped[datetime | None]

    rep: Mapped[Rep] = relationship()


class Feedback(Base):
    """What a rep says of a signal they were told.

    `verdict` is `useful`, `wrong_company`, `wrong_type`, `old` or `not_for_me`; a later one takes its place.
    """

    __tablename__ = "feedback"

    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.id", ondelete="CASCADE"), primary_key=True)
    signal_id: Mapped[int] = mapped_column(ForeignKey("signal.id", ondelete="CASCADE"), primary_key=True)
    verdict: Mapped[str]
    given_at: Mapped[datetime] = mapped_column(default=utcnow)


class User(Base):
    """Who may sign in. Every user is a rep as well: what they follow and how they are written to stands there.

    `role` is `rep`, `manager` or `admin`; `password` is an argon2 hash, empty until one is set.
    """

    __tablename__ = "user"

    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str]
    password: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime] = mapped_column(default=utcnow)

    rep: Mapped[Rep] = relationship(lazy="joined")


class SignIn(Base):
    """A browser in which a user is signed in, known by the hash of the token that its cookie holds."""

    __tablename__ = "sign_in"

    token: Mapped[str] = mapped_column(primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("user.rep_id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    until: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="joined")


class ApiToken(Base):
    """A token by which a program acts for a user: what it may do (`scopes`), and the hash that it is known by."""

    __tablename__ = "api_token"

    id: Mapped[PrimaryKey]
    rep_id: Mapped[int] = mapped_column(ForeignKey("user.rep_id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    token: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    added_at: Mapped[datetime] = mapped_column(default=utcnow)
    used_on: Mapped[date | None]

    user: Mapped[User] = relationship(lazy="joined")


class Refusal(Base):
    """How many times in a row a sign-in was refused, by the address that was typed or `ip:` and where it came from."""

    __tablename__ = "refusal"

    key: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(default=utcnow)


class Audit(Base):
    """Something that somebody changed: who, what and when. It outlives the user."""

    __tablename__ = "audit"

    id: Mapped[PrimaryKey]
    at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    who: Mapped[str]
    action: Mapped[str]
    what: Mapped[str] = mapped_column(Text, default="")


class JobFailure(Base):
    """Why a job of the workers failed the last time; `job_id` is its number in the queue."""

    __tablename__ = "job_failure"

    job_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    error: Mapped[str] = mapped_column(Text)
    failed_at: Mapped[datetime] = mapped_column(default=utcnow)
