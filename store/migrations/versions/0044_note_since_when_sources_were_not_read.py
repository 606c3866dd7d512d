"""Note since when a source had not been read when it named a document"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("read_at", UtcDateTime(), nullable=True))
    op.add_column("document", sa.Column("unread_since", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("document", "unread_since")
    op.drop_column("source", "read_at")
