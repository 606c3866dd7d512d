"""Mark when companies change"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("company", sa.Column("changed_at", UtcDateTime(), nullable=True))
    op.create_index("ix_company_changed_at", "company", ["changed_at"])


def downgrade() -> None:
    op.drop_index("ix_company_changed_at", "company")
    op.drop_column("company", "changed_at")
