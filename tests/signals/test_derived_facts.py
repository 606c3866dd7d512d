"""What companies are seen to do, written down as facts on them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from signals.derived_facts import add_presence
from store import companies
from store.companies import CompanyRow
from store.database import Database
from store.tables import Company, Document, Signal, Source, Story

TODAY = date(2026, 11, 25)


def tell(database: Database, kind: str, places: list[Any], *, status: str = "done", published: bool = True) -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    with database.session() as session:
        story = Story(company_id=1, type=kind, status=status, confidence=1, sources=1, first_at=now, last_at=now)
        story.published = published
        document = Document(source_id=1, url=f"https://a.example/{kind}/{places}/{status}", title="t", text="t")
        session.add_all([story, document])
        session.flush()
        common = {"families": [], "sentence": "t", "start": 0, "end": 1, "confidence": 1, "version": "1"}
        session.add(
            Signal(
                document_id=document.id,
                company_id=1,
                type=kind,
                status=status,
                slots={"place": places},
                story_id=story.id,
                **common,
            )
        )


@pytest.fixture
def register(database: Database) -> Database:
    with database.session() as session:
        session.add(Source(url="https://a.example/feed", name="A"))
        companies.save(session, [CompanyRow("Velmora", {"velmora": "Velmora"}, facts={"country": "FR"})])
    return database


def presence(database: Database) -> tuple[str | None, dict[str, Any]]:
    with database.session() as session:
        add_presence(session, [1], TODAY)
        company = session.get_one(Company, 1)
        return company.international_presence, company.sources


def test_sites_abroad_are_an_international_presence(register: Database) -> None:
    assert presence(register) == (None, {})
    tell(register, "opening", [{"text": "Munich", "country": "DE"}, {"text": "Lyon", "country": "FR"}])
    tell(register, "foreign_expansion", [{"text": "Espagne", "country": "ES"}, {"text": "Europe"}])
    told = {"international_presence": ["observed", "2026-11-25"]}
    assert presence(register) == ("DE; ES", told)
    tell(register, "creation", [{"text": "Rome", "country": "IT"}])
    assert presence(register) == ("DE; ES; IT", told)


def test_what_is_planned_doubtful_or_no_presence_is_none(register: Database) -> None:
    tell(register, "opening", [{"text": "Munich", "country": "DE"}], status="planned")
    tell(register, "opening", [{"text": "Rome", "country": "IT"}], published=False)
    tell(register, "contract_won", [{"text": "Oslo", "country": "NO"}])
    assert presence(register) == (None, {})


def test_what_a_register_says_stays(register: Database) -> None:
    with register.session() as session:
        session.get_one(Company, 1).international_presence = "US"
    tell(register, "opening", [{"text": "Munich", "country": "DE"}])
    assert presence(register) == ("US", {})
