"""Settling whom a name stands for, from the news that is held back because of it."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from companies.linker import open_linker
from signals.analyse import analyse_collected
from signals.rules import default_extractor
from store import companies, corrections, documents, reps, watchlists
from store.base import utcnow
from store.companies import CompanyRow
from store.database import Database
from store.documents import Article
from store.tables import Company, Signal, Source
from tests.conftest import Tell
from tests.web.conftest import Enter
from tests.web.support import send

TITLES = ("Ardane supprime 90 postes", "Hier, Ardane a annoncé 40 suppressions d'emplois à ses équipes")


@pytest.fixture
def doubtful(tell: Tell, database: Database, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, int]:
    """Two companies of one name, the first of which Ann follows, and two articles that name one of them."""
    with database.session() as session:
        towns = (("Lyon", "69"), ("Metz", "57"))
        rows = [
            CompanyRow("Ardane", {"ardane": "Ardane"}, lei=f"L{n:019}", facts={"city": city, "department": department})
            for n, (city, department) in enumerate(towns)
        ]
        companies.save(session, rows)
        first, second = session.scalars(select(Company.id).where(Company.name == "Ardane").order_by(Company.id))
        watchlists.add(session, watchlists.save(session, reps.by_email(session, "ann@example.org"), "A"), [first])
        source = session.scalars(select(Source)).one()
        published = utcnow() - timedelta(hours=3)
        articles = [
            Article(f"https://presse.example/a{n}", one, published_at=published) for n, one in enumerate(TITLES)
        ]
        for document in documents.announce(session, source, articles):
            documents.complete(session, document, None)
    analyse_collected(database, default_extractor(), open_linker(database, tmp_path_factory.mktemp("names")))
    return first, second


def linked(database: Database) -> list[int | None]:
    with database.reading() as session:
        return list(session.scalars(select(Signal.company_id).order_by(Signal.document_id)))


def test_one_click_tells_whom_a_name_stands_for(enter: Enter, database: Database, doubtful: tuple[int, int]) -> None:
    assert linked(database) == [None, None]
    client = enter("ann")
    page = client.get("/digest/held").text
    assert page.count("not sure that it is this company") == 2
    assert page.count("Who is “Ardane” here?") == 2
    first, second = doubtful
    assert set(re.findall(r'name="company" value="(\d+)">Ardane', page)) == {str(first), str(second)}
    at = "/digest/held"
    assert send(client, "/signals/1/settle", at, company="999").status_code == 404
    answer = send(client, "/signals/1/settle", at, company=str(first))
    assert answer.headers["location"] == at
    assert "Noted: Ardane is Ardane (Lyon) in this text." in client.get(at).text
    assert linked(database)[0] == first
    for _ in range(400):  # the other article is read anew in the background, with what was learned
        if linked(database) == [first, first]:
            break
        time.sleep(0.05)
    assert linked(database) == [first, first]
    assert "Nothing is held back" in client.get(at).text
    shown = client.get("/signals/1").text
    assert "a user said so of this text" in shown
    assert "a user said so of another text" in client.get("/signals/2").text
    assert send(client, "/signals/1/settle", at, company=str(second)).status_code == 404
    undo = {"document": re.findall(r'name="document" value="(\d+)"', shown)[0], "name": "ardane"}
    assert send(client, "/settled/undo", at, **undo).headers["location"] == at
    assert linked(database)[0] is None
    assert send(client, "/settled/undo", at, **undo).status_code == 404


def test_a_name_may_stand_for_none_of_them(enter: Enter, database: Database, doubtful: tuple[int, int]) -> None:
    client, at = enter("ann"), "/digest/held"
    send(client, "/signals/1/settle", at, company="0")
    page = client.get(at).text
    assert "Noted: Ardane is none of these companies in this text." in page
    assert page.count("Who is “Ardane” here?") == 1
    with database.reading() as session:
        document = session.scalars(select(Signal.document_id).order_by(Signal.document_id)).first() or 0
        assert corrections.settled(session, [document]) == {document: {"ardane": None}}
        assert corrections.confirmed(session, doubtful) == {}
        assert session.scalars(select(Signal).where(Signal.document_id == document)).one().candidates == []
