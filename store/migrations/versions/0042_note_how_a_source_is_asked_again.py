"""Note how a source is asked again: since when it moved, and whether its validators hold"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_MOMENTS = ("moved_since", "own_address_at", "whole_at", "validators_since", "validators_failed_at")


def upgrade() -> None:
    for name in _MOMENTS:
        op.add_column("source", sa.Column(name, UtcDateTime(), nullable=True))
    op.drop_column("source", "moved_times")


def downgrade() -> None:
    op.add_column("source", sa.Column("moved_times", sa.Integer(), nullable=False, server_default="0"))
    for name in reversed(_MOMENTS):
        op.drop_column("source", name)
