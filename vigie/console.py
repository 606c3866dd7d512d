"""Where the commands print: results on standard output, what is wrong on standard error, each said as it stands."""

from __future__ import annotations

from datetime import datetime

from rich.console import Console
from rich.progress import Progress, ProgressColumn

out = Console()
err = Console(stderr=True)


def say(text: str) -> None:
    """Print a line of results."""
    out.print(text, highlight=False, markup=False, soft_wrap=True)


def warn(text: str) -> None:
    """Print a line on what went wrong while the rest went on."""
    err.print(text, style="yellow", highlight=False, markup=False, soft_wrap=True)


def fail(text: str) -> None:
    """Print a line on what could not be done."""
    err.print(text, style="red", highlight=False, markup=False, soft_wrap=True)


def day_of(when: datetime | None) -> str:
    """The day of publication in a table."""
    return f"{when:%Y-%m-%d}" if when else "undated"


def counted(number: int, noun: str) -> str:
    """A number with its noun, in the plural where it is not one: 1 job, 2 jobs."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def minute_of(when: datetime | None) -> str:
    """When something was last done, in a table."""
    return f"{when:%Y-%m-%d %H:%M}" if when else "never"


def progress_bars(*columns: ProgressColumn) -> Progress:
    """Progress bars on the terminal; none where there is no terminal."""
    return Progress(*columns, console=err, transient=True, disable=not err.is_terminal)
