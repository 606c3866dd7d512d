"""Keep who may be meant by a signal's name, and why"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("signal", sa.Column("candidates", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("signal", sa.Column("link_reasons", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("signal", "link_reasons")
    op.drop_column("signal", "candidates")
