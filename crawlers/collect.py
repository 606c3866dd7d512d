"""Starting a round of the crawl in a child process, whose memory goes with it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from store.errors import VigieError


class CollectFailed(VigieError):
    """The round of the crawl ended before its work was done; what it had found is kept."""

    exit_code = 4


def collect_once(
    *,
    database_url: str,
    folder: Path,
    crawl: dict[str, Any],
    progress: Callable[[Counter[str]], None] = lambda counts: None,
) -> Counter[str]:
    """Visit all sources that are due, once. Returns how many sources and articles were visited.

    `crawl` holds the crawl section of the settings. The child's warnings go to `crawl.log` in `folder`.
    Raises `CollectFailed` when the child fails or outlives `crawl["round_seconds"]`; nothing it stored is lost.
    """
    folder.mkdir(parents=True, exist_ok=True)
    order = {"database": database_url, "cache": str((folder / "httpcache").absolute()), "crawl": crawl}
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
        timer = threading.Timer(crawl["round_seconds"], child.kill)
        timer.start()
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
            timer.cancel()
            if child.poll() is None:
                child.terminate()
    if code != 0:
        raise CollectFailed(f"the crawl ended with code {code}; what it had found is kept, {log} says why")
    return counts
