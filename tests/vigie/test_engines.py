"""The engine that `config.yaml` names, by the commands that use it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from store import documents, sources
from store.database import Database
from store.documents import Article
from store.migrate import upgrade
from store.sources import SourceEntry
from store.tables import Source
from tests.support.front import Front, certificate_for_localhost, standing
from tests.support.node import free_port
from tests.vigie.support import vigie_here


@pytest.fixture
def front(node: str) -> Iterator[Front]:
    """What stands before the node, in the clear."""
    with standing(Front(node)) as one:
        yield one


def configured(folder: Path, *hosts: str, **more: object) -> Path:
    """An installation with one document, not yet indexed, that searches by Elasticsearch."""
    search = {"engine": "elasticsearch", "hosts": hosts, "prefix": f"test-{uuid4().hex}", **more}
    file = folder / "config.yaml"
    file.write_text(json.dumps({"data": str(folder / "var"), "search": search}), "utf-8")
    database = Database(f"sqlite:///{folder / 'var/vigie.db'}")
    upgrade(database)
    with database.session() as session:
        sources.synchronise(session, [SourceEntry("https://presse.example/rss", "Presse")])
        source = session.query(Source).one()
        (document,) = documents.announce(session, source, [Article("https://presse.example/1", "Une usine à Dole")])
        documents.complete(session, document, None)
    database.close()
    return file


def test_search_by_elasticsearch(front: Front, tmp_path: Path) -> None:
    answer = vigie_here("search", "usines", "--config", str(configured(tmp_path, front.address)))
    assert answer.returncode == 0, answer.stderr
    assert "Une usine à Dole" in answer.stdout
    assert "POST /_bulk" in " ".join(front.seen).replace("PUT", "POST")


def test_with_a_certificate_and_a_key(node: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = certificate_for_localhost(tmp_path)
    with standing(Front(node, key="bm90IHNvIHNlY3JldA=="), certificate) as front:
        file = configured(tmp_path, front.address, ca_file=str(certificate[0]))
        refused = vigie_here("search", "usine", "--config", str(file))
        assert refused.returncode != 0
        assert "refuses the key; see 'search' in config.yaml" in refused.stderr
        monkeypatch.setenv("VIGIE_SEARCH__API_KEY", front.key)
        answer = vigie_here("search", "usine", "--config", str(file))
        assert answer.stdout.endswith("1 of 1 documents\n"), answer.stderr
        assert front.key not in answer.stdout + answer.stderr
        file.write_text(file.read_text("utf-8").replace(str(certificate[0]), str(tmp_path / "none.pem")), "utf-8")
        assert "none.pem is no file" in vigie_here("search", "usine", "--config", str(file)).stderr


def test_a_certificate_that_nobody_vouches_for_is_refused(node: str, tmp_path: Path) -> None:
    with standing(Front(node), certificate_for_localhost(tmp_path)) as front:
        answer = vigie_here("search", "usine", "--config", str(configured(tmp_path, front.address, retries=0)))
    assert answer.returncode != 0
    assert "certificate" in answer.stderr.lower()
    assert "Traceback" not in answer.stderr


def test_when_one_host_does_not_answer_the_next_is_asked(front: Front, tmp_path: Path) -> None:
    file = configured(tmp_path, f"http://localhost:{free_port()}", front.address)
    assert vigie_here("search", "usine", "--config", str(file)).stdout.endswith("1 of 1 documents\n")


def test_when_none_answers_that_is_said_in_one_line(tmp_path: Path) -> None:
    answer = vigie_here("search", "usine", "--config", str(configured(tmp_path, f"http://localhost:{free_port()}")))
    assert answer.returncode != 0
    assert "does not answer" in answer.stderr.splitlines()[-1]
    assert "Traceback" not in answer.stderr


def test_an_engine_that_is_busy_is_asked_again(front: Front, tmp_path: Path) -> None:
    file = configured(tmp_path, front.address)
    front.busy = 2
    assert vigie_here("search", "usine", "--config", str(file)).stdout.endswith("1 of 1 documents\n")
    assert front.refused == 2


def test_the_index_of_either_engine_is_built_anew(front: Front, tmp_path: Path) -> None:
    file = configured(tmp_path, front.address)
    embedded = file.with_name("embedded.yaml")
    embedded.write_text(json.dumps({"data": str(tmp_path / "var")}), "utf-8")
    for one in (file, embedded, file, embedded):
        assert vigie_here("reindex", "--config", str(one)).stdout == "1 documents indexed anew\n"
        assert vigie_here("search", "usine", "--config", str(one)).stdout.endswith("1 of 1 documents\n")
