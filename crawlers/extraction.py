"""Reading what was fetched in processes of their own, which are ended when a body takes too long or too much memory."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Any

import pebble

from crawlers.access import token
from crawlers.extract import Extracted, extract
from crawlers.feeds import Feed
from crawlers.reading import read_as_wished

_TASKS = 500  # bodies, after which a process is replaced
_WORKERS = 2


def _limit_memory(number: int) -> None:
    import resource

    limit = _held() + number
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _held() -> int:
    """Bytes of data that this process has from the one it is a fork of; 0 where the system does not say (no Linux)."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData:")), 0)


class Extraction:
    """The processes, with their limits: `megabytes` is what they may hold beyond what they start with.

    `user_agent` is who reads: a page may name it to say what can be kept of it.
    """

    def __init__(self, *, seconds: int, megabytes: int, user_agent: str) -> None:
        self.seconds, self.megabytes = seconds, megabytes
        self.agent = token(user_agent)
        limits = (megabytes * 1024 * 1024,)
        self._pool = pebble.ProcessPool(
            max_workers=_WORKERS, max_tasks=_TASKS, initializer=_limit_memory, initargs=limits
        )

    def start(self, body: bytes, content_type: str, url: str, now: datetime) -> Future[Extracted]:
        """What the page says, later. Raises what `extract` does, TimeoutError, or that the process died."""
        work = (body, content_type, url, now, self.agent)
        return self._pool.schedule(extract, args=work, timeout=self.seconds)

    def start_list(self, body: bytes, **facts: Any) -> Future[tuple[str, Feed]]:
        """As what a source's answer is read and what it lists, later; `facts` are those of `read_as_wished`.

        Raises TimeoutError, or that the process died.
        """
        return self._pool.schedule(read_as_wished, args=(body,), kwargs=facts, timeout=self.seconds)

    def why(self, error: Exception) -> str:
        """Why a body was not read, in words."""
        if isinstance(error, TimeoutError):
            return f"it would take more than {self.seconds} seconds to read"
        return f"it cannot be read with {self.megabytes} MB of memory ({' '.join(str(error).split()) or 'it ended'})"

    def stop(self) -> None:
        """End the processes."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
