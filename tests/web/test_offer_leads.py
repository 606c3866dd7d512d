"""The contract of an offer and the rules for its leads, in their form."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leads import offers as sold
from leads.offers import Offer
from store import leads, offers, reps
from store.base import utcnow
from store.database import Database
from store.tables import Lead
from tests.conftest import Tell
from tests.web.conftest import Enter
from tests.web.support import send

AT = "/offers/leads?name=Fibre"
CONTRACT: dict[str, str | list[str]] = {
    "name": "Fibre",
    "counts": "Un projet de fibre",
    "weekly": "5",
    "accept_hours": "12,5",
    "act_hours": "48",
    "grace_hours": "2",
    "opens": "08:30",
    "closes": "17:30",
    "zone": "Europe/Brussels",
    "returns": ["postponed", "duplicate"],
    "days_opportunity": "90",
    "cost_inside": "40",
}
POINTS: dict[str, str | list[str]] = {
    "points": "meeting = 20\nnot_reached = -2,5 x 3\n\nmail_opened=3",
    "silence_days": "30",
    "silence_points": "-10",
    "silence_times": "",
    "decay_after": "14",
    "decay_week": "2",
    "minimum": "-20",
    "comes_back": "12,5",
}
RULE = {
    **{f"rule_{name}": "" for name in ("name", "kind", "origin", "min_points", "customer", "channels", "team")},
    **{f"rule_{name}": "" for name in ("skills", "reps", "company", "territory", "order")},
    "rule_choose": "load",
}


def rules(*given: dict[str, str]) -> dict[str, str | list[str]]:
    """The fields of several rules, as a browser sends them."""
    all_of_them = [RULE | {f"rule_{name}": value for name, value in one.items()} for one in given]
    return {name: [one[name] for one in all_of_them] for name in RULE}


@pytest.fixture
def fibre(tell: Tell, database: Database) -> Database:
    """An offer that Ann sells, and a lead of hers."""
    with database.session() as session:
        offers.add(session, "Fibre", {"name": "Fibre", "opens_leads": True}, source="page", author="ada")
        ann = reps.by_email(session, "ann@example.org")
        offers.give(session, "Fibre", [ann, reps.by_email(session, "zoe@example.org")])
        one = Lead(company_id=1, offer="Fibre", stage="sales_accepted", origin="page", owner_id=ann.id)
        one.opened_at = utcnow() - timedelta(days=3)
        leads.add(session, one, ann.email)
    return database


def held(database: Database) -> Offer:
    with database.reading() as session:
        return sold.named(session, "Fibre")


def test_a_manager_tries_rules_and_lets_them_hold(enter: Enter, fibre: Database) -> None:
    client = enter("max")
    assert 'name="accept_hours" inputmode="decimal" value="24"' in client.get(AT).text
    two = rules(
        {"order": "2", "choose": "turn", "territory": "be, 69"},
        {"order": "1", "name": "Zoé d'abord", "reps": "zoe@example.org", "company": "department=69", "min_points": "0"},
        {"name": "pas gardée"},
    )
    page = send(client, "/offers/leads/try", AT, **CONTRACT, **two).text
    assert "1 lead of the last 90 days" in page
    assert "Rule 1 (Zoé d&#39;abord), the only one it is for" in page
    assert held(fibre).routing == ()
    send(client, "/offers/leads/save", AT, **CONTRACT, **two, note="essai")
    offer = held(fibre)
    assert [(one.name, one.territory, one.choose) for one in offer.routing] == [
        ("Zoé d'abord", (), "load"),
        ("", ("BE", "69"), "turn"),
    ]
    contract = offer.contract
    assert (contract.accept_hours, contract.weekly, contract.returns) == (12.5, 5, ("postponed", "duplicate"))
    assert contract.stage_days == {"opportunity": 90}
    assert offer.channel_costs == {"inside": 40.0}
    assert offer.opens_leads
    page = client.get(AT).text
    assert 'name="rule_company" value="department=69"' in page
    assert 'value="12.5"' in page
    form = {"name": "Fibre", "fit": "40", "timing": "5", "territory": "69"}
    send(client, "/offers/save", "/offers/edit?name=Fibre", **form)
    assert held(fibre).territory == ("69",)
    assert held(fibre).routing == offer.routing  # what the other form holds is kept
    assert held(fibre).contract == contract


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"accept_hours": "beaucoup"}, "accept_hours"),
        ({"zone": "Europe/Lyon"}, "Europe/Lyon"),
        ({"opens": "19:00"}, "must come before"),
        (rules({"order": "1", "company": "taille=5"}), "taille=5"),
        (rules({"order": "1", "channels": "pigeon"}), "channels"),
        (rules({"order": "1", "territory": "Lyon"}), "territory"),
        ({"cost_web": "-1"}, "channel_costs"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_saved(
    enter: Enter, fibre: Database, wrong: dict[str, str | list[str]], said: str
) -> None:
    client = enter("max")
    before = held(fibre)
    for action in ("try", "save"):
        answer = send(client, f"/offers/leads/{action}", AT, **{**CONTRACT, **wrong})
        assert answer.status_code == 422
        assert said in answer.text
        assert "Un projet de fibre" in answer.text
    assert held(fibre) == before


def test_a_rep_reads_the_contract(enter: Enter, fibre: Database) -> None:
    client = enter("ann")
    page = client.get(AT).text
    assert "Managers change offers." in page
    assert "Try it on" not in page
    assert client.get("/offers/leads?name=Rien").status_code == 404


def test_points_for_what_happens_are_saved_and_stand_on_the_lead(enter: Enter, fibre: Database) -> None:
    client = enter("max")
    send(client, "/offers/leads/save", AT, **CONTRACT, **rules(), **POINTS)
    scoring = held(fibre).scoring
    assert [(one.event, one.points, one.times) for one in scoring.rules] == [
        ("meeting", 20, None),
        ("not_reached", -2.5, 3),
        ("mail_opened", 3, None),
    ]
    assert scoring.silence is not None
    assert (scoring.silence.days, scoring.silence.points, scoring.silence.times) == (30, -10, 1)
    assert scoring.decay is not None
    assert (scoring.decay.after_days, scoring.decay.a_week, scoring.minimum, scoring.comes_back) == (14, 2, -20, 12.5)
    page = client.get(AT).text
    assert "meeting = 20\nnot_reached = -2.5 x 3\nmail_opened = 3</textarea>" in page
    send(client, "/leads/1/call", "/leads/1", result="meeting")
    send(client, "/leads/1/call", "/leads/1", result="not_reached")
    page = client.get("/leads/1").text
    assert 'Points <span class="faint">+17.5</span>' in page
    assert "Call: meeting agreed" in page
    send(client, "/offers/save", "/offers/edit?name=Fibre", name="Fibre", fit="40", timing="5")
    assert held(fibre).scoring == scoring  # another form leaves it as it is


def test_a_rule_is_for_reps_that_there_are(enter: Enter, fibre: Database) -> None:
    client = enter("max")
    wrong = rules({"order": "1", "reps": "ann@example.org, ida@example.org"})
    answer = send(client, "/offers/leads/save", AT, **CONTRACT, **wrong)
    assert answer.status_code == 422
    assert "there is no rep ida@example.org" in answer.text
    assert not held(fibre).routing
    send(client, "/offers/leads/save", AT, **CONTRACT, **rules({"order": "1", "reps": "ann@example.org"}))
    assert [one.reps for one in held(fibre).routing] == [("ann@example.org",)]


def test_points_that_cannot_be_read_are_refused_and_nothing_is_saved(enter: Enter, fibre: Database) -> None:
    client = enter("max")
    for wrong in ({"points": "Le mail = 3"}, {"points": "meeting"}, {"silence_days": "viel"}, {"decay_week": "2"}):
        answer = send(client, "/offers/leads/save", AT, **CONTRACT, **rules(), **({"points": ""} | wrong))
        assert answer.status_code == 422, wrong
        assert "cannot be read" in answer.text
    assert not held(fibre).scoring
