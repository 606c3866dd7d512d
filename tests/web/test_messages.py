"""What was done is said once, can be taken back, and is not done again by going back or loading again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from httpx import Client
from sqlalchemy import func, select

from signals.stories import assign
from store.base import utcnow
from store.database import Database
from store.tables import ApiToken, Feedback, Reading, Watched
from tests.conftest import Tell
from tests.web.conftest import Enter
from tests.web.support import form_key, send


def undo(client: Client, at: str) -> str:
    """Press the button of the message on a page; returns where it stands."""
    page = client.get(at).text
    form = re.search(r'<form class="said" role="status" method="post" action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    assert form
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form[2]):
        fields.setdefault(name, []).append(value)
    assert client.post(form[1], data=fields).status_code == 303
    assert 'class="said"' not in client.get(at).text
    return form[2]


@pytest.fixture
def told(tell: Tell, database: Database) -> None:
    tell("hiring", "Velmora recrute.", utcnow() - timedelta(days=1))
    tell("opening", "Velmora ouvre.", utcnow() - timedelta(days=1))
    assign(database, lambda kind, confidence: True)


def count(database: Database, table: type) -> int:
    with database.session() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.usefixtures("told")
def test_what_was_marked_as_read_is_unread_again(enter: Enter, database: Database) -> None:
    client = enter("ann")
    numbers = re.findall(r'name="signal" value="(\d+)"', client.get("/").text)
    key = form_key(client.get("/").text)
    assert client.post("/read", data={"key": key, "signal": numbers}).headers["location"] == "/"
    assert count(database, Reading) == 2
    assert "Marked as read." in undo(client, "/")
    assert count(database, Reading) == 0


@pytest.mark.usefixtures("told")
def test_a_verdict_is_taken_back_to_what_was_said_before(enter: Enter, database: Database) -> None:
    client, at = enter("ann"), "/signals/1"
    said = []
    for verdict in ("useful", "old"):
        send(client, f"{at}/verdict", at, verdict=verdict)
        with database.session() as session:
            said.append(session.scalars(select(Feedback.verdict)).all())
    assert said == [["useful"], ["old"]]
    undo(client, at)
    with database.session() as session:
        assert session.scalars(select(Feedback.verdict)).all() == ["useful"]
    send(client, f"{at}/verdict/undo", at, before="")
    assert count(database, Feedback) == 0


@pytest.mark.usefixtures("told")
def test_what_was_taken_off_lists_is_put_back(enter: Enter, database: Database) -> None:
    client = enter("ann")
    before = count(database, Watched)
    send(client, "/companies/1/unwatch", "/companies/1")
    assert count(database, Watched) == before - 1
    undo(client, "/companies/1")
    assert count(database, Watched) == before
    with database.session() as session:
        number = session.scalars(select(Watched.watchlist_id).order_by(Watched.watchlist_id.desc())).first()
    at = f"/watchlists/{number}"
    send(client, f"{at}/drop", at, company="1")
    assert count(database, Watched) == before - 1
    undo(client, at)
    assert count(database, Watched) == before


def test_a_message_that_nobody_here_wrote_is_not_said(enter: Enter) -> None:
    client = enter("ann")
    client.cookies.set("vigie_said", '{"text": "<b>x</b>", "code": "", "undo": "/signout", "fields": {}}')
    assert 'class="said"' not in client.get("/").text


def test_a_token_is_made_once_however_often_the_page_is_loaded(enter: Enter, database: Database) -> None:
    client = enter("ann")
    answer = send(client, "/tokens", "/tokens", name="essai", scope="read")
    assert answer.status_code == 303
    assert "vigie_" in client.get("/tokens").text
    assert "<code>vigie_" not in client.get("/tokens").text
    assert count(database, ApiToken) == 1
