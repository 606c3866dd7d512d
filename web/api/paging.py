"""Lists a page at a time: how many items, and where the next page begins."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from fastapi import Query

from store.errors import Invalid
from web.api.models import MOST

Limit = Annotated[int, Query(ge=1, le=MOST, description="Items of a page.")]
Cursor = Annotated[str, Query(description="`next` of the page before.")]


def cursor_of(value: str) -> str:
    """The cursor of a page that begins after this."""
    return base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> str:
    """What `cursor_of` wrote. Raises `Invalid` for what it did not."""
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise Invalid("cursor: take it from `next` of the page before") from None


def number_in(cursor: str) -> int:
    """The number that a cursor holds. Raises `Invalid` where it holds none."""
    read = read_cursor(cursor)
    if not read.isdigit():
        raise Invalid("cursor: take it from `next` of the page before")
    return int(read)
