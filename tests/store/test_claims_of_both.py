"""Several processes at the same work, on SQLite as on PostgreSQL."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from multiprocessing.connection import Connection

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from store import documents, mails, reps, sources
from store.database import Database
from store.documents import Article
from store.errors import Unavailable
from store.hosts import slot_of_host
from store.migrate import current, newest, upgrade
from store.sources import SourceEntry
from store.tables import Host

HOLD = timedelta(minutes=10)
SOURCES = 40


def _later() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


Work = Callable[[Database], list[str]]
"""What a process does with the database; gives what it took."""


def _sources(database: Database) -> list[str]:
    with database.session() as session:
        return [one.url for one in sources.claim_due(session, _later(), hold=HOLD, limit=10)]


def _articles(database: Database) -> list[str]:
    with database.session() as session:
        return [one.url for one in documents.claim_announced(session, _later(), hold=HOLD, limit=10)]


def _to_analyse(database: Database) -> list[str]:
    with database.session() as session:
        return [str(one) for one in documents.claim_collected(session, _later(), hold=HOLD, limit=10)]


def _mails(database: Database) -> list[str]:
    taken = list[str]()
    for number in range(1, SOURCES + 1):
        with database.session() as session:
            taken += [one.message_id for one in [mails.claim(session, number, _later())] if one]
    return taken


def _tables(database: Database) -> list[str]:
    upgrade(database)
    return [str(current(database))]


def _process(url: str, pipe: Connection, work: Work, times: int) -> None:
    """Work as soon as told, tell what was taken, and hold it until told to end."""
    database = Database(url)
    pipe.send("ready")
    pipe.recv()
    pipe.send([one for _ in range(times) for one in work(database)])
    pipe.recv()


def at_once(database: Database, work: Work, *, times: int = 1, processes: int = 3) -> list[list[str]]:
    """What each of several processes takes that begin together, while all of them run."""
    context = multiprocessing.get_context("spawn")
    url = database.url.render_as_string(hide_password=False)
    pipes = [context.Pipe() for _ in range(processes)]
    running = [context.Process(target=_process, args=(url, theirs, work, times)) for _, theirs in pipes]
    for (_, theirs), one in zip(pipes, running, strict=True):
        one.start()
        theirs.close()  # so that one that dies is seen, and not waited for
    ours = [own for own, _ in pipes]
    assert [own.recv() for own in ours] == ["ready"] * processes
    for own in ours:
        own.send("go")
    try:
        return [own.recv() for own in ours]
    finally:
        for own, one in zip(ours, running, strict=True):
            own.send("end")
            one.join()


def test_of_several_that_start_at_once_one_makes_the_tables(unmigrated: Database) -> None:
    assert at_once(unmigrated, _tables) == [[newest()]] * 3


def test_an_upgrade_that_is_cut_off_leaves_all_as_it_was(unmigrated: Database) -> None:
    upgrade(unmigrated, "0050")
    with unmigrated.begin() as connection:  # the next step fails at its second act
        connection.execute(text("CREATE INDEX ix_document_held ON document (url)"))
    with pytest.raises((DBAPIError, Unavailable), match="ix_document_held"):
        upgrade(unmigrated)
    assert current(unmigrated) == "0050"
    with unmigrated.begin() as connection:
        connection.execute(text("DROP INDEX ix_document_held"))
    upgrade(unmigrated)
    assert current(unmigrated) == newest()


def test_each_source_is_taken_by_one_process(database: Database) -> None:
    with database.session() as session:
        sources.synchronise(session, [SourceEntry(f"https://p{n}.example/rss", f"P{n}") for n in range(SOURCES)])
    taken = [url for urls in at_once(database, _sources, times=SOURCES // 10) for url in urls]
    assert len(taken) == len(set(taken)) == SOURCES


def test_a_host_that_is_put_off_holds_up_no_other_of_its_slot(database: Database) -> None:
    slow = "slow.example"
    quick = next(name for n in count() if slot_of_host(name := f"quick{n}.example") == slot_of_host(slow))
    now = datetime.now(UTC)
    with database.session() as session:
        source = sources.add(session, SourceEntry("https://presse.example/rss", "Presse"))
        session.add(Host(name=slow, slot=slot_of_host(slow), asked_at=now, free_at=now + HOLD))
        urls = [f"https://{slow}/1", f"http://www.{slow}/2", f"https://{slow}:8443/3", f"https://{quick}/1"]
        documents.announce(session, source, [Article(url, f"Titre {url}") for url in urls])
        taken = documents.claim_announced(session, now, hold=HOLD, limit=9)
        assert [one.url for one in taken] == [f"https://{quick}/1"]


def test_each_article_is_analysed_by_one_process(database: Database) -> None:
    with database.session() as session:
        source = sources.add(session, SourceEntry("https://presse.example/rss", "Presse"))
        found = [Article(f"https://presse.example/{n}", f"Titre {n}") for n in range(SOURCES)]
        for document in documents.announce(session, source, found):
            documents.complete(session, document, None)
    taken = [number for numbers in at_once(database, _to_analyse, times=SOURCES // 10) for number in numbers]
    assert len(taken) == len(set(taken)) == SOURCES
    with database.session() as session:  # those processes have ended
        assert len(documents.claim_collected(session, _later(), hold=HOLD, limit=100)) == SOURCES


def test_each_mail_is_taken_by_one_process(database: Database) -> None:
    with database.session() as session:
        rep = reps.save(session, "a@example.org", name="A", language="fr")
        for number in range(SOURCES):
            mails.add(session, rep, f"<{number}@x>", "2026-03-02", b"", 1, datetime.now(UTC))
    taken = [name for names in at_once(database, _mails) for name in names]
    assert len(taken) == len(set(taken)) == SOURCES


def test_each_article_and_each_host_is_taken_by_one_process(database: Database) -> None:
    with database.session() as session:
        source = sources.add(session, SourceEntry("https://presse.example/rss", "Presse"))
        found = [Article(f"https://h{n // 2}.example/{n}", f"Titre {n}") for n in range(SOURCES)]
        documents.announce(session, source, found)
    taken = at_once(database, _articles, times=SOURCES // 10)
    everything = [url for urls in taken for url in urls]
    assert len(everything) == len(set(everything)) == SOURCES
    hosts = [{url.split("/")[2] for url in urls} for urls in taken]
    assert sum(map(len, hosts)) == len(set().union(*hosts))
