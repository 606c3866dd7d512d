"""Column types and the declarative base shared by all tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, TypeVar

import sqlalchemy
from sqlalchemy import JSON, BigInteger, Boolean, ColumnElement, DateTime, Dialect, Integer, MetaData, literal
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite has no zone, so it is stored naive there and made aware on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime was given to the store; pass an aware one (UTC)")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _without_nul(value: str | None) -> str | None:
    return value.replace("\0", "") if value and "\0" in value else value


class String(TypeDecorator[str]):
    """Text without the character NUL, which PostgreSQL does not store and nobody misses."""

    impl = sqlalchemy.String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return _without_nul(value)

    def bind_processor(self, dialect: Dialect) -> Any:
        return _without_nul  # itself, not by way of `process_bind_param`: it is called for each value that is written


class Text(String):
    """The same, of any length."""

    impl = sqlalchemy.Text
    cache_ok = True


Folded = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is compared character by character, whatever language the database sorts by."""


class _Values(TypeDecorator[list[Any]]):
    """Values that are all given as one parameter: PostgreSQL takes a list, SQLite reads JSON."""

    impl = sqlalchemy.Text
    cache_ok = True

    def __init__(self, of_numbers: bool) -> None:
        super().__init__()
        self.of_numbers = of_numbers

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return dialect.type_descriptor(sqlalchemy.Text())
        return dialect.type_descriptor(ARRAY(BigInteger() if self.of_numbers else sqlalchemy.Text()))

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> Any:
        given = value if self.of_numbers else list(map(_without_nul, value or ()))
        return given if dialect.name == "postgresql" else json.dumps(given)


class _OneOf(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True


@compiles(_OneOf)
def _as_array(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"({column} = ANY ({values}))"


@compiles(_OneOf, "sqlite")
def _as_json(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({values})))"  # noqa: S608 (compiled parts)


def one_of(column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether a column of text or whole numbers has one of these values, however many: `in_` writes out each of them.

    Of thousands that takes a fifth of the time.
    """
    return _OneOf(column, literal(list(values), _Values(of_numbers=column.type.python_type is int)))


class unsought(FunctionElement[int]):  # noqa: N801
    """A column of ids whose index SQLite is not to use, so that it goes through what is new by the index of days.

    PostgreSQL knows how many rows each index would give, and chooses by itself.
    """

    type = BigInteger()
    inherit_cache = True


@compiles(unsought)
def _as_it_is(element: unsought, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(unsought, "sqlite")
def _as_a_sum(element: unsought, compiler: SQLCompiler, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} + 0)"


BigId = BigInteger().with_variant(Integer, "sqlite")
Json = JSON().with_variant(JSONB, "postgresql")

PrimaryKey = Annotated[int, mapped_column(BigId, primary_key=True, autoincrement=True)]


class Base(DeclarativeBase):
    """Base of every table. Constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        str: String,
        dict[str, Any]: Json,
        list[Any]: Json,
        list[str]: Json,
        list[int]: Json,
    }


_CHUNK = 500  # SQLite takes a limited number of parameters in one statement.
ROWS = 5000  # How many rows of a long answer are held at a time.
_Value = TypeVar("_Value")


def in_chunks(values: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    """The values, as many at a time as one statement takes."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def utcnow() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
