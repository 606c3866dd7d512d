"""Note when sources were summed up"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user", sa.Column("summary_at", UtcDateTime(), nullable=True))
    op.execute(
        'UPDATE "user" SET summary_at = '
        "(SELECT max(made_at) FROM mail WHERE mail.rep_id = \"user\".rep_id AND mail.kind = 'summary')"
    )


def downgrade() -> None:
    op.drop_column("user", "summary_at")
