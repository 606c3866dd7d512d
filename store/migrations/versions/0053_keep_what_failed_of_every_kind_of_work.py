"""Keep what failed of every kind of work"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "failure",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("failed_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "unit", name=op.f("pk_failure")),
    )
    op.execute(
        "INSERT INTO failure (kind, unit, tries, error, failed_at) "
        "SELECT 'job', CAST(job_id AS VARCHAR), 1, error, failed_at FROM job_failure"
    )
    op.drop_table("job_failure")


def downgrade() -> None:
    op.create_table(
        "job_failure",
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("failed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job_failure")),
    )
    op.execute(
        "INSERT INTO job_failure (job_id, error, failed_at) "
        "SELECT CAST(unit AS BIGINT), error, failed_at FROM failure WHERE kind = 'job'"
    )
    op.drop_table("failure")
