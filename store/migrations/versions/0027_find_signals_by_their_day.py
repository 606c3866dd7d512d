"""Find signals by their day, and documents by when they were found"""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_signal_published_at", "signal", ["published_at"])
    op.create_index("ix_document_found_at", "document", ["found_at"])


def downgrade() -> None:
    op.drop_index("ix_document_found_at", "document")
    op.drop_index("ix_signal_published_at", "signal")
