from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.postgres import Server
from tests.vigie.support import vigie_here


def test_an_installation_moves_into_postgresql_and_goes_on(postgres: Server, file: Path, tmp_path: Path) -> None:
    register = tmp_path / "companies.csv"
    register.write_text("name,siren\nVelmora,732829320\nCastelor,552100554\n", "utf-8")
    config = ("--config", str(file))
    assert vigie_here("companies", "import", str(register), *config).returncode == 0
    assert vigie_here("reps", "add", "zoe@example.org", "--name", "Zoé", *config).returncode == 0
    url = postgres.create(migrated=False)
    answer = vigie_here("migrate-store", url.replace("+psycopg", ""), *config)
    assert answer.returncode == 0, answer.stderr
    assert "the numbers of rows agree" in answer.stdout
    again = vigie_here("migrate-store", url, *config)
    assert (again.returncode, "is not empty" in again.stderr) == (1, True)
    file.write_text(file.read_text("utf-8") + f"\nstore: {{url: '{url}'}}\n", "utf-8")
    answer = vigie_here("reps", "watch", "zoe@example.org", "velmora", *config)
    assert answer.stdout == "1 added; zoe@example.org follows 1 companies\n"
    register.write_text("name,siren\nTavelin,005650007\n", "utf-8")
    assert vigie_here("companies", "import", str(register), *config).returncode == 0
    assert vigie_here("digest", *config).returncode == 0


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://x/y", "'mysql' is no kind of database"),
        ("nonsense", "this is no address of a database"),
        ("postgresql://nobody@127.0.0.1:1/x", "127.0.0.1"),
    ],
)
def test_an_address_of_no_use_is_one_line(file: Path, url: str, told: str) -> None:
    answer = vigie_here("migrate-store", url, "--config", str(file))
    assert answer.returncode != 0
    assert told in answer.stderr
    assert "Traceback" not in answer.stderr
