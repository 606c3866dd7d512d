"""Know documents by all forms of their addresses, and by what their sources call them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.addresses import number
from store.base import BigId

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_ROWS = 10_000


def upgrade() -> None:
    table = op.create_table(
        "identity",
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("document_id", BigId, sa.ForeignKey("document.id", ondelete="CASCADE"), nullable=False),
    )
    op.create_index("ix_identity_document_id", "identity", ["document_id"])
    op.execute(sa.delete(sa.table("skipped")))  # its numbers were those of addresses as they are written
    connection = op.get_bind()
    document = sa.table("document", sa.column("id"), sa.column("url"))
    after, known = 0, set[int]()
    while True:
        query = sa.select(document).where(document.c.id > after).order_by(document.c.id).limit(_ROWS)
        rows = [(row.id, number(row.url)) for row in connection.execute(query)]
        if not rows:
            return
        after = rows[-1][0]
        fresh = {value: row for row, value in reversed(rows) if value not in known}
        known.update(fresh)
        connection.execute(table.insert(), [{"number": value, "document_id": row} for value, row in fresh.items()])


def downgrade() -> None:
    op.drop_table("identity")
