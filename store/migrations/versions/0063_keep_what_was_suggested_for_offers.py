"""Keep what was suggested for the weights of offers, and what managers decided"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COUNTS = ("meetings", "leads", "other_meetings", "other_leads")


def upgrade() -> None:
    op.create_table(
        "offer_suggestion",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("before", sa.Float(), nullable=False),
        sa.Column("after", sa.Float(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_suggestion")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_offer_suggestion_offer", "offer_suggestion", ["offer"])


def downgrade() -> None:
    op.drop_table("offer_suggestion")
