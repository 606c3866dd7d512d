"""Tell a summary to an administrator from a digest to a rep"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mail", sa.Column("kind", sa.String(), nullable=False, server_default="digest"))


def downgrade() -> None:
    op.drop_column("mail", "kind")
