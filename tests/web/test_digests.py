from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from signals.stories import assign
from store import reps
from store.base import utcnow
from store.database import Database
from store.reps import Fresh
from store.tables import Release, Rep, Signal
from tests.conftest import Tell
from tests.web.conftest import Enter
from tests.web.support import form_key, send

FIELDS = {
    "at": "08:15",
    "zone": "Europe/London",
    "day": ["mon", "thu"],
    "when_empty": "none",
    "most": "5",
    "language": "fr",
    "offer": "-",
    "subscribed": "true",
}


@pytest.fixture
def told(tell: Tell, database: Database) -> None:
    """One thing to be told, one that is held back as a rumour."""
    tell("hiring", "Velmora <script>recrute</script>.", utcnow() - timedelta(days=1))
    tell("acquired", "Velmora serait racheté.", utcnow() - timedelta(days=1), status="rumoured")
    assign(database, lambda kind, confidence: True)


@pytest.mark.usefixtures("told")
def test_the_preview_is_the_mail_and_keeps_nothing(enter: Enter, database: Database) -> None:
    client = enter("ann")
    answer = client.get("/digest/preview")
    assert "&lt;script&gt;recrute" in answer.text
    assert "<script" not in answer.text
    assert "racheté" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    with database.session() as session:
        assert reps.by_email(session, "ann@example.org").digest_at is None
        assert (
            len(reps.unsent(session, reps.by_email(session, "ann@example.org"), Fresh(utcnow() - timedelta(days=7))))
            == 2
        )


@pytest.mark.usefixtures("told")
def test_what_is_held_back_is_shown_with_why_and_can_be_released(enter: Enter, database: Database) -> None:
    client = enter("ann")
    assert 'href="/digest/held">1 piece of news' in client.get("/digest").text
    assert '<span class="tag">a rumour</span>' in client.get("/digest/held").text
    assert send(client, "/digest/release", "/digest/held", signal="2").headers["location"] == "/digest/held"
    assert "racheté" in client.get("/digest/preview").text
    assert "Nothing is held back" in client.get("/digest/held").text
    assert send(client, "/digest/release", "/digest/held", signal="99").status_code == 404
    with database.session() as session:
        assert [one.signal_id for one in session.scalars(select(Release))] == [2]
        assert session.get_one(Signal, 2).status == "rumoured"


def test_what_the_mail_had_no_room_for_is_one_click_away(tell: Tell, enter: Enter, database: Database) -> None:
    kinds = ("hiring", "appointment", "investment")
    for kind in kinds:
        tell(kind, f"Velmora fait {kind}.", utcnow() - timedelta(days=1))
    assign(database, lambda kind, confidence: True)
    client = enter("ann")
    with database.session() as session:
        rep = reps.by_email(session, "ann@example.org")
        rep.most = 1
    mail = client.get("/digest/preview").text
    at = re.search(r'<a href="[^"]*(/digest/held)"[^>]*>2 more news items are held back: see them</a>', mail)
    assert at
    with database.session() as session:
        rep = reps.by_email(session, "ann@example.org")
        told, *held = session.scalars(select(Signal).order_by(Signal.id))
        reps.record_sent(session, rep, [told], utcnow(), held)
    page = client.get(at[1]).text
    assert [kind for kind in kinds if f"Velmora fait {kind}." in page] == ["appointment", "investment"]


def test_when_and_how_the_mail_comes_is_set(tell: Tell, enter: Enter, database: Database) -> None:
    client = enter("ann")
    key = form_key(client.get("/digest").text)
    assert client.post("/digest/settings", data=FIELDS | {"key": key}).headers["location"] == "/digest"
    with database.session() as session:
        rep = reps.by_email(session, "ann@example.org")
        found = (rep.digest_time, rep.zone, rep.days, rep.when_empty, rep.most, rep.language, rep.offer)
    assert found == ("08:15", "Europe/London", "mon,thu", "none", 5, "fr", "-")
    page = client.get("/digest").text
    assert '<html lang="fr">' in page
    assert "08:15 (Europe/London)" in page
    assert 'value="thu" checked' in page
    assert 'value="tue">' in page
    client.post(
        "/digest/settings", data={name: value for name, value in FIELDS.items() if name != "subscribed"} | {"key": key}
    )
    assert "Aucun courriel" in client.get("/digest").text


@pytest.mark.parametrize(
    "wrong", [{"at": "25:00"}, {"zone": "Mars/Olympus"}, {"day": []}, {"most": "0"}, {"offer": "x"}]
)
def test_settings_that_are_none_change_nothing(
    tell: Tell, enter: Enter, database: Database, wrong: dict[str, object]
) -> None:
    client = enter("ann")
    key = form_key(client.get("/digest").text)
    answer = client.post("/digest/settings", data=FIELDS | wrong | {"key": key})
    assert answer.status_code in (404, 422)
    with database.session() as session:
        rep = reps.by_email(session, "ann@example.org")
        assert (rep.digest_time, rep.most) == ("", 30)


def test_saving_lets_mails_go_again_to_an_address_that_returned_them(
    tell: Tell, enter: Enter, database: Database
) -> None:
    with database.session() as session:
        reps.by_email(session, "ann@example.org").bounces = Rep.MOST_BOUNCES
    client = enter("ann")
    page = client.get("/digest").text
    assert "returns its mails" in page
    client.post("/digest/settings", data=FIELDS | {"key": form_key(page), "language": "en"})
    assert "The next one leaves on" in client.get("/digest").text
