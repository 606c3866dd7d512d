"""Forms that are answered with a page, or come after their sign-in ended."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from httpx import Client
from sqlalchemy import delete, select, update

from store import kept
from store.base import utcnow
from store.database import Database
from store.errors import NotFound
from store.tables import Kept, SignIn, Watchlist
from tests.web.conftest import Enter
from tests.web.support import form_key, send, sign_in


def names(database: Database) -> list[str]:
    with database.session() as session:
        return sorted(one for one in session.scalars(select(Watchlist.name)) if one)


def end_sign_ins(database: Database) -> None:
    with database.session() as session:
        session.execute(delete(SignIn))


def test_a_page_that_answers_a_form_has_an_address_that_only_its_user_can_load_again(enter: Enter) -> None:
    ann = enter("ann")
    key = form_key(ann.get("/watchlists").text)
    at = ann.post("/watchlists", data={"key": key, "name": "Lyon"}).headers["location"]
    answer = ann.post(f"{at}/add", data={"key": key, "names": "Nobody & Sons"})
    assert answer.status_code == 303
    goal = answer.headers["location"]
    for _ in range(2):
        page = ann.get(goal)
        assert page.status_code == 422
        assert "Nobody &amp; Sons</textarea>" in page.text
    assert form_key(page.text) == key
    assert enter("max").get(goal).status_code == 404
    assert ann.get("/answers/nonsense").status_code == 404


def test_what_is_sent_after_the_sign_in_ended_is_done_after_the_next_one(enter: Enter, database: Database) -> None:
    client = enter("ann")
    key = form_key(client.get("/watchlists").text)
    end_sign_ins(database)
    goal = client.post("/watchlists", data={"key": key, "name": "<b>Lyon"}).headers["location"]
    assert goal.startswith("/signin?next=%2Fagain%2F")
    page = client.get(goal).text
    back = re.findall(r'name="next" value="([^"]+)"', page)[0]
    assert sign_in(client, "ann@example.org", next=back).headers["location"] == back
    page = client.get(back).text
    assert '<li class="typed">&lt;b&gt;Lyon</li>' in page
    assert names(database) == []
    assert f'value="{key}"' not in page
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    action = re.findall(r'class="sheet" method="post" action="([^"]+)"', page)[0]
    assert client.post(action, data=fields | {"name": "<b>Lyon"}).status_code == 303
    assert names(database) == ["<b>Lyon"]


def test_a_form_from_before_the_sign_in_is_asked_about(enter: Enter, database: Database) -> None:
    client = enter("ann")
    answer = client.post("/watchlists", data={"key": "old", "name": "Lyon"}, headers={"sec-fetch-site": "same-origin"})
    page = client.get(client.get(answer.headers["location"]).headers["location"]).text
    assert '<li class="typed">Lyon</li>' in page
    assert names(database) == []


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
def test_what_another_site_sends_is_not_kept(enter: Enter, database: Database, site: str) -> None:
    client = enter("ann")
    headers = {"sec-fetch-site": site} if site else {}
    assert client.post("/watchlists", data={"key": "old", "name": "Lyon"}, headers=headers).status_code == 403
    client.cookies.clear()
    answer = client.post("/watchlists", data={"key": "old", "name": "Lyon"}, headers=headers)
    assert answer.status_code == 403
    with database.session() as session:
        assert list(session.scalars(select(Kept))) == []


def test_passwords_and_signing_in_are_not_kept(address: str, database: Database) -> None:
    with Client(base_url=address, headers={"sec-fetch-site": "same-origin"}) as client:
        assert client.post("/signin", data={"key": "old", "email": "a@x.example", "password": "p"}).status_code == 403
        client.post("/watchlists", data={"key": "old", "name": "Lyon", "password": "secret"})
    with database.session() as session:
        assert [one.content["fields"] for one in session.scalars(select(Kept))] == [[["name", "Lyon"]]]


def test_what_is_kept_is_kept_for_an_hour_and_not_without_end(database: Database) -> None:
    now = utcnow()
    with database.session() as session:
        first = kept.keep(session, None, {"n": 0}, now - timedelta(minutes=59))
        assert first
        assert kept.found(session, first, 1, now) == {"n": 0}
        for number in range(kept.MOST_OF_NOBODY - 1):
            assert kept.keep(session, None, {"n": number}, now)
        assert kept.keep(session, None, {}, now) is None
        with pytest.raises(NotFound):
            kept.found(session, first, 1, now + timedelta(minutes=2))
        session.execute(update(Kept).values(kept_at=now))
        assert kept.keep(session, None, {}, now + timedelta(minutes=61))
        assert len(list(session.scalars(select(Kept)))) == 1


def test_what_was_typed_into_a_form_that_cannot_be_read_is_shown(enter: Enter) -> None:
    client = enter("ann")
    page = send(client, "/watchlists", "/watchlists", name="x" * 101)
    assert page.status_code == 422
    assert f'<li class="typed">{"x" * 101}</li>' in page.text
    assert form_key(client.get("/watchlists").text) not in page.text.partition("<main")[2]


def test_sending_an_answered_form_again_needs_no_browser_question(enter: Enter) -> None:
    client = enter("max")
    page = send(client, "/offers/try", "/offers/edit", name="")
    assert page.status_code == 422
    assert page.request.method == "GET"
