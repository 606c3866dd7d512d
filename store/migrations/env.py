"""Alembic's entry point: runs on the connection it is handed, or on a scratch database for autogenerate."""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy import create_engine

import store.tables  # noqa: F401  (registers every table on the metadata)
from store.base import Base, Json, UtcDateTime


def _render(kind: str, value: object, _context: object) -> str | Literal[False]:
    """Write our own column types by their names in new migrations."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "UtcDateTime()"
    return "Json" if kind == "type" and value is Json else False


def _run(connection: object) -> None:
    context.configure(
        connection=connection,  # type: ignore[arg-type]
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


handed = context.config.attributes.get("connection")
if handed is not None:
    _run(handed)
else:
    with create_engine(context.config.get_main_option("sqlalchemy.url") or "sqlite://").begin() as scratch:
        _run(scratch)
