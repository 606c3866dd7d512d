from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def vigie(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "vigie", *arguments], capture_output=True, text=True, timeout=60)


def test_help_lists_the_commands() -> None:
    answer = vigie("--help")
    assert answer.returncode == 0
    assert "check" in answer.stdout


def test_a_bad_configuration_ends_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("langage: fr", "utf-8")
    answer = vigie("check", "--config", str(file))
    assert answer.returncode == 2
    assert answer.stderr.splitlines() == [
        f"vigie: {file}: unknown key 'langage'; check its spelling against the comments of config.yaml"
    ]


def test_search_names_the_families_there_are(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(f"data: {tmp_path / 'var'}", "utf-8")
    answer = vigie("search", "usine", "--family", "nouveaux", "--config", str(file))
    assert answer.returncode == 2
    assert "there is no such family; there are" in answer.stderr
    assert "new_sites" in answer.stderr
    assert vigie("search", "usine", "--config", str(file)).stdout == "0 of 0 documents\n"
