"""Mark when signals change"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("signal", sa.Column("changed_at", UtcDateTime(), nullable=True))
    op.create_index("ix_signal_changed_at", "signal", ["changed_at"])


def downgrade() -> None:
    op.drop_index("ix_signal_changed_at", "signal")
    op.drop_column("signal", "changed_at")
