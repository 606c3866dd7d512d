"""Keep when each lead reached what, as its events say, and how each call ended beside its event"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.base import UtcDateTime

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENTS = (
    *("given_at", "accepted_at", "acted_at", "contacted_at", "qualified_at", "opportunity_at"),
    *("won_at", "lost_at", "returned_at"),
)

_REACHED = """
INSERT INTO lead_milestone (lead_id, opened_at, given_at, accepted_at, contacted_at, qualified_at, opportunity_at,
                            won_at, lost_at, returned_at, calls)
SELECT lead.id, lead.opened_at,
       min(CASE WHEN e.kind = 'assigned' THEN e.at END),
       min(CASE WHEN e.kind = 'moved' AND e.code = 'sales_accepted' THEN e.at END),
       min(CASE WHEN e.kind = 'call' AND e.code IN ('talked', 'meeting') THEN e.at END),
       min(CASE WHEN e.kind = 'moved' AND e.code = 'sales_qualified' THEN e.at END),
       min(CASE WHEN e.kind = 'moved' AND e.code = 'opportunity' THEN e.at END),
       min(CASE WHEN e.kind = 'moved' AND e.code = 'won' THEN e.at END),
       min(CASE WHEN e.kind = 'moved' AND e.code = 'lost' THEN e.at END),
       min(CASE WHEN e.kind = 'moved' AND e.code = 'nurturing' THEN e.at END),
       coalesce(sum(CASE WHEN e.kind = 'call' THEN 1 ELSE 0 END), 0)
FROM lead LEFT JOIN lead_event e ON e.lead_id = lead.id
GROUP BY lead.id, lead.opened_at
"""


def upgrade() -> None:
    op.add_column("lead_event", sa.Column("code", sa.String(), nullable=False, server_default=""))
    op.drop_index("ix_lead_event_kind_at", "lead_event")
    op.create_index("ix_lead_event_kind_at", "lead_event", ["kind", "at", "code", "author"])
    op.create_table(
        "lead_milestone",
        sa.Column("lead_id", _NUMBER, nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        *(sa.Column(name, UtcDateTime(), nullable=True) for name in _MOMENTS),
        sa.Column("returned", sa.String(), nullable=False, server_default=""),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("type", sa.String(), nullable=False, server_default=""),
        sa.Column("source_id", _NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_milestone_lead_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lead_id", name=op.f("pk_lead_milestone")),
    )
    op.create_index("ix_lead_milestone_opened_at", "lead_milestone", ["opened_at"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("UPDATE lead_event SET code = coalesce(json_extract(details, '$.result'), '') WHERE kind = 'call'")
        op.execute(
            "UPDATE lead_event SET code = coalesce(json_extract(details, '$.after.stage'), '') WHERE kind = 'moved'"
        )
    else:
        op.execute("UPDATE lead_event SET code = coalesce(details #>> '{result}', '') WHERE kind = 'call'")
        op.execute("UPDATE lead_event SET code = coalesce(details #>> '{after,stage}', '') WHERE kind = 'moved'")
    op.execute(_REACHED)


def downgrade() -> None:
    op.drop_table("lead_milestone")
    op.drop_index("ix_lead_event_kind_at", "lead_event")
    op.create_index("ix_lead_event_kind_at", "lead_event", ["kind", "at"])
    op.drop_column("lead_event", "code")
