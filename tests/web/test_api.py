from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx import Client

from companies.criteria import indexed
from index.embedded import EmbeddedIndex
from index.indexing import update_index
from leads import offers
from leads.offers import Offer
from signals.stories import assign
from signals.types import default_taxonomy
from store import users
from store.base import utcnow
from store.database import Database
from tests.conftest import Tell
from tests.leads.support import rank
from tests.web.conftest import Ask, Enter
from tests.web.support import send
from web.api.service import A_MINUTE

OFFER = Offer.model_validate({"name": "Robots & bras", "fit": [{"criterion": "country", "in": ["FR"], "points": 50}]})


@pytest.fixture
def told(tell: Tell, database: Database, tmp_path: Path) -> None:
    """Three signals, two of them on Velmora, which is a hot lead."""
    for days in (1, 2):
        tell("hiring", f"Velmora recrute {days}.", utcnow() - timedelta(days=days))
    tell("award", "Castelor est primée.", utcnow() - timedelta(days=3), company=2)
    with database.session() as session:
        offers.save(session, OFFER, "test")
    assign(database, lambda kind, confidence: True)
    update_index(database, EmbeddedIndex(tmp_path / "index"), indexed)
    rank(database, OFFER, default_taxonomy(), utcnow().date())


def ids(answer: dict[str, Any]) -> list[int]:
    return [one["id"] for one in answer["items"]]


@pytest.mark.usefixtures("told")
def test_signals_come_a_page_at_a_time_and_nothing_twice(ask: Ask) -> None:
    client = ask("read")
    first = client.get("/signals", params={"limit": 2}).json()
    assert ids(first) == [3, 2]
    second = client.get("/signals", params={"limit": 2, "cursor": first["next"]}).json()
    assert (ids(second), second["next"]) == ([1], None)
    one = client.get("/signals/1").json()
    assert one == second["items"][0]
    assert (one["company"]["name"], one["label"], one["sentence"]) == ("Velmora & Fils", "Hiring", "Velmora recrute 1.")
    assert ids(client.get("/signals", params={"after": 2}).json()) == [3]
    assert ids(client.get("/signals", params={"type": ["hiring", "award"], "place": "69"}).json()) == [2, 1]
    assert ids(client.get("/signals", params={"text": "primée"}).json()) == [3]
    assert ids(client.get("/signals", params={"until": str(utcnow().date() - timedelta(days=3))}).json()) == [3]


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/signals?limit=0", 422, "query.limit"),
        ("/signals?type=nonsense", 422, "there is no type 'nonsense'"),
        ("/signals?cursor=xx", 422, "cursor"),
        ("/signals?place=everywhere", 422, "territory"),
        ("/signals/99", 404, "there is no signal 99"),
        ("/companies/99", 404, "there is no company 99"),
        ("/rankings/none", 404, "there is no offer 'none'"),
        ("/watchlists/1/companies", 404, "no such record"),
        ("/nothing", 404, "Not Found"),
    ],
)
def test_errors_are_json_and_say_what_is_wrong(ask: Ask, path: str, status: int, said: str) -> None:
    answer = ask("read").get(path)
    assert answer.status_code == status
    assert answer.json()["error"]["status"] == status
    assert said in answer.json()["error"]["message"]


@pytest.mark.usefixtures("told")
def test_companies_are_found_by_name_or_one_after_another(ask: Ask) -> None:
    client = ask("read")
    assert ids(client.get("/companies", params={"name": "velm"}).json()) == [1]
    first = client.get("/companies", params={"limit": 1}).json()
    assert ids(first) == [1]
    assert ids(client.get("/companies", params={"limit": 1, "cursor": first["next"]}).json()) == [2]
    one = client.get("/companies/1").json()
    assert one["criteria"]["department"]["value"] == "69"
    assert one["criteria"]["turnover"] == {"value": None, "source": None, "day": None}


@pytest.mark.usefixtures("told")
def test_leads_come_with_their_ledgers_and_a_new_ranking_begins_anew(ask: Ask, database: Database) -> None:
    client = ask("read")
    assert client.get("/rankings").json() == [{"name": OFFER.name, "hot": 1, "potential": 1}]
    found = client.get(f"/rankings/{OFFER.name}", params={"limit": 1}).json()
    (lead,) = found["items"]
    assert lead["company"]["id"] == 1
    assert sum(line["points"] for line in lead["ledger"] if line["part"] == "timing") == pytest.approx(lead["timing"])
    cursor = {"cursor": found["next"]}
    assert client.get(f"/rankings/{OFFER.name}", params=cursor).json() == {"items": [], "next": None}
    rank(database, OFFER, default_taxonomy(), utcnow().date())
    assert client.get(f"/rankings/{OFFER.name}", params=cursor).status_code == 409


@pytest.mark.usefixtures("told")
def test_a_program_keeps_lists(ask: Ask, database: Database) -> None:
    client = ask("read", "watchlists")
    made = client.post("/watchlists", json={"name": "Lyon"})
    assert made.status_code == 201
    number = made.json()["id"]
    assert client.put(f"/watchlists/{number}/companies/2").status_code == 204
    assert ids(client.get(f"/watchlists/{number}/companies").json()) == [2]
    assert ids(client.get(f"/watchlists/{number}/signals").json()) == [3]
    assert client.put(f"/watchlists/{number}/companies/99").status_code == 404
    assert client.put("/watchlists/1/companies/2").status_code == 404
    assert client.delete(f"/watchlists/{number}/companies/2").status_code == 204
    assert {one["name"]: one["companies"] for one in client.get("/watchlists").json()} == {"": 1, "Lyon": 0}
    with database.session() as session:
        assert {one.action for one in users.audit(session, limit=4)} >= {"list", "list add", "list drop"}


@pytest.mark.usefixtures("told")
def test_a_text_is_classified(ask: Ask) -> None:
    wanted = {"title": "Velmora", "text": "L'entreprise Velmora recrute 60 soudeurs à Lyon."}
    answer = ask("classify").post("/classify", json=wanted).json()
    (event,) = [one for one in answer["events"] if one["type"] == "hiring"]
    assert event["companies"][0]["known_as"] == ["Velmora & Fils"]
    assert ask("classify").post("/classify", json={"text": "x" * 50_001}).status_code == 422


def test_a_token_does_what_its_scopes_say_and_no_more(ask: Ask, address: str, tell: Tell) -> None:
    reading, keeping = ask("read"), ask("watchlists")
    assert reading.post("/watchlists", json={"name": "x"}).status_code == 403
    assert reading.post("/classify", json={"text": "x"}).status_code == 403
    assert keeping.get("/signals").status_code == 403
    with Client(base_url=f"{address}/api/v1") as nobody:
        for headers in ({}, {"Authorization": "Bearer vigie_x"}, {"Authorization": "Basic eDp4"}):
            answer = nobody.get("/signals", headers=headers)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"


def test_a_removed_token_holds_no_more_nor_one_of_a_disabled_user(
    ask: Ask, enter: Enter, tell: Tell, database: Database
) -> None:
    client, page = ask("read"), enter("ann")
    assert client.get("/watchlists").status_code == 200
    assert send(enter("max"), "/tokens/remove", "/tokens", number="1").status_code == 404
    with database.session() as session:
        users.by_email(session, "ann@example.org").active = False
    assert client.get("/watchlists").status_code == 401
    with database.session() as session:
        users.by_email(session, "ann@example.org").active = True
    assert send(page, "/tokens/remove", "/tokens", number="1").status_code == 303
    assert client.get("/watchlists").status_code == 401


def test_what_is_known_already_is_not_sent_again(ask: Ask, tell: Tell) -> None:
    client = ask("read")
    answer = client.get("/watchlists")
    assert answer.headers["cache-control"] == "private, no-cache"
    again = client.get("/watchlists", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/watchlists", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_token_asks_only_so_often(ask: Ask, tell: Tell) -> None:
    client = ask("read")
    answers = [client.get("/watchlists") for _ in range(2 * A_MINUTE + 1)]  # a minute may end meanwhile
    assert answers[0].headers["ratelimit-limit"] == str(A_MINUTE)
    refused = next(one for one in answers if one.status_code == 429)
    assert 0 < int(refused.headers["retry-after"]) <= 60


def test_the_description_has_every_route_with_examples_and_the_token(address: str) -> None:
    with Client(base_url=f"{address}/api/v1") as client:
        told = client.get("/openapi.json").json()
    assert set(told["paths"]) >= {"/signals", "/companies", "/rankings/{offer}", "/watchlists", "/classify"}
    assert told["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    assert told["components"]["schemas"]["SignalModel"]["properties"]["sentence"]["examples"]
    for path, methods in told["paths"].items():
        for method in methods.values():
            assert method["security"], path
            assert method["summary"], path


@pytest.mark.usefixtures("told")
def test_an_event_is_one_story_with_its_types_and_sources(ask: Ask, tell: Tell, database: Database) -> None:
    for kind in ("opening", "investment"):
        tell(kind, "Castelor ouvre une usine.", utcnow(), company=2)
    assign(database, lambda kind, confidence: True)
    client = ask("read")
    first, second = client.get("/companies/2/stories").json()["items"]
    assert (first["types"], first["sentence"]) == (["opening", "investment"], "Castelor ouvre une usine.")
    assert (first["labels"], first["signals"]) == (["Site opening", "Capital investment"], [4, 5])
    assert [one["source"] for one in first["articles"]] == ["Presse"]
    assert (second["types"], second["company"]["name"], second["status"]) == (["award"], "Castelor", "done")
    (hiring,) = client.get("/watchlists/2/stories").json()["items"]
    assert (hiring["signals"], hiring["sentence"]) == ([1, 2], "Velmora recrute 1.")
    assert client.get("/companies/99/stories").status_code == 404
    assert client.get("/watchlists/1/stories").status_code == 404  # another one's
