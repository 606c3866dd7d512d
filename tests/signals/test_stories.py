"""One event told by several papers is one story."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from signals.stories import assign, contradict
from store import companies, documents, sources
from store.companies import CompanyRow
from store.database import Database
from store.documents import Article
from store.sources import SourceEntry
from store.tables import Signal, Source, Story

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
Tell = Callable[..., None]


@pytest.fixture
def tell(database: Database) -> Tell:
    """The function stores a signal on Velmora, told by a paper on a day."""
    with database.session() as session:
        companies.save(session, [CompanyRow("Velmora", {"velmora": "Velmora"})])
        sources.synchronise(session, [SourceEntry(f"https://{n}.example/rss", n) for n in ("a", "b", "c")])

    def store(text: str, paper: str = "a", days: int = 0, kind: str = "layoffs", **fields: Any) -> None:
        with database.session() as session:
            source = session.scalars(select(Source).where(Source.name == paper)).one()
            article = Article(f"https://{paper}.example/{text}", text, "", None, NOW + timedelta(days=days))
            (document,) = documents.announce(session, source, [article])
            plain: dict[str, Any] = {"status": "done", "slots": {}, "confidence": 0.6}
            session.add(
                Signal(
                    document_id=document.id,
                    company_id=1,
                    type=kind,
                    families=["hr_moves"],
                    sentence=text,
                    start=0,
                    end=len(text),
                    published_at=document.published_at,
                    link_confidence=0.8,
                    version="1",
                    **(plain | fields),
                )
            )

    return store


def told(database: Database) -> list[tuple[str, str, int, float]]:
    """Type, status, sources and confidence of each story, in the order they began."""
    assign(database)
    with database.session() as session:
        stories = session.scalars(select(Story).order_by(Story.first_at, Story.id))
        return [(one.type, one.status, one.sources, round(one.confidence, 3)) for one in stories]


def test_independent_papers_make_one_story_surer(database: Database, tell: Tell) -> None:
    tell("Velmora supprime 120 postes")
    assert told(database) == [("layoffs", "done", 1, 0.6)]
    tell("À Dole, Velmora se sépare de 120 salariés", "b", 1)
    assert told(database) == [("layoffs", "done", 2, 0.84)]


def test_the_same_paper_or_the_same_text_adds_nothing(database: Database, tell: Tell) -> None:
    tell("Velmora supprime 120 postes")
    tell("Velmora : les 120 postes en détail", "a", 1)
    tell("VELMORA SUPPRIME 120 POSTES", "b", 1)
    assert told(database) == [("layoffs", "done", 1, 0.6)]


def test_the_best_sentence_is_the_proof(database: Database, tell: Tell) -> None:
    tell("Velmora supprimerait des postes, lit-on", confidence=0.5)
    tell("Velmora supprime 120 postes", "b", confidence=0.9)
    assign(database)
    with database.session() as session:
        best = session.get_one(Signal, session.scalars(select(Story.best_id)).one())
        assert best.sentence == "Velmora supprime 120 postes"


def test_a_denial_withdraws_and_a_later_confirmation_restores(database: Database, tell: Tell) -> None:
    tell("Velmora supprime 120 postes")
    tell("Velmora dément", "b", 1, status="denied")
    assert told(database) == [("layoffs", "denied", 1, 0.6)]
    tell("Velmora confirme finalement 120 suppressions", "c", 2)
    assert told(database) == [("layoffs", "done", 2, 0.84)]


def test_a_rumour_does_not_unsay_what_is_known(database: Database, tell: Tell) -> None:
    tell("Velmora va supprimer 120 postes", status="planned")
    tell("Velmora supprimerait 120 postes", "b", 1, status="rumoured")
    assert [status for _, status, _, _ in told(database)] == ["planned"]


def test_another_type_or_another_month_is_another_story(database: Database, tell: Tell) -> None:
    tell("Velmora supprime 120 postes")
    tell("Velmora recrute", "b", kind="hiring")
    tell("Velmora supprime encore 80 postes", "b", 60)
    assert len(told(database)) == 3


def test_a_second_source_can_make_a_story_sure_enough(database: Database, tell: Tell) -> None:
    def published() -> bool:
        assign(database, lambda kind, sure: kind == "layoffs" and sure >= 0.8)
        with database.session() as session:
            return session.scalars(select(Story.published)).one()

    tell("Velmora supprime 120 postes")
    assert not published()
    tell("À Dole, Velmora se sépare de 120 salariés", "b", 1)
    assert published()


def test_assigning_twice_changes_nothing(database: Database, tell: Tell) -> None:
    tell("Velmora supprime 120 postes")
    assert assign(database) == 1
    assert assign(database) == 0


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ({"person": ["Claire Vidal"]}, {"person": ["Paul Roux"]}, True),
        ({"person": ["Claire Vidal"]}, {"person": ["Vidal", "Anne Roy"]}, False),
        ({"counterpart": [{"name": "Texim", "role": "target"}]}, {"counterpart": [{"name": "Kerbel"}]}, True),
        ({"amount": [{"value": 12e6, "currency": "EUR"}]}, {"amount": [{"value": 80e6, "currency": "EUR"}]}, True),
        ({"amount": [{"value": 12e6, "currency": "EUR"}]}, {"amount": [{"value": 11.6e6, "currency": "EUR"}]}, False),
        ({"amount": [{"value": 12e6, "currency": "EUR"}]}, {}, False),
    ],
)
def test_other_people_partners_or_amounts_are_other_events(
    one: dict[str, Any], other: dict[str, Any], apart: bool
) -> None:
    assert contradict(one, other) is apart


def test_a_plan_and_its_fact_are_one_story_however_long_it_took(database: Database, tell: Tell) -> None:
    tell("Velmora ouvrira une usine à Dole", kind="new_site", status="planned", slots={"place": ["Dole"]})
    assert told(database) == [("new_site", "planned", 1, 0.6)]
    tell("L'usine de Velmora à Dole est ouverte", "b", 300, kind="new_site", slots={"place": ["Dole"]})
    assert told(database) == [("new_site", "done", 1, 0.6)]


@pytest.mark.parametrize(
    ("days", "first", "second", "slots"),
    [
        (300, "planned", "done", {"place": ["Metz"]}),
        (300, "planned", "done", {}),
        (300, "planned", "planned", {"place": ["Dole"]}),
        (300, "done", "done", {"place": ["Dole"]}),
        (700, "planned", "done", {"place": ["Dole"]}),
    ],
)
def test_what_is_no_fact_of_a_plan_is_another_story(
    database: Database, tell: Tell, days: int, first: str, second: str, slots: dict[str, Any]
) -> None:
    tell("Velmora ouvre une usine à Dole", kind="new_site", status=first, slots={"place": ["Dole"]})
    told(database)
    tell("Velmora ouvre", "b", days, kind="new_site", status=second, slots=slots)
    assert len(told(database)) == 2
