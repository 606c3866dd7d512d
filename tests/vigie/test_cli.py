from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

import nlp.embedding
from index.embedded import EmbeddedIndex
from nlp.embedding import why_not
from signals.rules import default_rules, extractor_of
from signals.types import default_taxonomy
from store import documents, sources
from store.database import Database
from store.documents import Article
from store.migrate import upgrade
from store.sources import SourceEntry
from store.tables import Source
from tests.vigie.support import vigie_here


def test_help_lists_the_commands() -> None:
    answer = vigie_here("--help")
    assert answer.returncode == 0
    assert "check" in answer.stdout


def test_a_bad_configuration_ends_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("langage: fr", "utf-8")
    answer = vigie_here("check", "--config", str(file))
    assert answer.returncode == 2
    assert answer.stderr.splitlines() == [
        f"vigie: {file}: unknown key 'langage'; check its spelling against the comments of config.yaml"
    ]


def test_the_password_of_the_database_is_not_shown(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_STORE__URL", "postgresql+psycopg://vigie:sesame@db/vigie")
    answer = vigie_here("check", "--config", str(file))
    assert "postgresql+psycopg://vigie:***@db/vigie" in answer.stdout
    assert "sesame" not in answer.stdout


def test_a_machine_that_cannot_read_meaning_is_told_so_and_finds_events_by_words(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "meaning" not in vigie_here("check", "--config", str(file)).stdout or why_not()
    monkeypatch.setattr(nlp.embedding, "_instructions", set)
    answer = vigie_here("check", "--config", str(file))
    assert answer.returncode == 0
    assert "by words alone, fewer than with their meaning: the processor has no avx2 and no fma" in answer.stdout
    monkeypatch.setenv("VIGIE_NLP__EMBEDDING", "off")
    assert "meaning" not in vigie_here("check", "--config", str(file)).stdout
    alone = extractor_of(default_taxonomy(), default_rules())
    assert alone.embedding is None
    assert [one.type for one in alone.extract("Velmora ouvre une usine à Lyon.", "fr")] == ["opening"]


def test_search_names_the_families_there_are(file: Path) -> None:
    answer = vigie_here("search", "usine", "--family", "nouveaux", "--config", str(file))
    assert answer.returncode == 2
    assert "there is no such family; there are" in answer.stderr
    assert "new_sites" in answer.stderr
    assert vigie_here("search", "usine", "--config", str(file)).stdout == "0 of 0 documents\n"


def test_a_rep_follows_companies_and_gets_a_digest(file: Path, tmp_path: Path) -> None:
    register = tmp_path / "companies.csv"
    register.write_text("name,siren\nVelmora,732829320\nCastelor,005650007\nCastelor,552100554\n", "utf-8")
    config = ("--config", str(file))
    assert vigie_here("companies", "import", str(register), *config).returncode == 0
    assert "there is no rep" in vigie_here("digest", *config).stderr
    assert vigie_here("reps", "add", "zoe@example.org", "--name", "Zoé", *config).returncode == 0
    assert "is not a mail address" in vigie_here("reps", "add", "zoe@", *config).stderr
    answer = vigie_here("reps", "watch", "zoe@example.org", "velmora", "732 829 320", *config)
    assert answer.stdout == "1 added; zoe@example.org follows 1 companies\n"
    answer = vigie_here("reps", "watch", "zoe@example.org", "Castelor", *config)
    assert "'Castelor' is the name of several companies" in answer.stderr
    assert "there is no company 'Absente'" in vigie_here("reps", "watch", "zoe@example.org", "Absente", *config).stderr
    answer = vigie_here("digest", *config)
    assert answer.returncode == 0
    html = Path(answer.stdout.rsplit(", ", 1)[1].strip())
    assert "Rien de nouveau" in html.read_text("utf-8")
    assert vigie_here("digest", *config).stdout == "zoe@example.org: nothing new since today's digest\n"


def test_a_search_goes_on_while_the_service_writes_the_index(file: Path, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'var/vigie.db'}")
    upgrade(database)
    with database.session() as session:
        sources.synchronise(session, [SourceEntry("https://presse.example/rss", "Presse")])
        source = session.scalars(select(Source)).one()
        (document,) = documents.announce(session, source, [Article("https://presse.example/1", "Une usine")])
        documents.complete(session, document, None)
    database.close()
    with EmbeddedIndex(tmp_path / "var/index")._live().documents._writing():
        answer = vigie_here("search", "usine", "--config", str(file))
    assert answer.returncode == 0
    assert "the newest documents may be missing" in answer.stderr
    assert vigie_here("search", "usine", "--config", str(file)).stdout.endswith("1 of 1 documents\n")


def test_people_correct_whom_names_stand_for(file: Path, tmp_path: Path) -> None:
    table = tmp_path / "c.csv"
    table.write_text("name,siren,department\nForges Amblard,732829320,\nAmblard,,42\nAmblard,005650007,\n", "utf-8")
    assert vigie_here("companies", "import", str(table), "--config", str(file)).returncode == 0
    several = vigie_here("companies", "alias", "Amblard", "Tenaille", "--config", str(file))
    assert (several.returncode, several.stderr.count("\n")) == (1, 1)
    assert "(#2, no SIREN, 42)" in several.stderr
    assert vigie_here("companies", "alias", "#2", "…", "--config", str(file)).stderr.startswith("vigie: '…' is no name")
    done = vigie_here("companies", "alias", "#2", "Tenaille", "--config", str(file))
    assert done.stdout == "'Tenaille' is Amblard; 0 stored documents have the name, 0 of them tell something else now\n"
    done = vigie_here("companies", "not", "732829320", "Amblard", "--where", "à Dole", "--config", str(file))
    assert done.stdout.startswith("'Amblard' is not Forges Amblard where a text has 'à Dole'; 0 stored")
    done = vigie_here("companies", "merge", "732829320", "#2", "--config", str(file))
    assert done.stdout.startswith("Forges Amblard (#1) stands for Amblard (#2); 0 stored")
    assert vigie_here("companies", "unmerge", "#3", "--config", str(file)).returncode == 1
    assert vigie_here("companies", "unmerge", "#2", "--config", str(file)).stdout.startswith("Amblard (#2) and Forges")


def test_people_type_criteria_and_add_companies(file: Path, tmp_path: Path) -> None:
    table = tmp_path / "c.csv"
    table.write_text("name,siren,turnover,year,headcount\nForges Amblard,732829320,2000000,2024,40\n", "utf-8")
    for _ in range(2):
        assert vigie_here("companies", "import", str(table), "--config", str(file)).returncode == 0
        done = vigie_here("companies", "set", "732829320", "headcount", "55", "--config", str(file))
        assert done.stdout == "Forges Amblard: headcount is 55\n"
    table.write_text("name,siren,headcount\nForges Amblard,732829320,41\n", "utf-8")
    assert vigie_here("companies", "import", str(table), "--config", str(file)).returncode == 0
    shown = vigie_here("companies", "show", "Forges Amblard", "--config", str(file)).stdout
    assert "legal: Forges Amblard" in shown
    lines = [[cell.strip() for cell in line.split("│")] for line in shown.splitlines()]
    rows = {cells[1]: cells[2:4] for cells in lines if len(cells) > 3}
    assert rows["headcount"] == ["55", "person"]
    assert rows["turnover 2024"] == ["2,000,000", "csv"]
    assert rows["profit"] == ["unknown", ""]
    bad = vigie_here("companies", "set", "732829320", "headcount", "many", "--config", str(file))
    assert (bad.returncode, bad.stderr) == (2, "vigie: headcount 'many' is not a figure\n")
    assert (
        "there are department" in vigie_here("companies", "set", "732829320", "size", "4", "--config", str(file)).stderr
    )
    assert vigie_here("companies", "add", "Velmora", "--siren", "12", "--config", str(file)).returncode == 2
    added = vigie_here("companies", "add", "Velmora", "--config", str(file)).stdout
    assert added.startswith("Velmora is a company of the register; 0 stored documents")
    assert "documents" in vigie_here("companies", "unknown", "--config", str(file)).stdout


_HEAVY = (
    *("alembic", "apscheduler", "css_inline", "dateparser", "elasticsearch", "fastapi", "feedparser", "jinja2"),
    *("lxml", "numpy", "procrastinate", "scipy", "scrapy", "sklearn", "spacy", "starlette", "tantivy", "trafilatura"),
    *("twisted", "uvicorn"),
)


def loaded(*command: str) -> set[str]:
    """The libraries that a command loads."""
    code = (
        "import atexit, sys; from vigie.cli import main; "
        "atexit.register(lambda: print('loaded', *{one.partition('.')[0] for one in sys.modules})); main()"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rsplit("loaded ", 1)[1].split())


def test_to_say_which_commands_there_are_loads_none_of_them() -> None:
    assert loaded("--help") & {*_HEAVY, "babel", "pydantic", "sqlalchemy", "yaml"} == set()


@pytest.mark.parametrize(
    "command",
    [
        ("reps", "list"),
        ("users", "list"),
        ("mails", "list"),
        ("offers", "list"),
        ("sources",),
        ("companies", "unknown"),
        ("watchlists", "list", "zoe@example.org"),
    ],
)
def test_a_command_that_reads_one_table_loads_no_heavy_library(command: tuple[str, ...], file: Path) -> None:
    assert vigie_here("reps", "add", "zoe@example.org", "--config", str(file)).returncode == 0
    assert loaded(*command, "--config", str(file)) & {*_HEAVY} == set()


def test_collecting_does_not_load_what_only_the_crawling_process_needs(file: Path) -> None:
    crawling = {"scrapy", "twisted", "trafilatura", "feedparser"}
    assert loaded("collect", "--once", "--config", str(file)) & crawling == set()
