"""Starting a round of the crawl in a child process, whose memory goes with it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from store.errors import VigieError
from store.hosts import EVERY_HOST, Share

_LEAVE_SECONDS = 15  # that a child which was told to stop may take


class CollectFailed(VigieError):
    """The round of the crawl ended before its work was done; what it had found is kept."""

    exit_code = 4


def _watch(child: subprocess.Popen[str], seconds: float, stopping: Callable[[], bool]) -> None:
    """End the child when its time is over, or when told to stop: kindly at first, so that it keeps what it has."""
    deadline = time.monotonic() + seconds
    told = False
    while child.poll() is None:
        if not told and stopping():
            child.terminate()
            deadline, told = min(deadline, time.monotonic() + _LEAVE_SECONDS), True
        if time.monotonic() > deadline:
            child.kill()
        time.sleep(0.1)


def collect_once(
    *,
    database_url: str,
    folder: Path,
    crawl: dict[str, Any],
    share: Share = EVERY_HOST,
    progress: Callable[[Counter[str]], None] = lambda counts: None,
    stopping: Callable[[], bool] = lambda: False,
) -> Counter[str]:
    """Visit the sources that are due, once, of every host or of a share. Returns how many sources and articles.

    When `stopping` says so the round ends early, with what it has. `crawl` holds the crawl section of the settings.
    The child's warnings go to `crawl.log` in `folder`.
    Raises `CollectFailed` when the child fails or outlives `crawl["round_seconds"]`; nothing it stored is lost.
    """
    folder.mkdir(parents=True, exist_ok=True)
    order = {"database": database_url, "cache": str((folder / "httpcache").absolute()), "crawl": crawl}
    order["share"] = asdict(share)
    counts: Counter[str] = Counter()
    log = folder / "crawl.log"
    with (
        log.open("ab") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "crawlers.spider"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as child,
    ):
        watch = threading.Thread(target=_watch, args=(child, crawl["round_seconds"], stopping), daemon=True)
        watch.start()
        try:
            if child.stdin is None or child.stdout is None:
                raise CollectFailed
            child.stdin.write(json.dumps(order))
            child.stdin.close()
            for line in child.stdout:
                counts.update(json.loads(line))
                progress(counts)
            code = child.wait()
        finally:
            if child.poll() is None:
                child.terminate()
    if code != 0 and not stopping():
        raise CollectFailed(f"the crawl ended with code {code}; what it had found is kept, {log} says why")
    return counts
