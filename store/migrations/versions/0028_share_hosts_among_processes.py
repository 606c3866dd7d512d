"""Share hosts among processes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.hosts import slot_of

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_TABLES = {"source": sa.true(), "document": sa.column("state") == "announced"}
"""Of which rows the host matters: what is yet to be fetched."""


def upgrade() -> None:
    for name, wanted in _TABLES.items():
        op.add_column(name, sa.Column("host_slot", sa.SmallInteger(), server_default="0", nullable=False))
        rows = sa.table(name, sa.column("id"), sa.column("url"), sa.column("host_slot"), sa.column("state"))
        known = op.get_bind().execute(sa.select(rows.c.id, rows.c.url).where(wanted)).all()
        change = rows.update().where(rows.c.id == sa.bindparam("number")).values(host_slot=sa.bindparam("slot"))
        if known:
            op.get_bind().execute(change, [{"number": number, "slot": slot_of(url)} for number, url in known])


def downgrade() -> None:
    for name in _TABLES:
        op.drop_column(name, "host_slot")
