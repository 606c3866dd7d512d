"""Add mentions, and when a company was added"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mention",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_mention_document_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_mention_company_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "company_id", name=op.f("pk_mention")),
    )
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.create_index("ix_mention_company_id", ["company_id"], unique=False)
    # Added in place: a table made anew on SQLite would take the names and scores of its companies with it.
    op.add_column("company", sa.Column("added_at", UtcDateTime(), nullable=False, server_default="1970-01-01 00:00:00"))
    op.execute("UPDATE company SET added_at = CURRENT_TIMESTAMP")


def downgrade() -> None:
    op.drop_column("company", "added_at")
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.drop_index("ix_mention_company_id")
    op.drop_table("mention")
