"""Note which process reads a source"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("claimed_by", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("source", "claimed_by")
