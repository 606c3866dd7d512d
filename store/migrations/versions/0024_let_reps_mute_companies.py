"""Let reps mute companies"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import BigId, UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "muted",
        sa.Column("rep_id", BigId, nullable=False),
        sa.Column("company_id", BigId, nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("rep_id", "company_id"),
    )


def downgrade() -> None:
    op.drop_table("muted")
