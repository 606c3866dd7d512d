"""New documents against what watchlists ask for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from companies.criteria import indexed
from index.indexing import update_index
from index.query import SearchIndex
from store import outbox, reps, watchlists
from store.database import Database
from store.tables import Company, Document, Match, Signal, Source, Watched, Watchlist
from vigie.percolator import Percolator, change, fill

TODAY = date(2026, 3, 10)


def tell(session: Session, company: Company, title: str, kind: str, **slots: Any) -> Signal:
    source = session.scalars(select(Source)).first() or Source(url="http://x/feed", name="x")
    document = Document(source=source, url=f"http://x/{title}", title=title, text="", language="fr")
    document.published_at = datetime(2026, 3, 9, tzinfo=UTC)
    session.add(document)
    session.flush()
    outbox.add(session, [document.id])
    facts: dict[str, Any] = {"families": ["growing"], "status": "done", "sentence": title, "start": 0, "end": 1}
    facts |= {"slots": slots, "confidence": 0.9, "link_confidence": 0.9, "version": "v", "impact": 1.0}
    signal = Signal(document=document, company=company, type=kind, published_at=document.published_at, **facts)
    session.add(signal)
    session.flush()
    return signal


@pytest.fixture
def companies(database: Database) -> list[Company]:
    with database.session() as session:
        made = [Company(name="Orvanne", department="25", headcount=80), Company(name="Tavel", department="38")]
        session.add_all(made)
        reps.save(session, "lea@example.org", "Léa", "fr")
    return made


@pytest.fixture
def round_(database: Database, empty: SearchIndex) -> Callable[[], int]:
    """One round of indexing and matching."""
    return lambda: update_index(database, empty, indexed, Percolator(database, TODAY))


def follow(database: Database, name: str, content: dict[str, Any]) -> None:
    with database.session() as session:
        watchlists.save(session, reps.by_email(session, "lea@example.org"), name, content)


def answers(database: Database) -> dict[str, list[str]]:
    with database.session() as session:
        query = select(Watchlist.name, Signal.sentence).join(Match, Match.watchlist_id == Watchlist.id)
        found: dict[str, list[str]] = {}
        for name, sentence in session.execute(query.join(Signal, Signal.id == Match.signal_id).order_by(Signal.id)):
            found.setdefault(name, []).append(sentence)
        return found


def test_each_list_gets_what_answers_it(
    database: Database, companies: list[Company], round_: Callable[[], int]
) -> None:
    follow(database, "robots", {"keywords": ["robot*", "pince à vide"]})
    follow(database, "people", {"people": ["Zoé Le-Gall"]})
    follow(database, "doubs", {"search": {"territory": ["25"], "types": ["hiring"]}, "grows": True})
    follow(database, "large", {"search": {"impact": 1.5}})
    follow(database, "companies only", {"types": ["hiring"]})
    with database.session() as session:
        orvanne, tavel = (session.merge(one) for one in companies)
        tell(session, orvanne, "Orvanne embauche", "hiring")
        tell(session, tavel, "Tavel embauche des roboticiens", "hiring")
        tell(session, tavel, "Une pince à vide chez Tavel", "product_launch", person=["Zoe Le Gall"])
        tell(session, tavel, "Tavel investit", "investment").impact = 1.8
    round_()
    round_()
    assert answers(database) == {
        "robots": ["Tavel embauche des roboticiens", "Une pince à vide chez Tavel"],
        "people": ["Une pince à vide chez Tavel"],
        "doubs": ["Orvanne embauche"],
        "large": ["Tavel investit"],
    }
    with database.session() as session:
        assert session.scalars(select(Watched.company_id)).all() == [companies[0].id]


def test_a_new_list_is_filled_from_what_is_stored(
    database: Database, companies: list[Company], round_: Callable[[], int], empty: SearchIndex
) -> None:
    with database.session() as session:
        tell(session, session.merge(companies[0]), "Orvanne embauche", "hiring")
    round_()
    follow(database, "all", {"search": {"days": 3}})
    assert answers(database) == {}
    with database.session() as session:
        (one,) = watchlists.everyone(session)
        assert fill(session, empty, one, TODAY) == 1
        assert fill(session, empty, one, TODAY) == 0
    assert answers(database) == {"all": ["Orvanne embauche"]}


def test_what_a_list_asks_for_no_more_answers_it_no_more(
    database: Database, companies: list[Company], round_: Callable[[], int], empty: SearchIndex
) -> None:
    with database.session() as session:
        tell(session, session.merge(companies[0]), "Orvanne embauche", "hiring")
        tell(session, session.merge(companies[1]), "Tavel ouvre un site", "site_opening")
    round_()

    def ask(**changes: Any) -> int:
        with database.session() as session:
            return change(session, empty, reps.by_email(session, "lea@example.org"), "mine", TODAY, changes)

    assert ask(keywords=["embauche"]) == 1
    assert ask(keywords=["embauche", "site"]) == 1
    assert answers(database) == {"mine": ["Orvanne embauche", "Tavel ouvre un site"]}
    assert ask(keywords=["site"], confidence=0.5) == 0
    assert answers(database) == {"mine": ["Tavel ouvre un site"]}
    assert ask(keywords=[]) == 0
    assert answers(database) == {}
