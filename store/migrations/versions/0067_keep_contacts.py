"""Keep who is who at companies, beginning with those whom appointments and departures name"""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=True),
        sa.Column("has_left", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_contact_company_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_contact_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint(
            "document_id", "company_id", "folded", name=op.f("uq_contact_document_id_company_id_folded")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_contact_company_id", "contact", ["company_id", "said_at"])
    op.create_index("ix_contact_folded", "contact", ["folded"])
    _fill()


def _folded(name: str) -> str:
    """A name as it is compared."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe").replace("æ", "ae"))
    return " ".join(re.findall(r"[a-z0-9]+", "".join(one for one in letters if not unicodedata.combining(one))))


def _fill() -> None:
    """Write down whom the signals of appointments and departures name."""
    signal = sa.table(
        "signal",
        *(sa.column(name) for name in ("id", "document_id", "company_id", "type", "status", "sentence")),
        sa.column("slots", sa.JSON()),
        sa.column("published_at", UtcDateTime()),
        sa.column("found_at", UtcDateTime()),
    )
    query = sa.select(signal).where(
        signal.c.type.in_(("appointment", "departure")),
        signal.c.status.in_(("done", "planned")),
        signal.c.company_id.is_not(None),
    )
    found = {}
    for row in op.get_bind().execute(query.order_by(signal.c.id)):
        people, functions = row.slots.get("person", []), row.slots.get("role", [])
        for place, name in enumerate(people):
            folded = _folded(name)
            found[row.document_id, row.company_id, folded] = {
                "company_id": row.company_id,
                "document_id": row.document_id,
                "name": name,
                "folded": folded,
                "function": functions[place] if len(functions) == len(people) else "",
                "phone": "",
                "email": "",
                "sentence": row.sentence,
                "said_at": row.published_at,
                "has_left": row.type == "departure",
                "author": "",
                "added_at": row.found_at,
            }
    columns = (*next(iter(found.values()), {}),)
    contact = sa.table(
        "contact",
        *(sa.column(name, UtcDateTime() if name.endswith("_at") else None) for name in columns),
    )
    if found:
        op.bulk_insert(contact, list(found.values()))


def downgrade() -> None:
    op.drop_table("contact")
