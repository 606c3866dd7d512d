"""Keep leads and their events"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import Json, UtcDateTime

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

_TEXTS = ("told_by", "decision_maker", "need", "timeframe", "next_action")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "lead",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("company_id", _NUMBER, nullable=False),
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("temperature", sa.String(), nullable=False),
        sa.Column("owner_id", _NUMBER, nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _TEXTS),
        *(sa.Column(name, sa.Float(), nullable=True) for name in ("budget", "amount")),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("stage_since", UtcDateTime(), nullable=False),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ("next_on", "returns_on")),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_lead_company_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["rep.id"], name=op.f("fk_lead_owner_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead")),
        sqlite_autoincrement=True,
    )
    is_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_lead_company_id_offer",
        "lead",
        ["company_id", "offer"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index("ix_lead_owner_id_closed_at", "lead", ["owner_id", "closed_at"])
    op.create_table(
        "lead_event",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("lead_id", _NUMBER, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_event_lead_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_lead_event_lead_id"), "lead_event", ["lead_id"])
    op.create_index("ix_lead_event_kind_at", "lead_event", ["kind", "at"])
    op.create_table(
        "lead_signal",
        sa.Column("lead_id", _NUMBER, nullable=False),
        sa.Column("signal_id", _NUMBER, nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_signal_lead_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["signal.id"], name=op.f("fk_lead_signal_signal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("lead_id", "signal_id", name=op.f("pk_lead_signal")),
    )
    op.create_index(op.f("ix_lead_signal_signal_id"), "lead_signal", ["signal_id"])


def downgrade() -> None:
    for name in ("lead_signal", "lead_event", "lead"):
        op.drop_table(name)
