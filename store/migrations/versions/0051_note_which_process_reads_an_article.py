"""Note which process reads an article"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document", sa.Column("claimed_until", UtcDateTime(), nullable=True))
    op.add_column("document", sa.Column("claimed_by", sa.String(), nullable=True))
    held = sa.text("claimed_by IS NOT NULL")
    op.create_index("ix_document_held", "document", ["claimed_by"], sqlite_where=held, postgresql_where=held)


def downgrade() -> None:
    op.drop_index("ix_document_held", "document")
    op.drop_column("document", "claimed_by")
    op.drop_column("document", "claimed_until")
