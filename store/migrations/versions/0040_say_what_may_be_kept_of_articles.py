"""Say what may be kept of an article"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document", sa.Column("access", sa.String(), nullable=False, server_default="open"))


def downgrade() -> None:
    op.drop_column("document", "access")
