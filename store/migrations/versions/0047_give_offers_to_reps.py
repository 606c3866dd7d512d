"""Give offers to reps"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "given_offer",
        sa.Column("rep_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_given_offer_rep_id_rep"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("rep_id", "offer", name=op.f("pk_given_offer")),
    )
    op.execute(  # until now every rep had every offer
        "INSERT INTO given_offer (rep_id, offer, given_at)"
        " SELECT DISTINCT rep.id, offer_version.name, CURRENT_TIMESTAMP FROM rep CROSS JOIN offer_version"
    )


def downgrade() -> None:
    op.drop_table("given_offer")
