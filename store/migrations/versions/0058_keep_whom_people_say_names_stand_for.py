"""Keep whom people say names stand for"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "settled_name",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_settled_name_company_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", "folded", name=op.f("pk_settled_name")),
    )
    op.create_index(op.f("ix_settled_name_company_id"), "settled_name", ["company_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_settled_name_company_id"), "settled_name")
    op.drop_table("settled_name")
