from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sqlalchemy import select

from index.embedded import EmbeddedIndex
from store import documents, sources
from store.database import Database
from store.documents import Article
from store.migrate import upgrade
from store.sources import SourceEntry
from store.tables import Source


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


def test_a_rep_follows_companies_and_gets_a_digest(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(f"data: {tmp_path / 'var'}", "utf-8")
    register = tmp_path / "companies.csv"
    register.write_text("name,siren\nVelmora,732829320\nCastelor,\nCastelor,552100554\n", "utf-8")
    config = ("--config", str(file))
    assert vigie("companies", "import", str(register), *config).returncode == 0
    assert "there is no rep" in vigie("digest", *config).stderr
    assert vigie("reps", "add", "zoe@example.org", "--name", "Zoé", *config).returncode == 0
    assert "is not a mail address" in vigie("reps", "add", "zoe@", *config).stderr
    answer = vigie("reps", "watch", "zoe@example.org", "velmora", "732 829 320", *config)
    assert answer.stdout == "1 added; zoe@example.org follows 1 companies\n"
    answer = vigie("reps", "watch", "zoe@example.org", "Castelor", *config)
    assert "'Castelor' is the name of several companies" in answer.stderr
    assert "there is no company 'Absente'" in vigie("reps", "watch", "zoe@example.org", "Absente", *config).stderr
    answer = vigie("digest", *config)
    assert answer.returncode == 0
    html = Path(answer.stdout.rsplit(", ", 1)[1].strip())
    assert "Rien de nouveau" in html.read_text("utf-8")
    assert vigie("digest", *config).stdout == "zoe@example.org: nothing new since today's digest\n"


def test_a_search_goes_on_while_the_service_writes_the_index(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(f"data: {tmp_path / 'var'}", "utf-8")
    database = Database(f"sqlite:///{tmp_path / 'var/vigie.db'}")
    upgrade(database)
    with database.session() as session:
        sources.synchronise(session, [SourceEntry("https://presse.example/rss", "Presse")])
        source = session.scalars(select(Source)).one()
        (document,) = documents.announce(session, source, [Article("https://presse.example/1", "Une usine")])
        documents.complete(session, document, None)
    database.close()
    with EmbeddedIndex(tmp_path / "var/index")._writing():
        answer = vigie("search", "usine", "--config", str(file))
    assert answer.returncode == 0
    assert "the newest documents may be missing" in answer.stderr
    assert vigie("search", "usine", "--config", str(file)).stdout.endswith("1 of 1 documents\n")
