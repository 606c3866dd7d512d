from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from leads import offers
from leads.offers import Offer
from signals.stories import assign
from signals.types import default_taxonomy
from store import offers as given
from store import reps, watchlists
from store.base import utcnow
from store.database import Database
from store.tables import Feedback, Reading, Watchlist
from tests.conftest import Tell
from tests.leads.support import rank
from tests.web.conftest import Enter
from tests.web.support import send

OFFER = Offer.model_validate({"name": "Robots", "fit": [{"criterion": "department", "in": ["69"], "points": 50}]})


def told(database: Database, tell: Tell) -> None:
    tell("appointment", "Velmora nomme <b>Zoé</b> Gall.", utcnow() - timedelta(days=1))
    tell("hiring", "Velmora recrute.", utcnow() - timedelta(days=30))
    tell("hiring", "Castelor recrute.", utcnow() - timedelta(days=1), company=2)
    assign(database, lambda kind, confidence: True)


def test_news_of_followed_companies_is_unread_until_marked(tell: Tell, enter: Enter, database: Database) -> None:
    told(database, tell)
    client = enter("ann")
    page = client.get("/").text
    assert re.findall(r"<h2>([^<]+)", page) == ["On your lists"]
    assert "Velmora &amp; Fils" in page
    assert "nomme &lt;b&gt;Zoé&lt;/b&gt; Gall" in page
    assert "Castelor" not in page
    assert "recrute" not in page
    assert "Unread</a>" not in page
    assert "(1)" in page
    assert send(client, "/read", "/", signal="1").status_code == 303
    page = client.get("/").text
    assert "All is read." in page
    page = client.get("/?all=1").text
    assert "Velmora &amp; Fils" in page
    assert ">unread<" not in page
    with database.session() as session:
        assert [one.signal_id for one in session.scalars(select(Reading))] == [1]


def test_hot_leads_come_first_with_the_reason_to_call(tell: Tell, enter: Enter, database: Database) -> None:
    told(database, tell)
    with database.session() as session:
        offers.save(session, OFFER, "test")
        given.give(session, OFFER.name, reps.everyone(session))
    rank(database, OFFER, default_taxonomy(), utcnow().date())
    page = enter("max").get("/").text
    assert re.findall(r"<h2>([^<]+)", page) == ["Hot leads"]
    assert re.search(r"Why call: [^;]+, yesterday; ask for", page)


def test_what_is_not_there_or_not_ones_own_is_not_marked(tell: Tell, enter: Enter, database: Database) -> None:
    told(database, tell)
    client = enter("ann")
    assert send(client, "/read", "/", signal="999999").status_code == 303
    assert client.post("/read", data={"signal": "1"}).status_code == 403
    with database.session() as session:
        assert session.scalars(select(Reading)).all() == []


def test_who_follows_nothing_is_told_what_to_do(enter: Enter) -> None:
    assert "Find a company" in enter("max").get("/").text


def test_a_muted_list_is_silent_here_too(tell: Tell, enter: Enter, database: Database) -> None:
    told(database, tell)
    client = enter("ann")
    with database.session() as session:
        for one in session.scalars(select(Watchlist)):
            one.muted = True
    assert "Velmora" not in client.get("/?all=1").text
    with database.session() as session:
        assert len(watchlists.everyone(session)) == 2


def test_what_one_article_tells_is_one_entry_with_one_verdict(tell: Tell, enter: Enter, database: Database) -> None:
    for kind in ("opening", "hiring", "investment"):
        tell(kind, "Velmora ouvre une usine et recrute.", utcnow() - timedelta(days=1))
    assign(database, lambda kind, confidence: True)
    client = enter("ann")
    page = client.get("/").text
    assert "(1)" in page
    assert page.count("Velmora ouvre une usine et recrute.") == 1
    assert page.count('class="opinion"') == 1
    assert [page.count(f">{said}<") for said in ("Site opening", "Hiring", "Capital investment")] == [1, 1, 1]
    number = int(re.findall(r'action="/signals/(\d+)/verdict"', page)[0])
    client.get(f"/signals/{number}")  # opened, all of it is read
    assert "All is read." in client.get("/").text
    other = number % 3 + 1
    assert send(client, f"/signals/{number}/verdict", "/?all=1", verdict="old", back="true").headers["location"] == "/"
    assert send(client, f"/signals/{other}/verdict", "/?all=1", verdict="useful").status_code == 303
    with database.session() as session:
        assert [(one.signal_id, one.verdict) for one in session.scalars(select(Feedback))] == [(other, "useful")]
    assert 'value="useful" aria-pressed="true"' in client.get(f"/signals/{number}").text
    assert send(client, f"/signals/{number}/verdict/undo", "/?all=1", before="").status_code == 303
    with database.session() as session:
        assert list(session.scalars(select(Feedback))) == []
