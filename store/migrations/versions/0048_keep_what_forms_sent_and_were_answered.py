"""Keep what forms sent and were answered"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import Json, UtcDateTime

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("rep_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("content", Json, nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_kept_rep_id_rep"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_kept")),
    )
    op.create_index(op.f("ix_kept_kept_at"), "kept", ["kept_at"])


def downgrade() -> None:
    op.drop_table("kept")
