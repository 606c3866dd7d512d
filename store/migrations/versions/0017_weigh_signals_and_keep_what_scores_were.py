"""Weigh signals by how large the event is, and keep what scores were"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("signal", sa.Column("impact", sa.Float(), nullable=False, server_default="1"))
    op.add_column("score", sa.Column("day", sa.Date(), nullable=True))
    op.add_column("score", sa.Column("before", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("score", "before")
    op.drop_column("score", "day")
    op.drop_column("signal", "impact")
