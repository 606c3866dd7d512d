from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import inspect, select, text

from store import documents, sources
from store.base import Base
from store.database import Database
from store.documents import Article
from store.errors import Conflict
from store.migrate import current, newest, upgrade
from store.sources import SourceEntry
from store.tables import Document, Rep, Source

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PRESSE = SourceEntry("https://presse.example/rss", "Presse", "fr")


def with_source(database: Database) -> int:
    with database.session() as session:
        sources.synchronise(session, [PRESSE])
    with database.session() as session:
        return session.scalars(select(Source.id)).one()


def test_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    made = inspect(database.engine)
    assert set(made.get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    for name, table in Base.metadata.tables.items():
        assert {column["name"] for column in made.get_columns(name)} == {column.name for column in table.columns}
    assert current(database) == newest()
    upgrade(database)


def test_the_embedded_database_is_in_wal_mode(database: Database) -> None:
    with database.session() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"


def test_a_due_source_is_claimed_once_until_its_hold_ends(database: Database) -> None:
    with_source(database)
    later = datetime.now(UTC) + timedelta(minutes=1)
    with database.session() as session:
        assert [source.url for source in sources.claim_due(session, later, hold=timedelta(minutes=10))] == [PRESSE.url]
    with database.session() as session:
        assert sources.claim_due(session, later, hold=timedelta(minutes=10)) == []
    with database.session() as session:
        assert sources.claim_due(session, later + timedelta(minutes=11), hold=timedelta(minutes=10)) != []


def test_a_source_taken_out_of_the_configuration_is_kept_but_inactive(database: Database) -> None:
    with_source(database)
    with database.session() as session:
        sources.synchronise(session, [])
    with database.session() as session:
        assert session.scalars(select(Source.active)).one() is False
        assert sources.claim_due(session, datetime.now(UTC) + timedelta(1), hold=timedelta(1)) == []


def test_an_article_is_stored_once_with_its_page_compressed(database: Database) -> None:
    source = with_source(database)
    body = b"<p>Bonjour</p>" * 1000
    article = Article(source, "https://presse.example/1", "Titre", "Bonjour", published_at=NOW, body=body)
    with database.session() as session:
        assert len(documents.add(session, [article, article])) == 1
    with database.session() as session:
        assert documents.add(session, [article]) == []
        stored = session.scalars(select(Document)).one()
        assert stored.published_at == NOW
        assert stored.page is not None
        assert len(stored.page.body) < len(body) / 10
        assert documents.page_body(stored.page) == body


def test_a_broken_constraint_is_a_conflict_and_nothing_is_half_written(database: Database) -> None:
    def add_twice() -> None:
        with database.session() as session:
            session.add(Rep(email="a@example.com", name="A"))
            session.flush()
            session.add(Rep(email="a@example.com", name="B"))

    with pytest.raises(Conflict):
        add_twice()
    with database.session() as session:
        assert session.scalars(select(Rep)).all() == []
