"""Tell who added a source"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("origin", sa.String(), nullable=False, server_default="config"))


def downgrade() -> None:
    op.drop_column("source", "origin")
