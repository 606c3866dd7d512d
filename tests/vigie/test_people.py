"""The commands on people who are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.vigie.support import vigie


@pytest.mark.parametrize(
    ("name", "said", "code"),
    [
        ("Anne Vidal", "erased from 0 articles, 0 contacts and 0 leads", 0),
        ("Vidal", "give the first and the last name", 2),
    ],
)
def test_a_person_is_erased_by_their_whole_name(tmp_path: Path, name: str, said: str, code: int) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(f"data: {tmp_path / 'var'}\n", "utf-8")
    done = vigie("people", "erase", name, "--config", str(file))
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    assert said in " ".join(f"{done.stdout} {done.stderr}".split())
