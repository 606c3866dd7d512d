"""A session of calls."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leads import lifecycle
from store import leads, offers, reps
from store.base import utcnow
from store.database import Database
from store.tables import Lead
from tests.conftest import Tell
from tests.web.conftest import Enter
from tests.web.support import send


@pytest.fixture
def queue(tell: Tell, database: Database) -> Database:
    """Ann has a lead that she was given, one that she works on, and one for next week."""
    tell("hiring", "Velmora recrute.", utcnow() - timedelta(days=1))
    with database.session() as session:
        offers.add(session, "Fibre", {"name": "Fibre"}, source="page", author="ada")
        ann = reps.by_email(session, "ann@example.org")
        for offer, stage in (("Fibre", "marketing_qualified"), ("Cloud", "opportunity"), ("Robots", "opportunity")):
            one = leads.add(session, Lead(company_id=1, offer=offer, stage=stage, origin="page"), "")
            lifecycle.assign(session, one, ann, "", utcnow() - timedelta(hours=1))
        lifecycle.fill_in(session, leads.by_id(session, 1), ann.email, phone="+33 (0)1 23", decision_maker="Le DSI")
        lifecycle.plan(session, one, ann.email, "rappeler", utcnow().date() + timedelta(days=7))
    return database


def test_each_is_called_once_a_day_and_the_next_one_comes(enter: Enter, queue: Database) -> None:
    client = enter("ann")
    page = client.get("/leads/calls").text
    assert "2 left" in page
    assert '<a href="tel:+330123">+33 (0)1 23</a>' in page
    assert "Ask for Le DSI" in page
    assert 'data-key="4"' in page
    answer = send(client, "/leads/calls/1", "/leads/calls", result="meeting", text="jeudi", next_on="2030-01-02")
    assert answer.headers["location"] == "/leads/calls"
    page = client.get("/leads/calls").text
    assert "The call to Velmora &amp; Fils is noted." in page
    assert "1 left" in page
    assert "1 made today" in page
    with queue.reading() as session:
        lead = leads.by_id(session, 1)
        assert (lead.stage, lead.due_at, str(lead.next_on)) == ("sales_accepted", None, "2030-01-02")
    assert "All are called." in client.get("/leads/calls?skip=2").text
    answer = send(client, "/leads/calls/2", "/leads/calls", result="not_reached", skip=["3"])
    assert answer.headers["location"] == "/leads/calls?skip=3"
    assert "All are called." in client.get("/leads/calls").text
    assert send(enter("max"), "/leads/calls/2", "/leads/calls", result="talked").status_code == 404
    assert send(client, "/leads/calls/2", "/leads/calls", result="peut-être").status_code == 422
