"""Leads through the interface for programs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from store import leads, offers, reps
from store.base import utcnow
from store.database import Database
from tests.conftest import Tell
from tests.web.conftest import Ask


@pytest.fixture
def sold(tell: Tell, database: Database) -> Database:
    """An offer that Ann sells, and signals on two companies."""
    for company in (1, 2):
        tell("hiring", "On recrute 90 personnes.", utcnow() - timedelta(days=1), company)
    with database.session() as session:
        offers.add(session, "Fibre", {"name": "Fibre"}, source="page", author="ada")
        offers.add(session, "Cloud", {"name": "Cloud"}, source="page", author="ada")
        offers.give(session, "Fibre", [reps.by_email(session, "ann@example.org")])
    return database


def test_a_lead_from_the_company_to_the_contract(ask: Ask, sold: Database) -> None:
    client = ask("leads")
    made = client.post("/leads", json={"company": 1, "offer": "Fibre", "signals": [1, 2], "told_by": "Salon"})
    assert made.status_code == 201
    lead = made.json()
    assert (lead["stage"], lead["owner"], lead["signals"], lead["told_by"]) == (
        "marketing_qualified",
        None,
        [1],
        "Salon",
    )
    assert (lead["origin"], lead["company"]["name"]) == ("api", "Velmora & Fils")
    assert client.post("/leads", json={"company": 1, "offer": "Fibre"}).json()["id"] == lead["id"]
    at = f"/leads/{lead['id']}"
    taken = client.post(f"{at}/take").json()
    assert (taken["stage"], taken["owner"]) == ("sales_accepted", "ann@example.org")
    refused = client.post(f"{at}/moves", json={"stage": "sales_qualified"})
    assert refused.status_code == 422
    assert "missing: talk, need" in refused.json()["error"]["message"]
    client.post(f"{at}/calls", json={"result": "meeting", "text": "jeudi"})
    client.post(f"{at}/notes", json={"text": "Deux sites"})
    assert client.post(f"{at}/activities", json={"name": "mail_opened"}).status_code == 200
    assert client.post(f"{at}/activities", json={"name": "Mail ouvert"}).status_code == 422
    known = {"decision_maker": "DSI", "need": "40 postes", "timeframe": "juin", "amount": 28000, "project": True}
    client.patch(at, json={**known, "next_action": "Envoyer le devis", "next_on": "2030-01-02"})
    for stage in ("sales_qualified", "opportunity", "won"):
        assert client.post(f"{at}/moves", json={"stage": stage}).status_code == 200
    found = client.get(at).json()
    assert (found["stage"], found["kind"], found["amount"], found["next_on"]) == ("won", "project", 28000, "2030-01-02")
    assert "Call: meeting agreed. jeudi" in [one["said"] for one in found["events"]]
    kinds = [(one["kind"], one["code"]) for one in client.get("/leads/events").json()]
    assert kinds[:4] == [("opened", ""), ("assigned", ""), ("moved", "sales_accepted"), ("call", "meeting")]
    assert ("activity", "mail_opened") in kinds
    last = found["events"][-1]["id"]
    assert client.get("/leads/events", params={"after": last}).json() == []
    with sold.reading() as session:
        assert leads.by_id(session, lead["id"]).amount == 28000


def test_what_is_left_out_stays_and_an_amount_can_be_unknown_again(ask: Ask, sold: Database) -> None:
    client = ask("leads")
    at = f"/leads/{client.post('/leads', json={'company': 1, 'offer': 'Fibre'}).json()['id']}"
    client.patch(at, json={"need": "fibre", "budget": 5000, "next_action": "Appeler"})
    one = client.patch(at, json={"budget": None, "next_on": "2030-01-02"}).json()
    assert (one["need"], one["budget"], one["next_action"], one["next_on"]) == ("fibre", None, "Appeler", "2030-01-02")
    assert client.patch(at, json={"temperature": "brûlant"}).status_code == 422


def test_tasks_are_those_of_the_user_the_late_ones_first(ask: Ask, sold: Database) -> None:
    client = ask("leads")
    ids = [client.post("/leads", json={"company": number, "offer": "Fibre"}).json()["id"] for number in (1, 2)]
    for number, on in zip(ids, ("2030-01-02", "2020-01-02"), strict=True):
        client.post(f"/leads/{number}/take")
        client.patch(f"/leads/{number}", json={"next_action": "Rappeler", "next_on": on})
    tasks = client.get("/leads/tasks").json()
    assert [(one["lead"], one["what"], one["late"]) for one in tasks] == [
        (ids[1], "planned", True),
        (ids[0], "planned", False),
    ]
    assert ask("leads", of="max").get("/leads/tasks").json() == []
    assert len(ask("leads", of="max").get("/leads/tasks", params={"whose": "all"}).json()) == 2


def test_leads_come_a_page_at_a_time_and_only_those_that_the_user_sees(ask: Ask, sold: Database) -> None:
    client, manager = ask("leads"), ask("leads", of="max")
    assert client.post("/leads", json={"company": 1, "offer": "Cloud"}).status_code == 404  # she does not sell it
    hidden = manager.post("/leads", json={"company": 2, "offer": "Cloud"}).json()["id"]
    mine = [client.post("/leads", json={"company": number, "offer": "Fibre"}).json()["id"] for number in (1, 2)]
    first = client.get("/leads", params={"limit": 1}).json()
    second = client.get("/leads", params={"limit": 1, "cursor": first["next"]}).json()
    assert [one["items"][0]["id"] for one in (first, second)] == mine[::-1]
    assert client.get("/leads", params={"whose": "mine"}).json()["items"] == []
    assert [one["id"] for one in manager.get("/leads", params={"offer": "Cloud"}).json()["items"]] == [hidden]
    assert client.get(f"/leads/{hidden}").status_code == 404
    assert client.post(f"/leads/{hidden}/notes", json={"text": "x"}).status_code == 404
    assert {one["lead"] for one in client.get("/leads/events").json()} == set(mine)


def test_a_token_for_something_else_does_not_do(ask: Ask, sold: Database) -> None:
    answer = ask("read").get("/leads")
    assert answer.status_code == 403
    assert "it needs the scope 'leads'" in answer.json()["error"]["message"]
