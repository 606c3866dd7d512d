"""Keep how often a source publishes, instead of the time between two visits"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("per_week", sa.Float(), nullable=True))
    op.add_column("source", sa.Column("ttl_minutes", sa.Integer(), nullable=True))
    op.drop_column("source", "interval_minutes")


def downgrade() -> None:
    op.add_column("source", sa.Column("interval_minutes", sa.Integer(), nullable=False, server_default="60"))
    op.drop_column("source", "ttl_minutes")
    op.drop_column("source", "per_week")
