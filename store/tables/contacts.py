"""Who is who at companies, in their functions, and who was erased."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.base import Base, PrimaryKey, Text, utcnow
from store.tables.companies import Company
from store.tables.press import Document


class Contact(Base):
    """Somebody in a function at a company, as a document says it or a user typed it (`author`, who is none else).

    `folded` is the name as it is compared. `sentence` is the evidence, `said_at` when it was published, or typed;
    `has_left`: it says that they hold the function no more.
    """

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("document_id", "company_id", "folded"),
        Index("ix_contact_company_id", "company_id", "said_at"),
        Index("ix_contact_folded", "folded"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[PrimaryKey]
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    function: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(Text, default="")
    sentence: Mapped[str] = mapped_column(Text, default="")
    said_at: Mapped[datetime | None]
    has_left: Mapped[bool] = mapped_column(default=False, server_default=false())
    author: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime] = mapped_column(default=utcnow)

    company: Mapped[Company] = relationship()
    document: Mapped[Document | None] = relationship()


class ErasedPerson(Base):
    """Somebody whose name is to stand nowhere: a digest of the name, by which it is known again, and its salt."""

    __tablename__ = "erased_person"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[PrimaryKey]
    digest: Mapped[str] = mapped_column(unique=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    erased_at: Mapped[datetime] = mapped_column(default=utcnow)
    erased_by: Mapped[str]
