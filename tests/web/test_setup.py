from __future__ import annotations

from leads import offers
from store.database import Database
from tests.web.conftest import Enter
from tests.web.support import send


def test_an_offer_is_made_of_a_few_answers(enter: Enter, database: Database) -> None:
    client, at = enter("ada"), "/setup"
    answers = {"name": "Robots", "naf": "25, 28.41", "place": "69", "least": "50", "most": ""}
    assert send(client, "/setup/offer", at, **answers).headers["location"] == "/setup?step=companies"
    with database.session() as session:
        (offer,) = offers.current(session)
    asked = [(one.criterion, one.values, one.min, one.points) for one in offer.fit]
    assert asked == [
        ("naf", ("25", "28.41"), None, 30),
        ("headcount", (), 50, 20),
        ("department", ("69",), None, 10),
    ]
    assert offer.thresholds.fit == 50
    assert "1. What you sell ✓" in client.get(at).text
    for wrong in ({"name": ""}, {"least": "many"}):
        answer = send(client, "/setup/offer", at, **answers | wrong)
        assert answer.status_code == 422
        assert "Give the offer a name" in answer.text


def test_every_step_can_be_skipped(enter: Enter) -> None:
    client = enter("ada")
    for step, following in (("offer", "companies"), ("companies", "sources"), ("sources", "mail")):
        assert f'href="/setup?step={following}"' in client.get(f"/setup?step={step}").text
    assert '<a class="button plain" href="/">Done</a>' in client.get("/setup?step=mail").text
    assert client.get("/setup?step=other").status_code == 422
