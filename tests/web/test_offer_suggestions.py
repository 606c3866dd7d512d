"""The page of what leads suggest for an offer."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from leads import offers
from leads.acceptance import Bin, Content
from leads.offers import Offer
from store import suggestions
from store.base import utcnow
from store.database import Database
from store.tables import AcceptanceModel, LeadMilestone
from tests.conftest import Tell
from tests.leads.test_suggestions import add_leads
from tests.web.conftest import Enter
from tests.web.support import send

AT = "/offers/suggestions?name=Fibre"


@pytest.fixture
def worked(tell: Tell, database: Database) -> Database:
    """Nominations led to few meetings, openings to many."""
    opened = utcnow() - timedelta(days=40)
    tell("opening", "Velmora ouvre.", utcnow() - timedelta(days=5))
    with database.session() as session:
        offers.save(session, Offer(name="Fibre", thresholds={"fit": 0, "timing": 1}), "ada")
    add_leads(database, "appointment", 40, 3, opened)
    add_leads(database, "opening", 31, 12, opened)
    return database


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_manager_tries_a_suggestion_and_accepts_it(enter: Enter, worked: Database) -> None:
    client = enter("max")
    assert "What its leads suggest" in client.get("/offers/edit?name=Fibre").text
    text = text_of(client.get(AT).text)
    assert "meetings from 3 of 40 leads; from 12 of 31 others. Weight 1 → 0.6?" in text
    assert "meetings from 12 of 31 leads; from 3 of 40 others. Weight 1 → 1.5?" in text
    assert "What it would have told in the last 90 days" not in text
    assert "Velmora" in text_of(client.get(f"{AT}&tried=opening").text)
    fields = {"name": "Fibre", "kind": "opening", "after": "1.5", "accepted": "true"}
    answer = send(client, "/offers/suggestions", AT, **fields)
    assert answer.headers["location"] == AT
    text = text_of(client.get(AT).text)
    assert "It holds from now on." in text
    assert "accepted: version 2" in text
    with worked.reading() as session:
        assert offers.named(session, "Fibre").types == {"opening": 1.5}
    assert "meetings from 12 of 31 leads" in text_of(client.get("/offers/edit?name=Fibre").text)
    assert send(client, "/offers/suggestions", AT, **fields).status_code == 404


def test_a_manager_refuses_a_suggestion(enter: Enter, worked: Database) -> None:
    client = enter("max")
    fields = {"name": "Fibre", "kind": "appointment", "accepted": "false"}
    assert send(client, "/offers/suggestions", AT, **fields, after="0.5").status_code == 409
    send(client, "/offers/suggestions", AT, **fields, after="0.6")
    assert "Weight 1 → 0.6?" not in text_of(client.get(AT).text)
    with worked.reading() as session:
        assert [one.accepted for one in suggestions.of_offer(session, "Fibre")] == [False]
        assert offers.named(session, "Fibre").types == {}
    assert client.get("/offers/suggestions?name=Mine").status_code == 404


def test_a_rep_sees_none_of_it(enter: Enter, worked: Database) -> None:
    client = enter("ann")
    assert "What its leads suggest" not in client.get("/offers/edit?name=Fibre").text
    assert client.get(AT).status_code == 403


def test_what_was_learnt_of_acceptance_is_shown_with_how_right_it_is(enter: Enter, worked: Database) -> None:
    client = enter("max")
    assert "Too few leads say it yet: 0 of 0 were accepted; of 50 accepted and 50 others" in text_of(
        client.get(AT).text
    )
    bins = [Bin(said=0.2, leads=20, accepted=3), Bin(said=0.6, leads=20, accepted=13)]
    model = Content(leads=140, accepted=60, offset=-1, weights={"type:opening": 1.5, "size:": -0.4}, bins=bins)
    model.brier, model.brier_of_mean = 0.2, 0.25
    with worked.session() as session:
        session.add(AcceptanceModel(offer="Fibre", made_at=utcnow(), content=model.model_dump()))
        number = session.scalars(select(LeadMilestone.lead_id).where(LeadMilestone.type == "opening")).first()
    text = text_of(client.get(AT).text)
    assert "60% 65% 13 of 20, 43%–82%" in text
    assert "from 140 leads by their type" in text
    assert "So it stands on the page of each lead" in text
    assert re.search("Type: .* [+]1.5", text)
    assert "of such leads 52% were accepted" in client.get(f"/leads/{number}").text
    with worked.session() as session:
        session.get_one(AcceptanceModel, "Fibre").content = model.model_dump() | {"brier": 0.3}
    assert "So it is of no use yet" in client.get(AT).text
    assert "of such leads" not in client.get(f"/leads/{number}").text
