"""Add what people say against links, and merged companies"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SAID = ("company_id", "folded", "context")


def upgrade() -> None:
    op.create_table(
        "negative_alias",
        sa.Column("id", _ID, nullable=False),
        sa.Column("company_id", _ID, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_negative_alias_company_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_negative_alias")),
        sa.UniqueConstraint(
            "company_id", "folded", "context", name=op.f("uq_negative_alias_company_id_folded_context")
        ),
    )
    op.add_column("company", sa.Column("merged_into", _ID, nullable=True))
    op.create_index(op.f("ix_company_merged_into"), "company", ["merged_into"])


def downgrade() -> None:
    op.drop_index(op.f("ix_company_merged_into"), table_name="company")
    op.drop_column("company", "merged_into")
    op.drop_table("negative_alias")
