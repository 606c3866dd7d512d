"""Say of a source what kind it is, and remember addresses that are passed over"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import BigId

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("kind", sa.String(), nullable=True))
    op.create_table(
        "skipped",
        sa.Column("source_id", BigId, sa.ForeignKey("source.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("address", sa.BigInteger(), primary_key=True, autoincrement=False),
    )


def downgrade() -> None:
    op.drop_table("skipped")
    op.drop_column("source", "kind")
