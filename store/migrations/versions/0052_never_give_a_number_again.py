"""Never give a number again

SQLite gives the number of a last row that was deleted to whatever comes next. PostgreSQL does not.
"""

from __future__ import annotations

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

_NUMBERED = (
    *("source", "document", "signal", "story", "company", "name", "negative_alias", "rep", "watchlist", "mail"),
    *("api_token", "audit", "offer_version", "score", "ledger_line", "outbox"),
)


def _rebuild(*, autoincrement: bool) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in _NUMBERED:
            kwargs = {"sqlite_autoincrement": autoincrement}
            with op.batch_alter_table(name, recreate="always", table_kwargs=kwargs):
                pass


def upgrade() -> None:
    _rebuild(autoincrement=True)


def downgrade() -> None:
    _rebuild(autoincrement=False)
