"""Keep watchlists of several kinds, and when and how each rep is written to"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from store.base import BigId, Json, UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_REP: tuple[sa.Column[Any], ...] = (
    sa.Column("digest_time", sa.String(), nullable=False, server_default=""),
    sa.Column("zone", sa.String(), nullable=False, server_default=""),
    sa.Column("days", sa.String(), nullable=False, server_default=""),
    sa.Column("when_empty", sa.String(), nullable=False, server_default="short"),
    sa.Column("most", sa.Integer(), nullable=False, server_default="30"),
    sa.Column("subscribed", sa.Boolean(), nullable=False, server_default=sa.true()),
    sa.Column("offer", sa.String(), nullable=False, server_default=""),
)


def upgrade() -> None:
    op.rename_table("watchlist", "followed")
    op.create_table(
        "watchlist",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("rep_id", BigId, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", Json, nullable=False, server_default="{}"),
        sa.Column("muted", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("snoozed_until", UtcDateTime(), nullable=True),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name="fk_watchlist_list_rep_id_rep", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_watchlist_list"),
        sa.UniqueConstraint("rep_id", "name", name="uq_watchlist_rep_id"),
    )
    op.create_table(
        "watched",
        sa.Column("watchlist_id", BigId, nullable=False),
        sa.Column("company_id", BigId, nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["watchlist_id"], ["watchlist.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("watchlist_id", "company_id"),
    )
    op.create_index("ix_watched_company_id", "watched", ["company_id"])
    for name in ("match", "release"):
        of = "watchlist" if name == "match" else "rep"
        op.create_table(
            name,
            sa.Column(f"{of}_id", BigId, nullable=False),
            sa.Column("signal_id", BigId, nullable=False),
            sa.Column("added_at", UtcDateTime(), nullable=False),
            sa.ForeignKeyConstraint([f"{of}_id"], [f"{of}.id"], ondelete="CASCADE"),
            sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], ondelete="CASCADE"),
            sa.PrimaryKeyConstraint(f"{of}_id", "signal_id"),
        )
    op.execute(
        "INSERT INTO watchlist (rep_id, name, added_at) "
        "SELECT DISTINCT rep_id, '', CURRENT_TIMESTAMP FROM followed ORDER BY rep_id"
    )
    op.execute(
        "INSERT INTO watched (watchlist_id, company_id, added_at) "
        "SELECT watchlist.id, followed.company_id, CURRENT_TIMESTAMP "
        "FROM followed JOIN watchlist ON watchlist.rep_id = followed.rep_id"
    )
    op.drop_table("followed")
    for column in _REP:
        op.add_column("rep", column)
    op.add_column("delivery", sa.Column("held", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("delivery", "held")
    for column in _REP:
        op.drop_column("rep", column.name)
    op.create_table(
        "followed",
        sa.Column("rep_id", BigId, nullable=False),
        sa.Column("company_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name="fk_watchlist_rep_id_rep", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name="fk_watchlist_company_id_company", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rep_id", "company_id", name="pk_followed"),
    )
    op.execute(
        "INSERT INTO followed SELECT DISTINCT watchlist.rep_id, watched.company_id "
        "FROM watched JOIN watchlist ON watchlist.id = watched.watchlist_id"
    )
    for name in ("release", "match", "watched", "watchlist"):
        op.drop_table(name)
    op.rename_table("followed", "watchlist")
