"""Remember what was read"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import BigId, UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reading",
        sa.Column("rep_id", BigId, nullable=False),
        sa.Column("signal_id", BigId, nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("rep_id", "signal_id"),
    )


def downgrade() -> None:
    op.drop_table("reading")
