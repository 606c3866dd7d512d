"""Several processes at the same work: each row is taken once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from store import claims, documents, mails, outbox, reps, sources
from store.database import Database
from store.documents import Article
from store.errors import Unavailable
from store.locks import only_one
from store.processes import this_process
from store.sources import SourceEntry
from store.tables import Signal, Source
from tests.support.postgres import Server

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def served(postgres: Server) -> Iterator[Database]:
    opened = Database(postgres.create())
    with opened.session() as session:
        sources.synchronise(session, [SourceEntry(f"https://p{n}.example/rss", f"P{n}") for n in range(7)])
        source = session.scalars(select(Source).limit(1)).one()
        found = [Article(f"https://presse.example/a{number}", "Titre") for number in range(7)]
        for document in documents.announce(session, source, found):
            documents.complete(session, document, None)
        rep = reps.save(session, "a@example.org", name="A", language="fr")
        mails.add(session, rep, "<1@x>", "2026-03-02", b"", 1, NOW)
    yield opened
    opened.close()


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
        claims.renew(session, later + hold + hold)
    with served.session() as session:
        assert {one.name for one in sources.claim_due(session, later + hold, hold=hold)} == {"elsewhere"}


def test_an_article_that_two_lists_announce_at_once_is_kept_once_and_the_rest_of_both(served: Database) -> None:
    def announce(url: str, *articles: str) -> list[str]:
        with served.session() as session:
            found = [Article(f"https://presse.example/{one}", f"Titre {one}") for one in articles]
            return [one.url[-1] for one in documents.announce(session, sources.by_url(session, url), found)]

    with ThreadPoolExecutor() as pool:
        with served.session() as session:
            documents.announce(
                session, sources.by_url(session, "https://p1.example/rss"), [Article("https://presse.example/x", "X")]
            )
            second = pool.submit(announce, "https://p2.example/rss", "x", "y")
            with pytest.raises(TimeoutError):  # it waits for what the first does
                second.result(0.5)
        assert second.result(10) == ["y"]


def test_signals_get_their_numbers_in_the_order_in_which_they_can_be_seen(served: Database) -> None:
    def tell(session: Session, sentence: str) -> int:
        claims.in_turn(session, "signals")
        told = Signal(
            document_id=1,
            type="funding",
            status="done",
            sentence=sentence,
            subject=sentence,
            families=[],
            slots={},
            start=0,
            end=1,
            confidence=1.0,
            version="1",
        )
        session.add(told)
        session.flush()
        return told.id

    def tell_later() -> int:
        with served.session() as session:
            return tell(session, "Deux")

    with ThreadPoolExecutor() as pool:
        with served.session() as session:
            first = tell(session, "Un")
            second = pool.submit(tell_later)
            with pytest.raises(TimeoutError):  # who asks for what came after a number would never see the first
                second.result(0.5)
        assert second.result(10) > first


def test_what_a_slower_transaction_changed_is_not_taken_for_indexed(served: Database) -> None:
    with served.session() as session:
        outbox.done(session, outbox.waiting(session, limit=100))
    with served.session() as slow:
        outbox.add(slow, [1])
        slow.flush()
        with served.session() as session:
            outbox.add(session, [2])
        with served.reading() as session:
            read = outbox.waiting(session, limit=10)
    with served.session() as session:
        outbox.done(session, read)
        assert list(outbox.waiting(session, limit=10).values()) == [1]


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
