"""Add stories: the events that several documents tell of a company"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "story",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("company_id", _KEY, nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("sources", sa.Integer(), nullable=False),
        sa.Column("best_id", _KEY, nullable=True),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_story_company_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
    )
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.create_index("ix_story_company_type", ["company_id", "type", "last_at"], unique=False)
    # Added in place: a table made anew on SQLite would take with it what refers to it.
    op.add_column("signal", sa.Column("story_id", _KEY, nullable=True))
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.create_index("ix_signal_story_id", ["story_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.drop_index("ix_signal_story_id")
    op.drop_column("signal", "story_id")
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.drop_index("ix_story_company_type")
    op.drop_table("story")
