from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from xdist.remote import Producer

from index.elastic import ElasticIndex
from index.embedded import EmbeddedIndex
from index.query import SearchIndex
from store import companies, documents, reps, sources, watchlists
from store.companies import CompanyRow
from store.database import Database
from store.documents import Article
from store.migrate import upgrade
from store.sources import SourceEntry
from store.tables import Signal, Source
from tests.support import postgres as postgres_server
from tests.support.forking import ForkServer
from tests.support.node import running, server
from tests.support.sharing import LONGEST, ByFile, group_of

Tell = Callable[..., None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--store", choices=["sqlite", "postgresql"], default="sqlite", help="what the tests keep data in")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """How the tests are shared among processes."""
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, so that no process is left with it when the others are done."""
    place = {group: number for number, group in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(group_of(item.nodeid), len(place)))


@pytest.fixture(scope="session", autouse=True)
def forked() -> Iterator[None]:
    """Processes of the crawl begin at once."""
    server = ForkServer()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crawlers.collect.subprocess", server)
        patch.setattr("crawlers.probe.subprocess", server)
        yield
    server.end()


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """What the test keeps its data in: sqlite or postgresql."""
    return str(request.config.getoption("--store"))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty SQLite database with the newest schema, to be copied: migrating takes ten times as long."""
    file = tmp_path_factory.mktemp("migrated") / "vigie.db"
    made = Database(f"sqlite:///{file}")
    upgrade(made)
    made.close()  # which brings its journal into the file
    return file


@pytest.fixture
def database(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """A fresh database with the newest schema."""
    if engine == "postgresql":
        monkeypatch.chdir(tmp_path)  # where what is kept beside the file of SQLite is kept then
        opened = Database(request.getfixturevalue("postgres").create())
    else:
        file = shutil.copy(request.getfixturevalue("migrated"), tmp_path / "test.db")
        opened = Database(f"sqlite:///{file}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_server.Server]:
    """A real PostgreSQL server, one for all tests."""
    with postgres_server.running() as server:
        yield server


@pytest.fixture
def tell(database: Database) -> Tell:
    """Two reps follow Velmora; the function stores a signal on it."""
    with database.session() as session:
        sources.synchronise(session, [SourceEntry("https://presse.example/rss", "Presse", "fr")])
        row = CompanyRow("Velmora & Fils", {"velmora": "Velmora"}, facts={"department": "69", "city": "Lyon"})
        companies.save(session, [row, CompanyRow("Castelor", {"castelor": "Castelor"})])
        for mail, name, language in (
            ("zoe@example.org", "Zoé Lefèvre-Œuvrard", "fr"),
            ("ann@example.org", "Ann Oak", "en"),
        ):
            watchlists.add(session, watchlists.save(session, reps.save(session, mail, name, language), ""), [1])

    def store(
        kind: str,
        sentence: str,
        published: datetime | None,
        company: int = 1,
        title: str = "Un titre",
        status: str = "done",
    ) -> None:
        with database.session() as session:
            source = session.scalars(select(Source)).one()
            number = session.scalar(select(func.count(Signal.id)))
            url = f"https://presse.example/{number}"
            (document,) = documents.announce(session, source, [Article(url, title, sentence, None, published)])
            session.add(
                Signal(
                    document_id=document.id,
                    company_id=company,
                    type=kind,
                    families=["growing"],
                    status=status,
                    sentence=sentence,
                    start=0,
                    end=len(sentence),
                    slots={},
                    published_at=published,
                    confidence=0.8,
                    link_confidence=0.8,
                    version="1",
                )
            )

    return store


@pytest.fixture(scope="session")
def node() -> Iterator[str]:
    """The address of a real Elasticsearch node, one for all tests."""
    with running() as address:
        yield address


@pytest.fixture(params=["embedded", "elasticsearch"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    """An index of each back-end to which nothing was written: both must answer alike."""
    if request.param == "embedded":
        return EmbeddedIndex(tmp_path / "index")
    return ElasticIndex(server(request.getfixturevalue("node")))
