"""Running the command as a user does."""

from __future__ import annotations

import subprocess
import sys


def vigie(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `vigie` in a process of its own."""
    return subprocess.run([sys.executable, "-m", "vigie", *arguments], capture_output=True, text=True, timeout=60)
