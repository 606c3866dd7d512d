"""A rep's leads: taken, worked on and closed, and what others see of them."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from leads import lifecycle
from store import leads, offers, reps
from store.base import utcnow
from store.database import Database
from store.tables import Company, Lead
from tests.conftest import Tell
from tests.web.conftest import Enter
from tests.web.support import add_user, send


@pytest.fixture
def sold(tell: Tell, database: Database) -> None:
    """An offer that Ann sells, and a signal on Velmora."""
    tell("hiring", "Velmora <b>recrute</b> 90 personnes.", utcnow() - timedelta(days=1))
    add_user(database, "bob@example.org")
    with database.session() as session:
        offers.add(session, "Fibre", {"name": "Fibre"}, source="page", author="ada")
        offers.give(session, "Fibre", [reps.by_email(session, "ann@example.org")])


def lead(database: Database, number: int = 1) -> Lead:
    with database.reading() as session:
        return leads.by_id(session, number)


@pytest.mark.usefixtures("sold")
def test_a_lead_from_the_company_to_the_contract(enter: Enter, database: Database) -> None:
    client = enter("ann")
    assert "There is no lead here." in client.get("/leads").text
    assert '<input type="hidden" name="offer" value="Fibre">' in client.get("/companies/1").text
    assert '<input type="hidden" name="signal" value="1">' in client.get("/signals/1").text
    answer = send(client, "/leads/open", "/companies/1", company="1", offer="Fibre", signal=["1"])
    at = "/leads/1"
    assert answer.headers["location"] == at
    page = client.get(at).text
    assert "It is your lead now." in page
    assert "Lead: accepted (SAL)" in client.get("/companies/1").text
    assert "Velmora &lt;b&gt;recrute&lt;/b&gt; 90 personnes." in page
    assert "To be a project it lacks: the decision maker, the need, the timeframe." in page
    assert "missing: a call in which you talked, the need" in page
    refused = send(client, f"{at}/move", at, stage="sales_qualified")
    assert refused.status_code == 422
    assert "Missing: a call in which you talked, the need" in refused.text
    send(client, f"{at}/call", at, result="meeting", text="vient jeudi", next_on="2030-01-02")
    known = {"decision_maker": "Le DSI", "need": "Relier 40 postes", "timeframe": "avant juin", "budget": "30,000.50 €"}
    send(client, f"{at}/known", at, **known, amount="28000", temperature="hot", project="true")
    for stage in ("sales_qualified", "opportunity", "won"):
        assert send(client, f"{at}/move", at, stage=stage).headers["location"] == at
    one = lead(database)
    assert (one.stage, one.kind, one.budget, one.amount) == ("won", "project", 30_000.5, 28_000)
    page = client.get(at).text
    for said in ("Stage: won", "Call: meeting agreed", "vient jeudi", "amount of the contract: €28,000"):
        assert said in page
    assert "There is no lead here." in client.get("/leads").text
    assert "Velmora" in client.get("/leads?stage=won").text


@pytest.mark.usefixtures("sold")
def test_a_lead_is_taken_from_today(enter: Enter, database: Database) -> None:
    client = enter("ann")
    page = client.get("/").text
    assert page.count('action="/leads/open"') == 1
    assert '<input type="hidden" name="signal" value="1">' in page
    send(client, "/leads/open", "/", company="1", offer="Fibre", signal=["1"])
    page = client.get("/").text
    assert 'href="/leads/1"' in page
    assert 'action="/leads/open"' not in page
    with database.session() as session:
        for name in ("Cloud", "Robots"):
            offers.add(session, name, {"name": name}, source="page", author="ada")
            offers.give(session, name, [reps.by_email(session, "ann@example.org")])
    assert '<select name="offer" aria-label="Offer">' in client.get("/").text


@pytest.mark.usefixtures("sold")
def test_a_lead_is_accepted_by_its_owner_and_returned_with_a_reason(enter: Enter, database: Database) -> None:
    with database.session() as session:
        content = {"name": "Fibre", "contract": {"returns": ["postponed", "wrong_contact"]}}
        offers.add(session, "Fibre", content, source="page", author="ada")
        ann = reps.by_email(session, "ann@example.org")
        for company in (1, 2):
            one = Lead(company_id=company, offer="Fibre", stage="marketing_qualified", origin="ranking")
            lifecycle.assign(session, leads.add(session, one, ""), ann, "", utcnow())
        leads.by_id(session, 2).due_at = utcnow() - timedelta(hours=1)
    client = enter("ann")
    page = client.get("/leads").text
    assert page.index("Castelor") < page.index("Velmora")  # what is late comes first
    assert page.count('class="tag warn">late') == 1
    assert page.count("Accept it") == 2
    send(client, "/leads/1/take", "/leads/1")
    assert lead(database).stage == "sales_accepted"
    page = client.get("/leads/1").text
    assert "to be acted on by" in page
    assert '<option value="wrong_contact">Wrong contact</option>' in page
    assert 'value="duplicate"' not in page
    assert send(client, "/leads/1/move", "/leads/1", stage="nurturing", returned="duplicate").status_code == 422
    send(client, "/leads/1/move", "/leads/1", stage="nurturing", returned="postponed", returns_on="2030-05-02")
    page = client.get("/leads/1").text
    assert "<br>project postponed" in page
    assert "It comes back on May 2, 2030" in page


@pytest.mark.usefixtures("sold")
def test_who_may_see_a_lead(enter: Enter, database: Database) -> None:
    ann = enter("ann")
    send(ann, "/leads/open", "/leads", company="1", offer="Fibre")
    bob = enter("bob")
    assert bob.get("/leads/1").status_code == 404
    page = bob.get("/companies/1").text
    assert "Lead: accepted (SAL)" in page
    assert 'href="/leads/1"' not in page  # what would answer that there is no such page
    assert enter("max").get("/leads/1").status_code == 200
    with database.session() as session:
        leads.change(session, leads.by_id(session, 1), "x", "assigned", owner_id=None)
    assert enter("bob").get("/leads/1").status_code == 404  # the offer was not given to them
    page = ann.get("/leads?whose=nobody").text
    assert re.search(r'action="/leads/1/take"', page)
    send(ann, "/leads/1/take", "/leads/1")
    assert (owner := lead(database).owner)
    assert owner.email == "ann@example.org"
    for path, fields in (
        ("/leads/1/known", {"amount": "beaucoup"}),
        ("/leads/1/known", {"next_on": "demain"}),
        ("/leads/1/call", {"result": "absent"}),
        ("/leads/1/note", {"text": " "}),
    ):
        assert send(ann, path, "/leads/1", **fields).status_code == 422
    assert send(ann, "/leads/open", "/leads", company="1", offer="Rien").status_code == 404
    assert send(ann, "/leads/9/move", "/leads", stage="won").status_code == 404


@pytest.mark.usefixtures("sold")
def test_a_long_list_has_pages_and_a_long_column_says_how_many_there_are(enter: Enter, database: Database) -> None:
    now = utcnow()
    with database.session() as session:
        names = [f"Offre {number}" for number in range(53)]
        for name in names:
            lifecycle.open_lead(session, session.get_one(Company, 1), name, [], origin="page", author="x", now=now)
    client = enter("max")
    first, second, board = (client.get(f"/leads?whose=all{rest}").text for rest in ("", "&page=2", "&view=board"))
    assert [page.count('<a class="label" href="/leads/') for page in (first, second, board)] == [50, 3, 20]
    assert "See all 53" in board
    assert 'class="faint">53</span>' in board
    assert "See all" not in client.get("/leads?whose=all&view=board&offer=Offre 2").text


@pytest.mark.usefixtures("sold")
def test_leads_and_what_happened_to_them_are_taken_away_as_files(enter: Enter) -> None:
    client = enter("ann")
    send(client, "/leads/open", "/companies/1", company="1", offer="Fibre", signal=["1"])
    send(client, "/leads/1/call", "/leads/1", result="meeting", text="=1+1")
    assert "/leads/export.csv?" in client.get("/leads").text
    [row] = [json.loads(line) for line in client.get("/leads/export.jsonl").text.splitlines()]
    assert (row["stage"], row["owner"], row["company"]) == ("sales_accepted", "ann@example.org", "Velmora & Fils")
    text = client.get("/leads/export-events.csv").text
    assert "meeting,Call: meeting agreed,'=1+1" in text
    assert enter("max").get("/leads/export.jsonl").text == ""
    assert "Velmora" in enter("max").get("/leads/export.csv?whose=all").text


@pytest.mark.usefixtures("sold")
def test_what_is_to_be_done_today_stands_on_the_first_page(enter: Enter, database: Database) -> None:
    client, now = enter("ann"), utcnow()
    assert "To be done on your leads" not in client.get("/").text
    with database.session() as session:
        ann = reps.by_email(session, "ann@example.org")
        for offer, days in (("Fibre", 0), ("Cloud", 3), ("Robots", -1)):
            company = session.get_one(Company, 1)
            lead, _ = lifecycle.open_lead(session, company, offer, [], origin="page", author="x", now=now)
            lifecycle.take(session, lead, ann, now)
            lifecycle.plan(session, lead, ann.email, f"Devis {offer}", (now + timedelta(days=days)).date())
    page = client.get("/").text
    tasks = page[page.index('id="tasks"') : page.index("Call them one after the other")]
    assert re.findall(r"Devis \w+", tasks) == ["Devis Robots", "Devis Fibre"]
    assert "tag warn" in tasks
    assert "Devis" not in enter("max").get("/").text
