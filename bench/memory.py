"""The memory that a process of its own takes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def _status(key: str, process: str = "self") -> int:
    status = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    return 1024 * next(int(line.split()[1]) for line in status if line.startswith(key))


def most_memory() -> int:
    """Bytes at the highest, so far. Not by getrusage: it counts the process that started this one as well."""
    return _status("VmHWM:")


def resident(process: str = "self") -> int:
    """Bytes now, of this process or of one with a number."""
    return _status("VmRSS:", process)


def process_of(argument: str) -> str:
    """The number of the process that was started with an argument."""
    found = (file for file in Path("/proc").glob("[0-9]*/cmdline") if argument in file.read_text("utf-8").split("\0"))
    return next(found).parent.name


@contextmanager
def most_of(argument: str) -> Iterator[Callable[[], int]]:
    """Watch the process that is started with an argument; gives how many bytes it took at the highest."""
    highest, stop = [0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.2):
            with suppress(StopIteration, OSError):
                highest[0] = max(highest[0], _status("VmHWM:", process_of(argument)))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield lambda: highest[0]
    finally:
        stop.set()
        thread.join()
