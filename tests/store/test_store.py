from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Timer

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select, text

from companies.folding import name_key
from store import companies, contacts, documents, reps, signals, sources, watchlists
from store.base import Base, one_of
from store.companies import CompanyRow
from store.database import Database
from store.documents import Article, Page
from store.errors import Conflict, NotFound
from store.migrate import config, current, newest, upgrade
from store.sources import SourceEntry
from store.tables import Company, Document, Rep, Signal, Source
from tests.conftest import Tell

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


def test_migrations_go_down_to_nothing_and_up_again(database: Database) -> None:
    with_source(database)
    steps = ScriptDirectory.from_config(config()).walk_revisions()
    for _ in steps:
        move(database, command.downgrade, "-1")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    upgrade(database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": not database.is_sqlite})
        assert compare_metadata(context, Base.metadata) == []


def move(database: Database, how: Callable[[Config, str], None], revision: str) -> None:
    with database.changing_tables() as connection:
        configuration = config()
        configuration.attributes["connection"] = connection
        how(configuration, revision)


def test_the_embedded_database_is_in_wal_mode(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    with database.session() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
    database.close()


def test_a_new_embedded_database_waits_for_who_is_making_it(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "new.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    ends = Timer(0.3, other.rollback)
    ends.start()
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    with database.session() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
    database.close()
    ends.join()
    other.close()


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


def test_an_article_is_kept_once_and_its_page_adds_to_what_the_feed_said(database: Database) -> None:
    with_source(database)
    body = b"<p>Bonjour</p>" * 1000
    article = Article("https://presse.example/1", "Titre", "Bon")
    with database.session() as session:
        source = session.scalars(select(Source)).one()
        (document,) = documents.announce(session, source, [article, article])
        assert (document.state, document.date_source) == ("announced", "unknown")
    with database.session() as session:
        assert documents.announce(session, session.scalars(select(Source)).one(), [article]) == []
        documents.complete(
            session,
            session.scalars(select(Document)).one(),
            Page("Autre titre", "Bonjour", "AFP", NOW, "text/html", body),
        )
    with database.session() as session:
        stored = session.scalars(select(Document)).one()
        assert (stored.title, stored.text, stored.author) == ("Titre", "Bonjour", "AFP")
        assert (stored.published_at, stored.date_source, stored.state) == (NOW, "page", "collected")
        assert stored.page is not None
        assert len(stored.page.body) < len(body) / 10
        assert documents.page_body(stored.page) == body


def test_an_article_whose_page_cannot_be_read_keeps_what_the_feed_said(database: Database) -> None:
    with_source(database)
    with database.session() as session:
        source = session.scalars(select(Source)).one()
        article = Article("https://presse.example/1", "Titre", "Résumé", published_at=NOW)
        (document,) = documents.announce(session, source, [article])
        documents.complete(session, document, None)
    with database.session() as session:
        (number,) = documents.claim_collected(session, NOW, hold=timedelta(minutes=1), limit=5)
        stored = session.get_one(Document, number)
        assert (stored.text, stored.published_at, stored.date_source, stored.page) == ("Résumé", NOW, "feed", None)


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


def test_the_companies_that_a_rep_followed_are_on_the_list_without_a_name(unmigrated: Database) -> None:
    upgrade(unmigrated, "0017")
    with unmigrated.session() as session:
        session.execute(text("INSERT INTO company (id, name, country, added_at) VALUES (4, 'A', 'FR', '2026-01-01')"))
        session.execute(text("INSERT INTO rep (id, email, name, language) VALUES (7, 'a@x', 'A', 'fr')"))
        session.execute(text("INSERT INTO watchlist (rep_id, company_id) VALUES (7, 4)"))
    upgrade(unmigrated)
    with unmigrated.session() as session:
        rep = reps.by_email(session, "a@x")
        assert [one.name for one in watchlists.of_rep(session, rep)] == [""]
        assert session.scalars(watchlists.companies_of(rep)).all() == [4]
        assert (rep.subscribed, rep.most) == (True, 30)


def test_the_character_nul_is_left_out_of_whatever_is_stored_and_asked(database: Database) -> None:
    with_source(database)
    with database.session() as session:
        source = session.scalars(select(Source)).one()
        article = Article(
            "https://presse.example/1", "Ti\0tre", "Bon\0", notice={"acte\0": ["\0é", {"a": None}], "n": 1}
        )
        documents.announce(session, source, [article])
    with database.session() as session:
        stored = session.scalars(select(Document).where(Document.title == "Titre\0")).one()
        assert (stored.title, stored.text, stored.notice) == ("Titre", "Bon", {"acte": ["é", {"a": None}], "n": 1})
        assert session.scalars(select(Source).where(Source.name.startswith("Pre\0"))).all() == [stored.source]
        with pytest.raises(NotFound):
            reps.by_email(session, "a\0@example.org")


def test_tables_that_are_made_anew_keep_their_rows(database: Database, tell: Tell) -> None:
    tell("opening", "Velmora ouvre.", NOW)

    def rows() -> dict[str, int]:
        with database.reading() as session:
            return {one.name: session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}

    tables = Base.metadata.sorted_tables
    before = rows()
    assert before["signal"]
    move(database, command.downgrade, "0051")
    upgrade(database)
    assert rows() == before


def test_no_number_is_given_again(database: Database) -> None:
    if database.is_sqlite:
        with database.reading() as session:
            rows = session.execute(text("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"))
            made: dict[str, str] = {row.name: row.sql for row in rows}
        numbered = [table for table in Base.metadata.sorted_tables if table.autoincrement_column is not None]
        assert [table.name for table in numbered if "AUTOINCREMENT" not in made[table.name]] == []
    number = with_source(database)
    with database.session() as session:
        last = Document(source_id=number, url="https://presse.example/1", title="Un", text="")
        session.add(last)
        session.flush()
        documents.drop(session, last)
        session.add(again := Document(source_id=number, url="https://presse.example/2", title="Deux", text=""))
        session.flush()
        assert again.id > last.id


def test_one_of_many_values_is_asked_for_as_one_parameter(database: Database) -> None:
    names = ['L\'Atelier "Érable" 🍁', *(f"Castelor {number}" for number in range(40_000))]
    with database.session() as session:
        companies.save(session, [CompanyRow(name, {name.lower(): name}) for name in names[:3]])
    with database.session() as session:
        ids = session.scalars(select(Company.id).where(one_of(Company.name, [*names, "a\0b"]))).all()
        assert len(ids) == 3
        kept = session.scalars(select(Company.id).where(one_of(Company.id, range(min(ids), 50_000)))).all()
        assert sorted(kept) == sorted(ids)
        assert session.scalars(select(Company.id).where(one_of(Company.id, ids[:1]))).all() == ids[:1]
        assert session.scalars(select(Company.id).where(one_of(Company.name, []))).all() == []


def test_what_has_no_day_comes_last(database: Database, tell: Tell) -> None:
    tell("hiring", "Velmora recrute.", None)
    tell("opening", "Velmora ouvre.", NOW)
    with database.session() as session:
        assert [one.type for one in signals.newest(session, limit=5)] == ["opening", "hiring"]


def test_names_are_found_by_their_beginning_whatever_the_database_sorts_by(database: Database) -> None:
    with database.session() as session:
        names = ("forges de l est", "forges", "forge sud", "forgesud", "zinc")
        companies.save(session, [CompanyRow(name, {name: name}) for name in names])
    with database.session() as session:
        found = [one.name for one in companies.beginning_with(session, "forges", limit=9)]
    assert found == ["forges", "forges de l est", "forgesud"]


def _announced(database: Database, *articles: Article) -> list[str]:
    with database.session() as session:
        source = session.scalars(select(Source)).one()
        return [document.url.rpartition("/")[2] for document in documents.announce(session, source, articles)]


def test_an_article_is_known_by_any_form_of_its_address_and_by_what_its_source_calls_it(database: Database) -> None:
    with_source(database)
    site, article = "https://presse.example", Article("https://presse.example/a", "Une usine", "", None, NOW, None, "7")
    assert _announced(database, article) == ["a"]
    assert (
        _announced(database, replace(article, url=f"http://m.{site[8:]}/a/amp", title="Une autre", feed_id=None)) == []
    )
    moved = Article(f"{site}/2026/une-usine", "UNE USINE", "", None, NOW + timedelta(days=1), None, "7")
    assert _announced(database, moved) == []
    assert _announced(database, replace(moved, title="Tout autre chose", url=f"{site}/b")) == ["b"]
    assert _announced(database, replace(moved, url=f"{site}/2026/une-usine?amp")) == []


def test_a_site_that_renames_all_it_has_gives_nothing_new(database: Database) -> None:
    with_source(database)
    old = [
        Article(f"https://presse.example/{n}", f"Un titre de presse {n}", "", None, NOW - timedelta(hours=n))
        for n in range(9)
    ]
    assert len(_announced(database, *old)) == 9
    new = [replace(one, url=one.url.replace("presse.example/", "neuf.example/articles/")) for one in old]
    assert _announced(database, *new) == []
    undated = [replace(one, url=f"{one.url}/x", published_at=None) for one in old[:2]]
    assert len(_announced(database, *undated)) == 2
    with database.session() as session:
        assert documents.known_urls(session, [one.url for one in (*old, *new)]) == {one.url for one in (*old, *new)}


def test_what_one_list_names_twice_is_two_articles(database: Database) -> None:
    with_source(database)
    one = Article("https://presse.example/a", "Déclaration des droits de vote", "", None, NOW, None, "7")
    other = replace(one, url="https://presse.example/b")
    assert _announced(database, one, other) == ["a", "b"]


def test_whom_appointments_named_are_contacts_after_the_upgrade(database: Database, tell: Tell) -> None:
    tell("appointment", "Velmora nomme Zoé Gall.", datetime(2026, 3, 9, tzinfo=UTC))
    with database.session() as session:
        signal = session.scalars(select(Signal)).one()
        signal.slots = {"person": ["Zoé Gall-Œuvré"], "role": ["directrice industrielle"]}
    move(database, command.downgrade, "0066")
    upgrade(database)
    with database.session() as session:
        (one,) = contacts.of_companies(session, [1])[1]
        assert (one.name, one.folded) == ("Zoé Gall-Œuvré", name_key("Zoé Gall-Œuvré"))
        assert (one.function, one.has_left, one.sentence) == (
            "directrice industrielle",
            False,
            "Velmora nomme Zoé Gall.",
        )
