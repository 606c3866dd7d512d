"""Keep why jobs failed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import BigId, UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_failure",
        sa.Column("job_id", BigId, autoincrement=False, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("failed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job_failure")),
    )


def downgrade() -> None:
    op.drop_table("job_failure")
