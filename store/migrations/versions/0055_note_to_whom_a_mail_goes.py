"""Note to whom a mail goes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mail", sa.Column("recipient", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE mail SET recipient = (SELECT email FROM rep WHERE rep.id = mail.rep_id)")


def downgrade() -> None:
    op.drop_column("mail", "recipient")
