"""Add the establishments of companies, and how far an import is"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "establishment",
        sa.Column("siret", sa.String(), nullable=False),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_head", sa.Boolean(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("city", sa.String(), nullable=True),
        sa.Column("department", sa.String(), nullable=True),
        sa.Column("naf", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_establishment_company_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("siret", name=op.f("pk_establishment")),
    )
    op.create_index(op.f("ix_establishment_company_id"), "establishment", ["company_id"])
    op.create_table(
        "import",
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("file", name=op.f("pk_import")),
    )


def downgrade() -> None:
    op.drop_table("import")
    op.drop_table("establishment")
