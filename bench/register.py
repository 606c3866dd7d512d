"""A register of a few names, for measurements that need a linker."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from companies.linker import Linker
from companies.name_index import build


@contextmanager
def linker_of(names: Iterable[tuple[str, int]]) -> Iterator[Linker]:
    """A linker of (folded name, company id) pairs; its file is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        build(names, Path(folder) / "names")
        yield Linker(Path(folder) / "names")
