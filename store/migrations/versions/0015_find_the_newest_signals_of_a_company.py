"""Find the newest signals of a company without reading its old ones"""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_signal_company_type", table_name="signal")
    op.create_index("ix_signal_company_type_found_at", "signal", ["company_id", "type", "found_at"])


def downgrade() -> None:
    op.drop_index("ix_signal_company_type_found_at", table_name="signal")
    op.create_index("ix_signal_company_type", "signal", ["company_id", "type"])
