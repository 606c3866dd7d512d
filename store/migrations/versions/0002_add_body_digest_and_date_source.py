"""Add body digest and date source"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import Json, UtcDateTime  # noqa: F401

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("date_source", sa.String(), server_default="unknown", nullable=False))

    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("body_digest", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_column("body_digest")

    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_column("date_source")
