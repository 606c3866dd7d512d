"""Note what is wrong with a feed that was read"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("note", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("source", "note")
