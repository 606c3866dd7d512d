"""Which host an address is at: what is fetched from one host is fetched by one process at a time."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import InstrumentedAttribute

SLOTS = 1024


def host_of(url: str) -> str:
    """The host of an address, in small letters, without `www.` and port; empty when it has none."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        host = ""
    return host.removeprefix("www.")


def slot_of_host(host: str) -> int:
    """The slot of a host, from 0 to `SLOTS` - 1."""
    return zlib.crc32(host.encode()) % SLOTS


def slot_of(url: str) -> int:
    """The slot of the address's host."""
    return slot_of_host(host_of(url))


def slot_of_row(context: DefaultExecutionContext) -> int:
    """The slot of a row that is being inserted, by its `url`."""
    row: dict[str, str] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return slot_of(row["url"])


@dataclass(frozen=True)
class Share:
    """The hosts that one of `of` processes fetches from: each host is of one share."""

    number: int = 0
    of: int = 1

    def has(self, url: str) -> bool:
        """Whether the host of an address is of this share."""
        return slot_of(url) % self.of == self.number

    def where(self, slot: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        """The condition that a row's host is of this share."""
        return slot % self.of == self.number


EVERY_HOST = Share()
