"""Find the open leads of a rep and of an offer, and the calls of a lead, at once"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

_OPEN = {
    "ix_lead_open_owner_id": ["owner_id", "stage", "due_at"],
    "ix_lead_open_offer": ["offer", "stage", "stage_since", "amount", "budget"],
}


def upgrade() -> None:
    for name, columns in _OPEN.items():
        is_open = sa.text("closed_at IS NULL")
        op.create_index(name, "lead", columns, sqlite_where=is_open, postgresql_where=is_open)
    op.create_index("ix_lead_event_lead_id_kind_at", "lead_event", ["lead_id", "kind", "at"])
    op.drop_index("ix_lead_event_lead_id", "lead_event")
    op.create_index("ix_lead_milestone_accepted_at", "lead_milestone", ["accepted_at"])


def downgrade() -> None:
    op.drop_index("ix_lead_milestone_accepted_at", "lead_milestone")
    op.create_index("ix_lead_event_lead_id", "lead_event", ["lead_id"])
    op.drop_index("ix_lead_event_lead_id_kind_at", "lead_event")
    for name in _OPEN:
        op.drop_index(name, "lead")
