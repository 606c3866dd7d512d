"""The real data that some tests measure on; it stands beside the project, and is never part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "data"


def needs_case(name: str) -> Path:
    """The folder of a case from a public fault report; the test is skipped where it is absent."""
    return needs("..", "cases", name)


def needs(*parts: str) -> Path:
    """A path within the data folder; the test is skipped, saying why, where it is absent."""
    path = FOLDER.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"the real data '{'/'.join(parts)}' is not on this machine")
    return path
