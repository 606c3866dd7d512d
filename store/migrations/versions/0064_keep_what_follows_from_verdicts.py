"""Keep what managers decide of verdicts: thresholds of types, and names that are a company's after all"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "type_threshold",
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("least", sa.Float(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("type", name=op.f("pk_type_threshold")),
    )
    op.create_table(
        "kept_name",
        sa.Column("company_id", _NUMBER, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.Column("kept_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_kept_name_company_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("company_id", "folded", name=op.f("pk_kept_name")),
    )


def downgrade() -> None:
    op.drop_table("kept_name")
    op.drop_table("type_threshold")
