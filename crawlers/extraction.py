"""Taking out the text of pages in a process of its own, which is ended when one takes too long or too much memory."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime

import pebble

from crawlers.access import token
from crawlers.extract import Extracted, extract

_TASKS = 500  # pages, after which the process is replaced


def _limit_memory(number: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (number, number))


class Extraction:
    """The process, with its limits. `user_agent` is who reads: a page may name it to say what can be kept of it."""

    def __init__(self, *, seconds: int, megabytes: int, user_agent: str) -> None:
        self.seconds, self.megabytes = seconds, megabytes
        self.agent = token(user_agent)
        limits = (megabytes * 1024 * 1024,)
        self._pool = pebble.ProcessPool(max_workers=1, max_tasks=_TASKS, initializer=_limit_memory, initargs=limits)

    def start(self, body: bytes, content_type: str, url: str, now: datetime) -> Future[Extracted]:
        """What the page says, later. Raises what `extract` does, TimeoutError, or that the process died."""
        work = (body, content_type, url, now, self.agent)
        return self._pool.schedule(extract, args=work, timeout=self.seconds)

    def why(self, error: Exception) -> str:
        """Why no text was taken out, in words."""
        if isinstance(error, TimeoutError):
            return f"it would take more than {self.seconds} seconds"
        return f"it cannot be read with {self.megabytes} MB of memory ({' '.join(str(error).split()) or 'it ended'})"

    def stop(self) -> None:
        """End the process."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
