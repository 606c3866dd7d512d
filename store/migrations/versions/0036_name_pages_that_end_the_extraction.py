"""Name on a source the last page whose text could not be taken out in time and memory"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("page_error", sa.Text(), nullable=True))
    op.add_column("source", sa.Column("page_error_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("source", "page_error_at")
    op.drop_column("source", "page_error")
