"""Keep what is wrong with a source, and since when it publishes nothing"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("trouble", sa.String(), nullable=True))
    op.add_column("source", sa.Column("last_new_at", UtcDateTime(), nullable=True))
    op.add_column("source", sa.Column("usual_per_week", sa.Float(), nullable=True))
    op.add_column("source", sa.Column("moved_to", sa.Text(), nullable=True))
    op.add_column("source", sa.Column("moved_times", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("source", sa.Column("asleep_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    for name in ("asleep_at", "moved_times", "moved_to", "usual_per_week", "last_new_at", "trouble"):
        op.drop_column("source", name)
