"""Keep what is asked of the owners of leads, who sells how, and which signals of leads were retracted"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import Json, UtcDateTime

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("lead_signal", sa.Column("retracted_at", UtcDateTime(), nullable=True))
    op.add_column("lead", sa.Column("assigned_at", UtcDateTime(), nullable=True))
    op.add_column("lead", sa.Column("due_at", UtcDateTime(), nullable=True))
    op.add_column("lead", sa.Column("phone", sa.Text(), nullable=False, server_default=""))
    op.add_column("lead", sa.Column("purchase", sa.String(), nullable=False, server_default="simple"))
    op.add_column("lead", sa.Column("reminders", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_lead_due_at", "lead", ["due_at"])
    op.create_table(
        "sales_profile",
        sa.Column("rep_id", _NUMBER, nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("skills", Json, nullable=False),
        sa.Column("territory", Json, nullable=False),
        sa.Column("most_open", sa.Integer(), nullable=True),
        sa.Column("away_from", sa.Date(), nullable=True),
        sa.Column("away_until", sa.Date(), nullable=True),
        sa.Column("stand_in_id", _NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_sales_profile_rep_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["stand_in_id"], ["rep.id"], name=op.f("fk_sales_profile_stand_in_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("rep_id", name=op.f("pk_sales_profile")),
    )


def downgrade() -> None:
    op.drop_table("sales_profile")
    op.drop_index("ix_lead_due_at", "lead")
    for table, name in (
        ("lead", "reminders"),
        ("lead", "purchase"),
        ("lead", "phone"),
        ("lead", "due_at"),
        ("lead", "assigned_at"),
        ("lead_signal", "retracted_at"),
    ):
        op.drop_column(table, name)
