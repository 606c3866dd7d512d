"""Several processes at the same work: each row is taken once. On a server only; SQLite has one writer."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from store import documents, mails, reps, sources
from store.database import Database
from store.documents import Article
from store.errors import Unavailable
from store.locks import only_one
from store.migrate import current, newest, upgrade
from store.processes import this_process
from store.sources import SourceEntry
from store.tables import Source
from tests.support.postgres import Server

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def served(postgres: Server) -> Iterator[Database]:
    opened = Database(postgres.create())
    with opened.session() as session:
        sources.synchronise(session, [SourceEntry(f"https://presse.example/{n}", f"P{n}") for n in range(7)])
        source = session.scalars(select(Source).limit(1)).one()
        found = [Article(f"https://presse.example/a{number}", "Titre") for number in range(7)]
        for document in documents.announce(session, source, found):
            documents.complete(session, document, None)
        rep = reps.save(session, "a@example.org", name="A", language="fr")
        mails.add(session, rep, "<1@x>", "2026-03-02", b"", 1, NOW)
    yield opened
    opened.close()


def test_documents_are_taken_once_until_the_transaction_ends(served: Database) -> None:
    with ExitStack() as stack:
        first, second, third = (stack.enter_context(served.session()) for _ in range(3))
        taken = [one.id for one in documents.claim_collected(first, limit=3)]
        others = [one.id for one in documents.claim_collected(second, limit=3)]
        assert len(taken) == len(others) == 3
        assert not set(taken) & set(others)
        first.rollback()  # as when the process dies
        assert {one.id for one in documents.claim_collected(third, limit=7)} >= set(taken)
        assert not {one.id for one in documents.claim_collected(third, limit=7)} & set(others)


def test_sources_that_are_being_claimed_are_skipped(served: Database) -> None:
    later, hold = datetime.now(UTC) + timedelta(minutes=1), timedelta(minutes=10)
    with served.session() as first, served.session() as second:
        taken = {one.url for one in sources.claim_due(first, later, hold=hold, limit=4)}
        others = {one.url for one in sources.claim_due(second, later, hold=hold)}
    assert (len(taken), len(others)) == (4, 3)
    assert not taken & others


def test_what_a_process_held_is_free_when_it_is_gone_and_of_another_machine_when_its_time_is_over(
    served: Database,
) -> None:
    later, hold = datetime.now(UTC) + timedelta(minutes=1), timedelta(minutes=2)
    machine, number, began = this_process().split(":")
    holders = {
        "gone": f"{machine}:{number}:{began}0",
        "elsewhere": f"another:{number}:{began}0",
        "here": this_process(),
    }
    with served.session() as session:
        for (name, holder), source in zip(holders.items(), sources.claim_due(session, later, hold=hold), strict=False):
            source.name, source.claimed_by = name, holder
    with served.session() as session:
        assert "gone" in (taken := {one.name for one in sources.claim_due(session, later, hold=hold)})
        assert not taken & {"elsewhere", "here"}
        sources.renew(session, later + hold, hold=hold)
    with served.session() as session:
        assert {one.name for one in sources.claim_due(session, later + hold, hold=hold)} == {"elsewhere"}


def test_a_mail_is_taken_once(served: Database) -> None:
    with served.session() as first, served.session() as second:
        assert mails.claim(first, 1, NOW) is not None
        assert mails.claim(second, 1, NOW) is None


def test_a_lock_is_held_by_one_and_goes_with_its_connection(served: Database) -> None:
    other = Database(served.url.render_as_string(hide_password=False))
    with only_one(served, "index"):
        with pytest.raises(Unavailable, match="another process is at it"), only_one(other, "index"):
            pass
        with only_one(other, "stories"):
            pass
    with only_one(other, "index"):
        pass
    other.close()


def test_of_several_that_start_at_once_one_makes_the_tables(postgres: Server) -> None:
    url = postgres.create(migrated=False)
    databases = [Database(url) for _ in range(4)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(upgrade, databases))
    assert [current(one) for one in databases] == [newest()] * 4
    for one in databases:
        one.close()
