"""Add the criteria of companies, and where each comes from"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import Json

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TEXTS = ("lei", "legal_form", "listing", "headcount_band", "sales_channel", "site_type", "register")
_LISTS = ("international_presence", "digital_presence")
_FIGURES = ("turnover", "export_turnover", "profit", "financial_score", "working_capital", "share_capital")
_COUNTS = ("secondary_sites", "social_influence")
_DAYS = ("created_on", "register_date")


def upgrade() -> None:
    # Added in place: a table made anew on SQLite would take the names and scores of its companies with it.
    for names, kind in (
        (_TEXTS + _LISTS, sa.String()),
        (_FIGURES, sa.Float()),
        (_COUNTS, sa.Integer()),
        (_DAYS, sa.Date()),
    ):
        for name in names:
            op.add_column("company", sa.Column(name, kind, nullable=True))
    op.add_column("company", sa.Column("closed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("company", sa.Column("sources", Json, nullable=False, server_default="{}"))
    op.create_index(op.f("ix_company_lei"), "company", ["lei"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_company_lei"), table_name="company")
    for name in ("sources", "closed", *_DAYS, *_COUNTS, *_FIGURES, *_LISTS, *_TEXTS):
        op.drop_column("company", name)
