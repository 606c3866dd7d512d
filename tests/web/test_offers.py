from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from leads import offers
from leads.offers import Offer
from signals.stories import assign
from store import offers as versions
from store import reps
from store.base import utcnow
from store.database import Database
from store.tables import Score
from tests.conftest import Tell
from tests.web.conftest import Enter
from tests.web.support import answered, form_key, send

ROWS = {
    "criterion": ["department", "headcount", "turnover", ""],
    "values": ["69, 38", "", "?", ""],
    "min": ["", "50", "", ""],
    "max": ["", "99,5", "", ""],
    "points": ["50", "10", "-5", ""],
}
FIELDS = {
    "name": "Robots & bras",
    **ROWS,
    "family_growing": "1,5",
    "types": "hiring = 2",
    "half_lives": "hiring = 60",
    "pitches": "growing = Proposez un bras.\nhiring = Montrez = la démo.",
    "include": "robot*, bras",
    "exclude": "football",
    "territory": "69, de",
    "fit": "40",
    "timing": "3",
    "note": "essai",
}
CONTENT = {
    "name": "Robots & bras",
    "fit": [
        {"criterion": "department", "in": ["69", "38"], "points": 50},
        {"criterion": "headcount", "min": 50.0, "max": 99.5, "points": 10},
        {"criterion": "turnover", "unknown": True, "points": -5},
    ],
    "families": {"growing": 1.5},
    "types": {"hiring": 2.0},
    "half_lives": {"hiring": 60.0},
    "pitches": {"growing": "Proposez un bras.", "hiring": "Montrez = la démo."},
    "keywords": {"include": ["robot*", "bras"], "exclude": ["football"]},
    "territory": ["69", "DE"],
    "thresholds": {"timing": 3},
}


def current(database: Database) -> list[dict[str, object] | None]:
    with database.session() as session:
        return [one.content for one in versions.current(session)]


def test_an_offer_is_written_saved_and_shown_as_it_was_written(enter: Enter, database: Database) -> None:
    client = enter("max")
    assert "There is no offer yet" in client.get("/offers").text
    key = form_key(client.get("/offers/edit").text)
    answer = client.post("/offers/save", data=FIELDS | {"key": key})
    assert answer.headers["location"] == "/offers/edit?name=Robots+%26+bras#given"
    assert "Nobody sells it yet" in client.get(answer.headers["location"]).text
    assert current(database) == [CONTENT]
    page = client.get("/offers/edit", params={"name": "Robots & bras"}).text
    for said in ('value="69, 38"', 'value="99.5"', 'value="?"', "hiring = 2", 'value="robot*, bras"', ">essai<"):
        assert said in page
    assert "max@example.org" in client.get("/offers").text


@pytest.fixture
def told(tell: Tell, database: Database) -> None:
    """Velmora, in 69, has news."""
    tell("hiring", "Velmora recrute.", utcnow() - timedelta(days=2))
    assign(database, lambda kind, confidence: True)


def ranked(database: Database) -> list[tuple[str, str]]:
    """The scores, once there are any: they are made after the answer."""
    for _ in range(200):
        with database.session() as session:
            if found := [(one.offer, one.state) for one in session.scalars(select(Score))]:
                return found
        time.sleep(0.05)
    return []


@pytest.mark.usefixtures("told")
def test_trying_shows_who_would_enter_and_saves_nothing(enter: Enter, database: Database) -> None:
    client = enter("max")
    key = form_key(client.get("/offers/edit").text)
    asked = {"key": key, "name": "A", "criterion": "department", "values": "69", "min": "", "max": "", "points": "50"}
    page = answered(client, client.post("/offers/try", data=asked | {"timing": "1"})).text
    assert "Enter (1)" in page
    assert "Velmora" in page
    assert 'formaction="/offers/save"' in page
    assert current(database) == []
    assert client.post("/offers/save", data=asked | {"timing": "1"}).status_code == 303
    assert ranked(database) == [("A", "hot")]
    page = answered(client, client.post("/offers/try", data=asked | {"timing": "90"})).text
    assert "Leave (1)" in page
    assert re.search(r"hot today: 1 → <strong>0</strong>", page)
    page = answered(client, client.post("/offers/try", data=asked | {"timing": "1"})).text
    assert "Nothing changes" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "the name"),
        ({"points": ["x", "1", "1", ""]}, "line 1 of what the companies are"),
        ({"min": ["", "many", "", ""]}, "line 2 of what the companies are"),
        ({"family_growing": "x"}, "the weight of a family"),
        ({"types": "nonsense = 2"}, "the weight of a type (nonsense)"),
        ({"half_lives": "hiring = -1"}, "how long a type counts"),
        ({"territory": "everywhere"}, "the territory"),
        ({"fit": "x"}, "the thresholds"),
    ],
)
def test_a_field_that_cannot_be_read_is_named_and_what_was_typed_stays(
    enter: Enter, database: Database, wrong: dict[str, object], said: str
) -> None:
    client = enter("max")
    key = form_key(client.get("/offers/edit").text)
    for action in ("try", "save"):
        answer = answered(client, client.post(f"/offers/{action}", data=FIELDS | {"key": key} | wrong))
        assert answer.status_code == 422
        assert f"nothing is saved: {said}." in answer.text
        assert 'value="football"' in answer.text
    assert current(database) == []


def test_versions_are_restored_and_an_offer_is_taken_out(enter: Enter, database: Database) -> None:
    with database.session() as session:
        for points in (10, 20):
            content = {"name": "A", "fit": [{"criterion": "department", "in": ["69"], "points": points}]}
            offers.save(session, Offer.model_validate(content), "test")
    client = enter("max")
    at = "/offers/edit?name=A"
    assert send(client, "/offers/restore", at, name="A", number="1").status_code == 303
    with database.session() as session:
        assert offers.named(session, "A").fit[0].points == 10
    assert send(client, "/offers/restore", at, name="A", number="9").status_code == 404
    assert send(client, "/offers/retire", at, name="A").status_code == 303
    assert current(database) == []
    assert client.get(at).status_code == 404


def test_an_offer_is_given_to_reps_and_taken_from_them(enter: Enter, database: Database) -> None:
    client = enter("max")
    with database.session() as session:
        offers.save(session, Offer(name="A"), "test")
        max_, ann = (reps.by_email(session, f"{one}@example.org").id for one in ("max", "ann"))
    assert "Sold by nobody" in client.get("/offers").text
    at = "/offers/edit?name=A"
    for ticked, names in (([str(max_), str(ann)], ["Ann", "Max"]), ([str(ann)], ["Ann"]), ([], [])):
        assert send(client, "/offers/give", at, name="A", rep=ticked).headers["location"] == "/offers"
        with database.session() as session:
            assert [one.name for one in versions.given(session).get("A", [])] == names
        page = client.get(at).text
        assert re.findall(r'name="rep" value="(\d+)" checked', page) == sorted(ticked, key=[str(ann), str(max_)].index)
    assert send(client, "/offers/give", at, name="B").status_code == 404


def test_a_rep_chooses_among_the_offers_they_sell(enter: Enter, database: Database) -> None:
    client = enter("ann")
    with database.session() as session:
        for name in ("A", "B"):
            offers.save(session, Offer(name=name), "test")
        versions.give(session, "B", [reps.by_email(session, "ann@example.org")])
    assert re.findall(r"<option>(\w)</option>", client.get("/digest").text) == ["B"]
    assert "<option selected>B</option>" in client.get("/ranking").text


def test_reps_read_offers_and_change_none(enter: Enter, database: Database) -> None:
    with database.session() as session:
        offers.save(session, Offer(name="A"), "test")
    client = enter("ann")
    page = client.get("/offers/edit?name=A").text
    assert "Try it" not in page
    key = form_key(page)
    for action in ("try", "save", "give", "restore", "retire"):
        answer = client.post(f"/offers/{action}", data={"key": key, "name": "A", "number": "1"})
        assert answer.status_code == 403
    with database.session() as session:
        assert len(versions.history(session, "A")) == 1
