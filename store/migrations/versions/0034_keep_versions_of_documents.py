"""Keep which version of an article a document is"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("document", sa.Column("revised_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("document", "revised_at")
    op.drop_column("document", "version")
