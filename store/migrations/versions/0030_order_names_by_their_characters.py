"""Order names by their characters"""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _set_collation('"C"')


def downgrade() -> None:
    _set_collation('"default"')


def _set_collation(collation: str) -> None:
    """On PostgreSQL only, where the beginning of a name is otherwise sought by the rules of a language."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE name ALTER COLUMN folded TYPE text COLLATE {collation}")
