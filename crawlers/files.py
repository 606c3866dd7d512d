"""Files: a source on this machine, and bodies that are packed though no header says so."""

from __future__ import annotations

import gzip
import zlib
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

SCHEME = "file:"
_MOST_BYTES = 200 * 1024 * 1024  # of a file
_MOST_UNPACKED = 50 * 1024 * 1024  # of a packed body: what the protocol of sitemaps allows


def path_of(url: str) -> Path:
    """The file of a `file:///…` address."""
    return Path(unquote(urlsplit(url).path))


def content(url: str) -> bytes:
    """What the file of a `file:///…` address holds. Raises OSError, also when it is larger than 200 MB."""
    path = path_of(url)
    if path.stat().st_size > _MOST_BYTES:
        raise OSError(f"it is larger than {_MOST_BYTES // 1024**2} MB")
    return path.read_bytes()


def unpacked(body: bytes) -> bytes:
    """The body, of up to 50 MB where it was packed with gzip; as it came when it is not, or when the pack is broken."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        with gzip.open(BytesIO(body)) as file:
            return file.read(_MOST_UNPACKED)
    except (OSError, EOFError, zlib.error):
        return body
