"""Note which company a verdict says is meant"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("feedback") as table:
        table.add_column(sa.Column("meant", sa.String(), server_default="", nullable=False))
        table.add_column(sa.Column("meant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        table.create_foreign_key(
            op.f("fk_feedback_meant_id_company"), "company", ["meant_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table("feedback") as table:
        table.drop_constraint(op.f("fk_feedback_meant_id_company"), type_="foreignkey")
        table.drop_column("meant_id")
        table.drop_column("meant")
