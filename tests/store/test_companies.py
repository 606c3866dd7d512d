"""Companies: what changed since a moment, however it was written, and what the index then reads again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store import companies, corrections, outbox
from store.companies import CompanyRow, Register
from store.database import Database
from store.establishments import EstablishmentRow
from store.establishments import save as save_establishments
from store.tables import Company, Document, Signal, Source

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
REGISTER = Register("csv", date(2026, 1, 1))


def row(name: str, siren: str, **facts: object) -> CompanyRow:
    return CompanyRow(name, {name.casefold(): name}, siren, facts=facts)


@pytest.fixture
def old(database: Database) -> Database:
    """Three companies that have long been there, of which the first has a document with a signal."""
    with database.session() as session:
        companies.save(session, [row("Un", "356000000"), row("Deux", "732829320"), row("Trois", "552100554")], REGISTER)
        session.execute(update(Company).values(changed_at=LONG_AGO))
        document = Document(source=Source(url="http://x/feed", name="x"), url="http://x/1", title="Un", text="")
        session.add(document)
        session.flush()
        facts = {"families": [], "status": "done", "sentence": "Un", "start": 0, "end": 1, "slots": {}, "version": "v"}
        one = Signal(document_id=document.id, company_id=1, type="hiring", confidence=1, link_confidence=1, **facts)
        session.add(one)
    return database


def changed(database: Database) -> dict[int, tuple[bool, str | None, int | None]]:
    with database.session() as session:
        parts = companies.columns(session, ["department", "headcount"], datetime(2026, 1, 1, tzinfo=UTC))
        return {one.id: (one.trades, one.department, one.headcount) for rows in parts for one in rows}


def company(session: Session, number: int) -> Company:
    return session.get_one(Company, number)


def merge(session: Session) -> None:
    corrections.merge(session, company(session, 1), company(session, 2))


def close(session: Session) -> None:
    companies.save(session, [row("Deux", "732829320", closed=True)], REGISTER)


def open_head(session: Session) -> None:
    head = EstablishmentRow("73282932000015", True, True, "Dole", "39", None, {})
    save_establishments(session, [head], REGISTER)


@pytest.mark.parametrize(
    ("write", "after"),
    [
        (lambda session: None, {}),
        (lambda session: companies.save(session, [row("Quatre", "444444442")], REGISTER), {4: (True, None, None)}),
        (lambda session: companies.save(session, [row("Un", "356000000")], REGISTER), {}),
        (
            lambda session: companies.save(session, [row("Un", "356000000", headcount=7)], REGISTER),
            {1: (True, None, 7)},
        ),
        (close, {2: (False, None, None)}),
        (open_head, {2: (True, "39", None)}),
        (lambda session: corrections.type_fact(session, company(session, 3), "headcount", 9), {3: (True, None, 9)}),
        (merge, {2: (False, None, None)}),
        (lambda session: session.add(Company(name="Cinq", department="25")), {4: (True, "25", None)}),
    ],
)
def test_every_way_to_write_a_company_is_a_change(
    old: Database, write: Callable[[Session], None], after: dict[int, object]
) -> None:
    with old.session() as session:
        write(session)
    assert changed(old) == after


@pytest.mark.parametrize(
    "write",
    [
        lambda session: corrections.type_fact(session, company(session, 1), "headcount", 9),
        lambda session: companies.save(session, [row("Un", "356000000", headcount=7)], REGISTER),
        merge,
    ],
)
def test_the_index_reads_the_documents_of_a_company_that_changes_again(
    old: Database, write: Callable[[Session], None]
) -> None:
    with old.session() as session:
        assert outbox.waiting(session, limit=10) == {}
        write(session)
        assert set(outbox.waiting(session, limit=10).values()) == set(session.scalars(select(Document.id)))
