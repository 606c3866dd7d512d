"""Keep how likely the leads of an offer are accepted, as it was learnt last"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import Json, UtcDateTime

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acceptance_model",
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.PrimaryKeyConstraint("offer", name=op.f("pk_acceptance_model")),
    )


def downgrade() -> None:
    op.drop_table("acceptance_model")
