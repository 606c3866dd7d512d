"""What failed, on the command line."""

from __future__ import annotations

from pathlib import Path

from store import failures
from store.base import utcnow
from store.database import Database
from store.migrate import upgrade
from tests.vigie.support import vigie_here


def test_what_failed_is_listed_and_taken_up_again(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(f"data: {tmp_path / 'var'}\n", "utf-8")
    database = Database(f"sqlite:///{tmp_path / 'var' / 'vigie.db'}")
    upgrade(database)
    with database.session() as session:
        failures.note(session, "rep", "zoe@example.org", "KeyError: 'x'", utcnow())
        for _ in range(6):
            failures.note(session, "document", 7, "ValueError: no", utcnow())
    listed = vigie_here("failures", "list", "--config", str(file)).stdout
    assert "set aside" in listed.split("zoe@example.org")[0]
    assert "2 failures" in listed
    assert "see vigie failures list" in vigie_here("failures", "retry", "rep", "x@y.z", "--config", str(file)).stderr
    assert "say what" in vigie_here("failures", "retry", "rep", "--config", str(file)).stderr
    assert "1 failure to be" in vigie_here("failures", "retry", "document", "7", "--config", str(file)).stdout
    assert "1 failure to be" in vigie_here("failures", "retry", "--all", "--config", str(file)).stdout
    assert "0 failures" in vigie_here("failures", "list", "--config", str(file)).stdout
    database.close()
