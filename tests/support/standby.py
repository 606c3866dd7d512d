"""Rounds of the crawl that are ready before they are asked for: most of a short one is the start of its process."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

_READY = """
import os, sys
import crawlers.spider
os.dup2(os.open(sys.stdin.readline().rstrip("\\n"), os.O_WRONLY | os.O_APPEND), 2)
crawlers.spider.main()
"""


class Standby:
    """Stands where `subprocess` does in `crawlers.collect`: the process that it starts was begun earlier."""

    PIPE = subprocess.PIPE

    def __init__(self) -> None:
        self._spare: subprocess.Popen[str] | None = None

    def Popen(self, command: list[str], *, stderr: Any, **_: Any) -> subprocess.Popen[str]:  # noqa: N802
        """A process that does what the command would; the next one is begun."""
        assert command[1:] == ["-m", "crawlers.spider"]
        child, self._spare = self._spare or _begun(), _begun()
        assert child.stdin is not None
        child.stdin.write(f"{stderr.name}\n")
        return child

    def end(self) -> None:
        """End the process that nobody asked for."""
        if self._spare is not None:
            self._spare.kill()
            self._spare.communicate()


def _begun() -> subprocess.Popen[str]:
    pipe, no = subprocess.PIPE, subprocess.DEVNULL
    return subprocess.Popen([sys.executable, "-c", _READY], stdin=pipe, stdout=pipe, stderr=no, text=True)
