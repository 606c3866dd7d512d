"""Folders of files that are reckoned from the database: each is written once, read by many, and replaced as a whole."""

from __future__ import annotations

import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

_SCRATCH = ".tmp"  # the ending of a folder that is being written
_WRITING_TAKES = 3600  # seconds at most


@contextmanager
def written(folder: Path) -> Iterator[Path]:
    """A place to write to, which becomes the folder at the end: in one step, so that no reader sees half of it.

    Where another process was sooner, its stays. Nothing stays of what was cut off by an error.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(mkdtemp(_SCRATCH, f"{folder.name}.", folder.parent))
    try:
        yield scratch
        scratch.replace(folder)
    except OSError:
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def sweep(folder: Path, pattern: str, keep: Collection[Path]) -> None:
    """Take out what is not to be kept, but for what another process may be writing.

    What is open somewhere can still be read there.
    """
    for old in folder.glob(pattern):
        if old not in keep and not _is_being_written(old):
            shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink(missing_ok=True)


def _is_being_written(folder: Path) -> bool:
    """Whether another process may still write this folder; what one left that was stopped grows old."""
    try:
        return folder.suffix == _SCRATCH and time.time() - folder.stat().st_mtime < _WRITING_TAKES
    except FileNotFoundError:
        return True
