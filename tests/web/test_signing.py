from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from httpx import Client

from digests.links import Links
from store import users
from store.base import utcnow
from store.database import Database
from tests.support.pages import served
from tests.web.support import LINKS, PASSWORD, add_user, form_key, send, sign_in, site
from web import passwords
from web.app import create_app
from web.signing import MOST_REFUSALS


@pytest.fixture
def client(database: Database) -> Iterator[Client]:
    """The pages, with an administrator and a rep."""
    add_user(database, "ada@x.example", "admin")
    add_user(database, "zoe@x.example", "rep")
    with served(create_app(site(database))) as address, Client(base_url=address) as made:
        yield made


def path(url: str) -> str:
    return url.removeprefix(LINKS.base)


def test_who_is_signed_out_signs_in_and_comes_where_they_wanted(client: Client) -> None:
    answer = client.get("/", params={"day": "1"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/signin?next=%2F%3Fday%3D1"
    answer = sign_in(client, "Zoe@x.example", next="/?day=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?day=1")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert client.get("/").status_code == 200
    assert client.get("/signin").headers["location"] == "/"
    send(client, "/signout", "/")
    assert client.get("/").status_code == 303


@pytest.mark.parametrize("goal", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_no_link_leads_elsewhere_after_signing_in(client: Client, goal: str) -> None:
    assert sign_in(client, "zoe@x.example", next=goal).headers["location"] == "/"


def test_a_new_sign_in_gets_a_token_of_its_own(client: Client) -> None:
    client.get("/signin")
    before = client.cookies["vigie"]
    sign_in(client, "zoe@x.example")
    assert client.cookies["vigie"] != before
    signed_in = client.cookies["vigie"]
    send(client, "/signout", "/")
    client.cookies.set("vigie", signed_in)
    assert client.get("/").status_code == 303


def test_a_form_without_the_visitors_key_changes_nothing(client: Client) -> None:
    key = form_key(client.get("/signin").text)
    fields = {"email": "zoe@x.example", "password": PASSWORD}
    for wrong in ({}, {"key": ""}, {"key": "0" * 64}, {"key": "é"}):
        assert client.post("/signin", data=fields | wrong).status_code == 403
    client.cookies.clear()
    assert client.post("/signin", data=fields | {"key": key}).status_code == 403


def at(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """Let what is asked from now on come from a place."""
    monkeypatch.setattr("web.access.place_of", lambda request: f"ip:{place}")


def test_after_some_refusals_the_right_password_waits_too_but_not_elsewhere(
    client: Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, "192.0.2.1")
    for _ in range(MOST_REFUSALS):
        answer = sign_in(client, "zoe@x.example", "wrong")
        assert answer.status_code == 401
        assert "n'est pas le bon" in answer.text.replace("&#39;", "'")
    assert sign_in(client, "Zoe@x.example").status_code == 429
    assert sign_in(client, "nobody@x.example", "wrong").status_code == 401
    with database.session() as session:
        locked = [(one.who, one.action, one.what) for one in users.audit(session, limit=5)]
        assert locked == [("zoe@x.example", "lock", "ip:192.0.2.1")]
    at(monkeypatch, "192.0.2.2")
    assert sign_in(client, "zoe@x.example").status_code == 303


def test_many_places_lock_nobody_out_of_where_they_are_signed_in(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, "192.0.2.1")
    assert sign_in(client, "zoe@x.example").status_code == 303
    with Client(base_url=client.base_url) as other:
        for number in range(30):
            at(monkeypatch, f"198.51.100.{number}")
            last = sign_in(other, "zoe@x.example", "wrong")
        assert last.status_code == 429
        at(monkeypatch, "192.0.2.1")
        assert sign_in(other, "zoe@x.example").status_code == 303


def test_who_sits_at_the_machine_waits_a_minute_at_most(
    client: Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(MOST_REFUSALS):
        assert sign_in(client, "ada@x.example", "wrong").status_code == 401
    assert sign_in(client, "ada@x.example").status_code == 429
    monkeypatch.setattr("web.signing.utcnow", lambda: utcnow() + timedelta(minutes=1))
    assert sign_in(client, "ada@x.example").status_code == 303


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_of_many_sign_ins_at_once_no_more_are_looked_at_than_of_as_many_in_a_row(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def matches(kept: str, password: str) -> bool:
        looked.append(password)
        time.sleep(0.3)
        return False

    monkeypatch.setattr(passwords, "matches", matches)
    key, cookies = form_key(client.get("/signin").text), dict(client.cookies)

    def attempt(number: int) -> int:
        data = {"email": "zoe@x.example", "password": str(number), "key": key}
        return httpx.post(f"{client.base_url}/signin", data=data, cookies=cookies, timeout=60).status_code

    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(attempt, range(24)))
    assert (answers.count(401), answers.count(429), len(looked)) == (MOST_REFUSALS, 24 - MOST_REFUSALS, MOST_REFUSALS)


def test_an_invited_user_chooses_a_password_once(client: Client, database: Database) -> None:
    with database.session() as session:
        zoe = users.by_email(session, "zoe@x.example")
        invitation = path(LINKS.invitation(zoe.rep_id, zoe.password))
    with Client(base_url=client.base_url) as elsewhere:
        sign_in(elsewhere, "zoe@x.example")
        assert send(client, invitation, invitation, password="short").status_code == 422
        assert send(client, invitation, invitation, password="une phrase tout autre").headers["location"] == "/"
        assert "Zoe" in client.get("/").text
        assert elsewhere.get("/").status_code == 303
    assert client.get(invitation).status_code == 404
    assert client.get(invitation[:-1]).status_code == 404


def test_the_first_who_has_the_code_becomes_administrator(database: Database) -> None:
    fields = {"email": "ada@x.example", "name": "Ada", "password": PASSWORD}
    with served(create_app(site(database))) as address, Client(base_url=address) as client:
        assert client.get("/signin").headers["location"] == "/start"
        assert "Toute l'adresse" not in client.get("/start").text
        assert send(client, "/start", "/start", **fields, code="wrong").status_code == 422
        right = fields | {"code": LINKS.start_code}
        assert send(client, "/start", "/start", **right | {"email": "ada"}).status_code == 422
        assert send(client, "/start", "/start", **right | {"password": "short"}).status_code == 422
        assert send(client, "/start", "/start", **right).headers["location"] == "/setup"
        assert client.get("/").status_code == 200
        client.cookies.clear()
        assert client.get("/start").headers["location"] == "/signin"
        key = form_key(client.get("/signin").text)
        other = right | {"email": "eve@x.example", "key": key}
        assert client.post("/start", data=other).headers["location"] == "/signin"
    with database.session() as session:
        assert [(user.rep.email, user.role) for user in users.everyone(session)] == [("ada@x.example", "admin")]


def test_cookies_go_over_encrypted_connections_only_unless_the_pages_stay_on_this_machine(
    database: Database,
) -> None:
    add_user(database, "ada@x.example", "admin")
    with served(create_app(site(database, Links("https://vigie.x.example", "s")))) as address:
        answer = httpx.get(f"{address}/signin")
        assert "; Secure" in answer.headers["set-cookie"]
        assert "max-age" in answer.headers["strict-transport-security"]


def test_pages_hold_no_inline_script_or_style_and_name_their_policy(client: Client) -> None:
    answer = client.get("/signin")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "<style" not in answer.text
    assert "style=" not in answer.text
    style = answer.text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in client.get(style).headers["cache-control"]
