"""What reps say of signals, and what managers let follow from it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from signals.stories import assign
from store import corrections, reps, verdicts
from store.base import utcnow
from store.database import Database
from store.tables import Signal, Story
from tests.conftest import Tell
from tests.web.conftest import Enter
from tests.web.support import add_user, send

AT = "/leads/verdicts"


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def judged(tell: Tell, database: Database) -> Database:
    """Of 24 openings that were told 8 are of a wrong type, the least sure; two reps say that Velmora is another."""
    now = utcnow()
    for number in range(24):
        tell("opening", f"Velmora ouvre {number}.", now - timedelta(days=2 * number))
    with database.session() as session:
        ann, zoe = (reps.by_email(session, f"{name}@example.org") for name in ("ann", "zoe"))
        for signal in session.scalars(select(Signal)):
            signal.subject, signal.story_id = "Velmora", None
            signal.confidence = 0.6 if signal.id <= 8 else 0.8
            what = "wrong_type" if signal.id <= 8 else "useful"
            reps.give_feedback(session, ann, signal.id, what, now)
        for rep, number in ((ann, 23), (zoe, 24)):
            reps.give_feedback(session, rep, number, "wrong_company", now, "Velmora Football")
    return database


def test_a_manager_refuses_a_name_that_reps_doubt(enter: Enter, judged: Database) -> None:
    client = enter("max")
    text = text_of(client.get(AT).text)
    assert "“Velmora” was taken for Velmora" in text
    assert "2 verdicts against it · meant: Velmora Football" in text
    answer = send(client, "/signals/24/not-company", AT, back="verdicts")
    assert answer.headers["location"] == AT
    assert "No name is doubted." in client.get(AT).text
    with judged.reading() as session:
        assert corrections.refused(session, [1]) == {1: [("velmora", "")]}


def test_a_name_that_is_kept_is_asked_about_again_with_a_new_verdict(enter: Enter, judged: Database) -> None:
    client = enter("max")
    send(client, f"{AT}/keep", AT, signal="24")
    assert "No name is doubted." in client.get(AT).text
    with judged.session() as session:
        rep, later = reps.by_email(session, "ann@example.org"), utcnow() + timedelta(minutes=1)
        reps.give_feedback(session, rep, 22, "wrong_company", later)
    assert "3 verdicts against it" in text_of(client.get(AT).text)
    assert send(client, f"{AT}/keep", AT, signal="99").status_code == 404


def test_a_manager_sets_from_which_confidence_on_a_type_is_told(enter: Enter, judged: Database) -> None:
    client = enter("max")
    assert "64% 14 of 22, 43%–80% 0.8 14 of 14; 0 right ones would be held back" in text_of(client.get(AT).text)
    for wrong in ("viel", "1.4"):
        assert send(client, f"{AT}/threshold", AT, kind="opening", least=wrong).status_code == 422
    assert send(client, f"{AT}/threshold", AT, kind="nothing", least="0.8").status_code == 404
    send(client, f"{AT}/threshold", AT, kind="opening", least="0.7")
    with judged.session() as session:
        assert verdicts.least(session) == {"opening": 0.7}
        session.execute(delete(Signal).where(Signal.id.not_in((1, 24))))
        session.execute(delete(Story))
        session.get_one(Signal, 24).company_id = 2
    assign(judged)
    with judged.reading() as session:
        told = {round(one.confidence, 2): one.published for one in session.scalars(select(Story))}
    assert told == {0.6: False, 0.8: True}
    send(client, f"{AT}/threshold", AT, kind="opening", least="")
    with judged.reading() as session:
        assert verdicts.least(session) == {}


def test_reps_do_not_see_what_others_say(enter: Enter, judged: Database) -> None:
    add_user(judged, "bob@example.org")
    assert enter("bob").get(AT).status_code == 403
    assert AT not in enter("bob").get("/leads").text
