"""The register: companies, their names, places and accounts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.base import Base, BigId, Folded, PrimaryKey, Text, utcnow


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


class KeptName(Base):
    """A name that a manager said may stand for a company, although reps said of texts that it does not there."""

    __tablename__ = "kept_name"

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"), primary_key=True)
    folded: Mapped[str] = mapped_column(Text, primary_key=True)
    kept_at: Mapped[datetime] = mapped_column(default=utcnow)
    kept_by: Mapped[str]


class SettledName(Base):
    """A name in a document, of which a person said whom it stands for there; no company: nobody of the register.

    The document may be gone: what was said of it tells of later ones whom the name stands for.
    """

    __tablename__ = "settled_name"

    document_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    folded: Mapped[str] = mapped_column(Text, primary_key=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"), index=True)
    settled_at: Mapped[datetime] = mapped_column(default=utcnow)


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
