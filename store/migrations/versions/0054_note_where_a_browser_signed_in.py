"""Note where a browser signed in"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("place", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("sign_in", "place")
