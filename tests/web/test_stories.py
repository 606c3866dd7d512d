from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from signals.stories import assign
from store import corrections
from store.base import utcnow
from store.database import Database
from store.tables import Company, Document, Feedback, Mention, Name, Reading, Signal
from tests.conftest import Tell
from tests.web.conftest import Enter
from tests.web.support import send
from web.stories import pieces


@pytest.fixture
def told(tell: Tell, database: Database) -> None:
    """A story that two articles tell, one of which tells another signal too."""
    tell("hiring", "Velmora <b>recrute</b> 90 personnes.", utcnow() - timedelta(days=2))
    tell("hiring", "Velmora va recruter.", utcnow() - timedelta(days=3), status="planned")
    with database.session() as session:
        first = session.get_one(Signal, 1)
        document = session.get_one(Document, 1)
        document.title, document.text = "Emploi", "Avant. Velmora <b>recrute</b> 90 personnes. Elle ouvre un site."
        first.start, first.end = 14, 50
        first.slots, first.link_reasons = {"headcount": [90]}, [("its city in the text", 2.5)]
        first.families = ["growing"]
        other = Signal(document_id=1, company_id=None, subject="Tavel", type="opening", families=["new_sites"])
        other.status, other.sentence, other.start, other.end = "done", "Elle ouvre un site.", 51, 70
        other.slots, other.confidence, other.version, other.candidates = {}, 0.8, "1", [(2, 0.6)]
        session.add(other)
    assign(database, lambda kind, confidence: True)


@pytest.mark.usefixtures("told")
def test_a_story_shows_the_text_with_its_evidence_and_why(enter: Enter) -> None:
    page = enter("ann").get("/signals/1").text
    assert '<mark id="evidence">Velmora &lt;b&gt;recrute&lt;/b&gt; 90 personnes.</mark>' in page
    assert '<a class="evidence" href="/signals/3">Elle ouvre un site.</a>' in page
    assert "2 articles tell it" in page
    assert re.search(r"planned · 80% sure", page)
    assert re.search(r'<td class="number">\+2.5</td><td>its city in the text</td>', page)
    assert re.search(r"<dt>Headcount</dt><dd>90</dd>", page)
    assert "The text also tells" in page


@pytest.mark.usefixtures("told")
def test_where_it_is_not_sure_who_is_meant_the_page_says_who_may_be(enter: Enter) -> None:
    page = enter("ann").get("/signals/3").text
    assert "not sure which company is meant" in page
    assert re.search(r'<a href="/companies/2">Castelor</a>.*60% sure', page)
    assert enter("ann").get("/signals/99").status_code == 404


@pytest.mark.usefixtures("told")
def test_an_opened_story_is_read_and_can_be_judged(enter: Enter, database: Database) -> None:
    client = enter("ann")
    client.get("/signals/1")
    assert send(client, "/signals/1/verdict", "/signals/1", verdict="wrong_company").status_code == 303
    assert re.search(r'value="wrong_company" aria-pressed="true"', client.get("/signals/1").text)
    assert send(client, "/signals/1/verdict", "/signals/1", verdict="nonsense").status_code == 422
    assert send(client, "/signals/99/verdict", "/signals/1", verdict="useful").status_code == 404
    with database.session() as session:
        assert {one.signal_id for one in session.scalars(select(Reading))} == {1, 2}
        assert [one.verdict for one in session.scalars(select(Feedback))] == ["wrong_company"]


def meant(database: Database) -> list[tuple[str, str, int | None]]:
    with database.session() as session:
        return [(one.verdict, one.meant, one.meant_id) for one in session.scalars(select(Feedback))]


@pytest.mark.usefixtures("told")
def test_who_says_that_it_is_another_company_is_asked_which(enter: Enter, database: Database) -> None:
    client, at = enter("ann"), "/signals/3"
    assert "Which company is meant?" not in client.get(at).text
    assert send(client, f"{at}/verdict", at, verdict="wrong_company").headers["location"] == f"{at}#meant"
    page = client.get(at).text
    assert re.search(r'name="company" value="#2">Castelor', page)
    for fields, known in (({"company": "#2"}, ("Castelor", 2)), ({"name": " Nobody & Sons "}, ("Nobody & Sons", None))):
        assert send(client, f"{at}/meant", at, **fields).headers["location"] == at
        assert meant(database) == [("wrong_company", *known)]
    page = client.get(at).text
    assert "You say that Nobody &amp; Sons is meant." in page
    assert "It is not in the register." in page
    assert send(client, f"{at}/verdict", at, verdict="useful").headers["location"] == at
    assert meant(database) == [("useful", "", None)]


@pytest.mark.usefixtures("told")
def test_a_name_that_several_companies_bear_is_asked_about_again(enter: Enter, database: Database) -> None:
    with database.session() as session:
        for number, city in ((11, "Lyon"), (12, "Metz")):
            session.add(Company(id=number, name="Ardane", country="FR", city=city))
            session.add(Name(company_id=number, text="Ardane", folded="ardane", kind="legal"))
    client, at = enter("ann"), "/signals/1"
    send(client, f"{at}/verdict", at, verdict="wrong_company")
    page = client.get(send(client, f"{at}/meant", at, name="Ardane").headers["location"]).text
    assert 'role="alert">Several companies' in page
    assert re.findall(r'value="#(\d+)">Ardane <span class="faint">(\w+)', page) == [("11", "Lyon"), ("12", "Metz")]
    assert 'value="Ardane"' in page
    assert meant(database) == [("wrong_company", "", None)]


def signal(number: int, start: int, end: int) -> Signal:
    return Signal(id=number, start=start, end=end)


def test_evidence_that_overlaps_or_lies_outside_leaves_the_text_whole() -> None:
    text = "abcdefghij"
    shown = signal(1, 2, 6)
    cut = pieces(text, [shown, signal(2, 4, 8), signal(3, 8, 99), signal(4, 6, 7), signal(5, 3, 3)], shown)
    assert "".join(one.text for one in cut) == text
    assert [(one.text, one.signal, one.here) for one in cut if one.signal] == [("cdef", 1, True), ("g", 4, False)]


@pytest.mark.usefixtures("told")
def test_a_manager_says_that_a_name_is_not_the_company(enter: Enter, database: Database) -> None:
    with database.session() as session:
        session.get_one(Signal, 1).subject = "Velmora"
        session.add(Mention(document_id=1, company_id=1))
        text = "Velmora recrute 90 personnes dans son équipe de football."
        document = session.get_one(Document, 1)
        document.title, document.text, document.state = "Velmora recrute", text, "analysed"
    assert "This is not" not in enter("ann").get("/signals/1").text
    client = enter("max")
    answer = send(client, "/signals/1/not-company", "/signals/1", where="Football")
    assert answer.headers["location"] == "/companies/1"
    for _ in range(400):
        with database.session() as session:
            told = [one.company_id for one in session.scalars(select(Signal).where(Signal.document_id == 1))]
        if 1 not in told:
            break
        time.sleep(0.05)
    assert 1 not in told
    with database.session() as session:
        assert corrections.refused(session, [1]) == {1: [("velmora", "football")]}
    assert send(client, "/signals/3/not-company", "/signals/2").status_code == 404


@pytest.mark.usefixtures("told")
def test_where_no_copy_is_to_be_shown_the_evidence_is_quoted_alone(enter: Enter, database: Database) -> None:
    with database.session() as session:
        session.get_one(Document, 1).access = "no_archive"
    page = enter("ann").get("/signals/1").text
    assert "Velmora &lt;b&gt;recrute&lt;/b&gt; 90 personnes." in page
    assert "Elle ouvre un site." in page
    assert "Avant." not in page
    assert "The rest of the text is where it appeared." in page


@pytest.mark.usefixtures("told")
def test_it_says_that_an_article_is_known_only_by_its_announcement(enter: Enter, database: Database) -> None:
    said = "The article itself could not be read"
    assert said not in enter("ann").get("/signals/1").text
    with database.session() as session:
        session.get_one(Document, 1).announced_only = True
    assert said in enter("ann").get("/signals/1").text


@pytest.mark.usefixtures("told")
def test_it_says_that_an_article_is_for_subscribers(enter: Enter, database: Database) -> None:
    with database.session() as session:
        session.get_one(Document, 1).access = "paywalled"
    assert "The article is for subscribers" in enter("ann").get("/signals/1").text
