"""Reps with what they follow and were told, users with what they did."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, false, true
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.base import Base, PrimaryKey, Text, utcnow


class Rep(Base):
    """A sales representative who receives the digest.

    `digest_time` (HH:MM), `zone` and `days` (as in `mon-fri`) say when; empty: as the configuration has it.
    `when_empty` is what is sent on a day without news: `short` or `none`. `most` is how many things a mail tells.
    `offer` is whose leads are in the digest: an offer's, those of all offers that were given to the rep (empty), or no
    one's (`-`). `bounces` counts mails in a row that were refused for good, as it was when the last one came back.
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


class GivenOffer(Base):
    """An offer, by its name, that a rep sells; its leads reach nobody else."""

    __tablename__ = "given_offer"

    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.id", ondelete="CASCADE"), primary_key=True)
    offer: Mapped[str] = mapped_column(primary_key=True)
    given_at: Mapped[datetime] = mapped_column(default=utcnow)


class Watchlist(Base):
    """What a rep follows: companies, and what `content` asks for (as `watch.watchlists` reads it).

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

    `state` goes from `waiting` to `sending` (handed to the mail server by the process `claimed_by`, and not answered
    yet), then `sent`, `refused` (for good: a bounce) or `failed` (given up). What is found `sending` after a crash is
    sent again under the same Message-ID, by which mail programs know it. What waits when a rep ends the mails waits
    until they come again. It goes to the `recipient`, as the rep's address was when it was made. `day` is the day it is
    for, in the rep's zone. `kind` is `digest`, `leads`: what is due on a rep's leads, or `summary`: how the sources
    are, for who looks after them, whether or not they want digests.
    """

    __tablename__ = "mail"
    __table_args__ = (Index("ix_mail_state_due_at", "state", "due_at"),)

    id: Mapped[PrimaryKey]
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(unique=True)
    recipient: Mapped[str] = mapped_column(default="", server_default="")
    day: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(default="digest", server_default="digest")
    news: Mapped[int]
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=utcnow)
    claimed_by: Mapped[str | None]
    error: Mapped[str] = mapped_column(Text, default="", server_default="")
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    sent_at: Mapped[datetime | None]

    rep: Mapped[Rep] = relationship()


class Feedback(Base):
    """What a rep says of a signal they were told.

    `verdict` is `useful`, `wrong_company`, `wrong_type`, `old` or `not_for_me`; a later one takes its place. `meant` is
    the company that is meant instead of the wrong one, `meant_id` which one of the register that is, if any.
    """

    __tablename__ = "feedback"

    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.id", ondelete="CASCADE"), primary_key=True)
    signal_id: Mapped[int] = mapped_column(ForeignKey("signal.id", ondelete="CASCADE"), primary_key=True)
    verdict: Mapped[str]
    given_at: Mapped[datetime] = mapped_column(default=utcnow)
    meant: Mapped[str] = mapped_column(default="", server_default="")
    meant_id: Mapped[int | None] = mapped_column(ForeignKey("company.id", ondelete="SET NULL"))


class User(Base):
    """Who may sign in. Every user is a rep as well: what they follow and how they are written to stands there.

    `role` is `rep`, `manager` or `admin`; `password` is an argon2 hash, empty until one is set. `summary_at` is when an
    administrator was last to be told how the sources are, whether or not there was anything to tell.
    """

    __tablename__ = "user"

    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str]
    password: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime] = mapped_column(default=utcnow)
    summary_at: Mapped[datetime | None]

    rep: Mapped[Rep] = relationship(lazy="joined")


class SignIn(Base):
    """A browser in which a user is signed in, known by the hash of the token that its cookie holds.

    `place` is where it signed in, as `Refusal` has it.
    """

    __tablename__ = "sign_in"

    token: Mapped[str] = mapped_column(primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("user.rep_id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    until: Mapped[datetime]
    place: Mapped[str] = mapped_column(default="", server_default="")

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


class Kept(Base):
    """What a form of a user's, or of a visitor's (None), sent or was answered, by the hash of a token."""

    __tablename__ = "kept"

    token: Mapped[str] = mapped_column(primary_key=True)
    rep_id: Mapped[int | None] = mapped_column(ForeignKey("rep.id", ondelete="CASCADE"))
    content: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)


class Refusal(Base):
    """How many times in a row a sign-in was tried and not right, by the address, `ip:` and the place, or both."""

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
