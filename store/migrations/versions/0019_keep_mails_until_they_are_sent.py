"""Keep mails until they are sent, and what reps say of what they are told"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import BigId, UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("rep_id", BigId, nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("news", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False, server_default=""),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id"),
    )
    op.create_index("ix_mail_state_due_at", "mail", ["state", "due_at"])
    op.create_table(
        "feedback",
        sa.Column("rep_id", BigId, nullable=False),
        sa.Column("signal_id", BigId, nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("rep_id", "signal_id"),
    )
    op.add_column("rep", sa.Column("bounces", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("rep", "bounces")
    op.drop_table("feedback")
    op.drop_index("ix_mail_state_due_at", table_name="mail")
    op.drop_table("mail")
