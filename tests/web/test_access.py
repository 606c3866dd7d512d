"""Every route as every role, and signed out."""

from __future__ import annotations

import pytest
from fastapi.routing import APIRoute
from httpx import Client

from tests.web.conftest import Enter
from tests.web.support import form_key
from web.app import ROUTERS

ROLES = ("rep", "manager", "admin")
NAMES = {"rep": "ann", "manager": "max", "admin": "ada"}
PUBLIC = ("/signin", "/signout", "/start", "/password/", "/unsubscribe/", "/feedback/", "/take/", "/rss/", "/static")
MANAGERS = {("POST", f"/offers/{action}") for action in ("try", "save", "give", "restore", "retire")}
MANAGERS |= {("POST", f"/offers/leads/{action}") for action in ("try", "save")}
MANAGERS |= {("GET", "/leads/team"), ("POST", "/leads/team/1/profile")}
MANAGERS |= {
    ("POST", "/leads/definitions"),
    ("GET", "/leads/verdicts"),
    ("POST", "/leads/verdicts/keep"),
    ("POST", "/leads/verdicts/threshold"),
}
MANAGERS |= {(method, "/offers/suggestions") for method in ("GET", "POST")}
MANAGERS.add(("POST", "/signals/1/not-company"))


def lowest(method: str, path: str) -> str | None:
    """The lowest role that a route is for; None: nobody need be signed in."""
    if path.startswith(PUBLIC):
        return None
    if path.startswith(("/admin", "/setup")):
        return "admin"
    return "manager" if (method, path) in MANAGERS else "rep"


def routes() -> list[tuple[str, str]]:
    found = []
    for route in (one for router in ROUTERS for one in router.routes):
        if isinstance(route, APIRoute):
            path = route.path.replace("{number}", "1").replace("{token}", "x").replace("{kind}", "csv")
            found += [(method, path) for method in sorted((route.methods or set()) - {"HEAD"})]
    return [(method, path) for method, path in found if lowest(method, path) is not None]


def leads_to_sign_in(client: Client, method: str, path: str) -> bool:
    answer = client.request(method, path)
    return answer.status_code == 303 and answer.headers["location"].startswith("/signin")


def test_who_is_signed_out_reaches_nothing(address: str) -> None:
    with Client(base_url=address) as client:
        key = form_key(client.get("/signin").text)
        for method, path in routes():
            if method == "GET":
                assert leads_to_sign_in(client, method, path), path
            else:
                assert client.post(path).status_code in (303, 403), path
                answer = client.post(path, data={"key": key})
                assert answer.headers.get("location", "") == "/signin?next=%2F", path


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_it_is_for(enter: Enter, role: str) -> None:
    client = enter(NAMES[role])
    key = form_key(client.get("/watchlists").text)
    found = routes()
    assert len(found) > 40
    for method, path in found:
        if path == "/admin/users/disable":  # would let the one who asks go
            continue
        needed = lowest(method, path)
        assert needed is not None
        answer = client.request(method, path, data={"key": key} if method == "POST" else None)
        assert (answer.status_code == 403) == (ROLES.index(role) < ROLES.index(needed)), (method, path)
        assert answer.status_code < 500, (method, path)


def test_every_form_that_changes_something_needs_its_key(enter: Enter) -> None:
    client = enter("ada")
    for method, path in routes():
        if method == "POST":
            for data in ({}, {"key": "0" * 64}):
                assert client.post(path, data=data).status_code == 403, path


def test_routes_that_change_something_are_never_asked_by_get() -> None:
    methods: dict[str, set[str]] = {}
    for method, path in routes():
        methods.setdefault(path, set()).add(method)
    assert all(some <= {"GET", "POST"} for some in methods.values())


def test_head_is_answered_as_get_is_without_a_body(enter: Enter) -> None:
    client = enter("ada")
    for path in ("/", "/ranking", "/search", "/admin/sources", "/api/v1/openapi.json"):
        answer, whole = client.head(path), client.get(path)
        assert (answer.status_code, answer.content) == (whole.status_code, b"")
    with Client(base_url=client.base_url) as other:
        assert other.head("/").status_code == 303


@pytest.mark.parametrize("number", ["99999999999999999999", "9223372036854775808", "9223372036854775807", "4294967296"])
def test_a_number_that_is_too_large_is_no_such_page(enter: Enter, number: str) -> None:
    client = enter("ada")
    for path in ("/signals/{}", "/companies/{}", "/watchlists/{}", "/import?number={}", "/watchlists/{}/export.csv"):
        assert client.get(path.format(number)).status_code == 404, path
    key = form_key(client.get("/watchlists").text)
    answer = client.post(f"/signals/{number}/verdict", data={"key": key, "verdict": "useful"})
    assert answer.status_code == 404
