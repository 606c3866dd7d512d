"""Keep fingerprints of texts, so that an article is known that comes back under another address"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import BigId, UtcDateTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_print",
        sa.Column("document_id", BigId, sa.ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("host_slot", sa.SmallInteger(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_text_print_host_slot", "text_print", ["host_slot", "made_at"])


def downgrade() -> None:
    op.drop_table("text_print")
