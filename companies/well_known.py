"""The names that the press uses for large companies: who is named so is meant sooner than a small namesake."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from companies.folding import name_key

_FILE = Path(__file__).parent / "well_known.txt"


@cache
def well_known() -> frozenset[str]:
    """The folded names, read once."""
    lines = (line for line in _FILE.read_text("utf-8").splitlines() if not line.startswith("#"))
    return frozenset(key for line in lines for name in line.split(",") if (key := name_key(name)))
