"""What grows is cut back: the mails that were sent long ago, the log of the crawl, and what it has cached."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from store import mails
from store.database import Database

_MAILS = timedelta(days=60)  # after which what was in a mail is let go; that it was sent stays
_CACHED = timedelta(days=60)  # an answer that did not change for so long is asked for as a whole once more
_LOG = 10_000_000  # bytes, after which a new log is begun; the one before is kept
_A_DAY = timedelta(days=1)


def prune_mails(database: Database, now: datetime) -> int:
    """Let go of the content of mails of long ago; returns of how many."""
    with database.session() as session:
        return mails.prune(session, now - _MAILS)


def cut_back(folder: Path, now: datetime) -> None:
    """Begin a new log of the crawl when it is long, and once a day let go of what was cached long ago."""
    log = folder / "crawl.log"
    if log.is_file() and log.stat().st_size > _LOG:
        log.replace(folder / "crawl.log.1")
    cache, mark = folder / "httpcache", folder / "httpcache.pruned"
    if not cache.is_dir() or (mark.exists() and _age(mark, now) < _A_DAY):
        return
    for kept in cache.glob("*/*/*"):
        if kept.is_dir() and _age(kept, now) > _CACHED:
            shutil.rmtree(kept, ignore_errors=True)
    mark.touch()
    os.utime(mark, (now.timestamp(), now.timestamp()))


def _age(file: Path, now: datetime) -> timedelta:
    return timedelta(seconds=now.timestamp() - file.stat().st_mtime)
