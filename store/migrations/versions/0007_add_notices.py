"""Add what an official notice says to its document"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document", sa.Column("notice", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("document", "notice")
