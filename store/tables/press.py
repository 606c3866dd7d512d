"""Where news comes from, and the documents that were found."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, SmallInteger, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from store.base import Base, PrimaryKey, Text, utcnow
from store.hosts import slot_of_row

TO_ANALYSE = ("collected", "edited")
"""The states of documents that wait to be analysed, and whose hosts are asked for nothing."""
_IS_HELD = text("claimed_by IS NOT NULL")


class Held:
    """A row that a process holds while it works on it (`store.claims`)."""

    id: Mapped[PrimaryKey]
    claimed_until: Mapped[datetime | None]
    claimed_by: Mapped[str | None]


class Source(Held, Base):
    """An address that is read again and again. Its due time is the frontier of the crawl.

    It was last asked at `fetched_at`, and read without an error at `read_at`.
    While it is read it is held.
    `kind` is `feed`, `sitemap`, `newsroom` (a page that lists articles), `register` (official notices) or `companies`
    (a register that is imported); None: it shows when it is read. `per_week` is how many articles it publishes a week,
    `ttl_minutes` how long it says that it may be kept. `error` is what is wrong in words, `trouble` of what kind
    (`store.health.Trouble`), `note` what is wrong with what could be read. `last_new_at` is when it last published,
    `usual_per_week` how often it did then.
    `moved_to` is where its address leads for good since `moved_since`; `own_address_at` is when it itself was last
    asked. `whole_at` is when a whole answer last came, not that nothing changed; its validators are believed since
    `validators_since`, or were wrong at `validators_failed_at` (`crawlers.revisits`). Since `asleep_at` it is not read,
    because it is gone. `page_error` names the last page of which no text could be taken out.
    `origin` is `config` (the configuration file, which it follows) or `person`.
    """

    __tablename__ = "source"

    url: Mapped[str] = mapped_column(Text, unique=True)
    host_slot: Mapped[int] = mapped_column(SmallInteger, default=slot_of_row, server_default="0")
    name: Mapped[str]
    language: Mapped[str | None]
    kind: Mapped[str | None]
    origin: Mapped[str] = mapped_column(default="config", server_default="config")
    active: Mapped[bool] = mapped_column(default=True)
    due_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    fetched_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    per_week: Mapped[float | None]
    ttl_minutes: Mapped[int | None]
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    trouble: Mapped[str | None]
    note: Mapped[str | None] = mapped_column(Text)
    last_new_at: Mapped[datetime | None]
    usual_per_week: Mapped[float | None]
    moved_to: Mapped[str | None] = mapped_column(Text)
    moved_since: Mapped[datetime | None]
    own_address_at: Mapped[datetime | None]
    whole_at: Mapped[datetime | None]
    validators_since: Mapped[datetime | None]
    validators_failed_at: Mapped[datetime | None]
    asleep_at: Mapped[datetime | None]
    body_digest: Mapped[str | None]
    page_error: Mapped[str | None] = mapped_column(Text)
    page_error_at: Mapped[datetime | None]


class Host(Base):
    """How a host was asked of late: when last, how often on that day (UTC), and how slowly it wants to be asked.

    What is left to ask waits until `free_at`.
    """

    __tablename__ = "host"

    name: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger)
    asked_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    asked: Mapped[int] = mapped_column(default=0)
    delay_seconds: Mapped[float] = mapped_column(default=0.0)
    free_at: Mapped[datetime | None]


class Skipped(Base):
    """An address that a source listed and that is no article to read: it was there before, or there is none at it.

    `address` is its number, see `store.addresses`.
    """

    __tablename__ = "skipped"

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"), primary_key=True)
    address: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class Document(Held, Base):
    """An article, known by its address. Offsets of signals count the characters of `full_text`.

    `state` goes from `announced` (by a feed) to `collected` (its page was read, or cannot be), then `analysed`; to
    `edited` when its publisher changed it, and back. `version` counts these changes, `revised_at` is when the last was
    read. It is held while its page is read.
    It was found at `found_at`; `unread_since` is when its source had last been read then (None: before that was kept).
    `published_day` is the date of `published_at` in the zone in which it was given (None: as in UTC).
    `date_source` says where `published_at` comes from: `feed`, or of the page `jsonld`, `meta`, `url` (its address),
    `text` (the words beside the headline), `guess` (any date on it); `unknown` when there is none. `notice` holds
    what an official notice says in its fields. `access` is what its publisher lets be kept: all (`open`), no copy of
    its page (`no_archive`), or nothing of its text but what the source says (`paywalled`). `announced_only`: its page
    was not to be had, and what it tells is in the words of its source.
    """

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_state", "state", "id"),
        Index("ix_document_held", "claimed_by", sqlite_where=_IS_HELD, postgresql_where=_IS_HELD),
    )

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    url: Mapped[str] = mapped_column(Text, unique=True)
    host_slot: Mapped[int] = mapped_column(SmallInteger, default=slot_of_row, server_default="0")
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    published_day: Mapped[date | None]
    date_source: Mapped[str] = mapped_column(default="unknown", server_default="unknown")
    found_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    unread_since: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="announced")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    revised_at: Mapped[datetime | None]
    notice: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    access: Mapped[str] = mapped_column(default="open", server_default="open")
    announced_only: Mapped[bool] = mapped_column(default=False, server_default=false())

    page: Mapped[RawPage | None] = relationship(back_populates="document", cascade="all, delete-orphan")
    source: Mapped[Source] = relationship()

    @validates("published_at")
    def _with_its_day(self, _: str, moment: datetime | None) -> datetime | None:
        self.published_day = moment.date() if moment else None
        return moment

    @property
    def full_text(self) -> str:
        """What is analysed: the title, a line break, the text; without a title the text alone."""
        return f"{self.title}\n{self.text}" if self.title else self.text

    @property
    def published_on(self) -> date | None:
        """The day it was published, where it was."""
        return self.published_day or (self.published_at.date() if self.published_at else None)


class Identity(Base):
    """What a document is known by: the number of an address that leads to it, or of what its source calls it."""

    __tablename__ = "identity"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), index=True)


class TextPrint(Base):
    """The MinHash of a document's text, by which it is known again under another address; `store.text_prints`."""

    __tablename__ = "text_print"
    __table_args__ = (Index("ix_text_print_host_slot", "host_slot", "made_at"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    host_slot: Mapped[int] = mapped_column(SmallInteger)
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class RawPage(Base):
    """The page as it was fetched, compressed with Zstandard, so that extraction can be repeated."""

    __tablename__ = "raw_page"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    content_type: Mapped[str] = mapped_column(default="")
    body: Mapped[bytes] = mapped_column(LargeBinary)

    document: Mapped[Document] = relationship(back_populates="page")
