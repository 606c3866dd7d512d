"""Which process of which machine holds something, and whether it still runs: what it held is then free at once."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_PROC = Path("/proc")
_STATE, _BEGAN = 0, 19  # fields of /proc/PID/stat after the name: its state, and when it began, in ticks since boot


@cache
def _machine() -> str:
    """This machine since it was started, as far as it sees its processes (a container sees its own); "" if unknown."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot}.{os.stat(_PROC / 'self/ns/pid').st_ino}"
    except OSError:
        return ""


def _began(process: int) -> str | None:
    """When a process of this machine began; None when it runs no more. A number is given again, a moment is not."""
    try:
        fields = (_PROC / f"{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[_STATE] in "ZX" else fields[_BEGAN]


def this_process() -> str:
    """Who this process is, as `is_gone` understands it; "" on systems that do not say (no Linux)."""
    return f"{_machine()}:{os.getpid()}:{_began(os.getpid())}" if _machine() else ""


def is_gone(holder: str) -> bool:
    """Whether a process of this machine runs no more; False of one of another machine, of which nothing is known."""
    machine, _, rest = holder.partition(":")
    number, _, began = rest.partition(":")
    return bool(machine) and machine == _machine() and number.isdigit() and _began(int(number)) != began


def gone(holders: Iterable[str | None]) -> list[str]:
    """Those of some holders that run no more."""
    return [holder for holder in holders if holder and is_gone(holder)]
