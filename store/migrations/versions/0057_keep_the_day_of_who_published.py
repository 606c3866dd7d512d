"""Keep the day of who published a document"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document", sa.Column("published_day", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("document", "published_day")
