"""Running the command as a user does."""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

from vigie.cli import main


def vigie(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `vigie` in a process of its own."""
    return subprocess.run([sys.executable, "-m", "vigie", *arguments], capture_output=True, text=True, timeout=60)


def vigie_here(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run `vigie` in this process: as a user does, without the seconds that a process of its own takes to start."""
    said, wrong, code = io.StringIO(), io.StringIO(), 0
    command, typed = patch.object(sys, "argv", ["vigie", *arguments]), patch.object(sys, "stdin", io.StringIO(given))
    with redirect_stdout(said), redirect_stderr(wrong), command, typed:
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return subprocess.CompletedProcess(arguments, code, said.getvalue(), wrong.getvalue())
