from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from httpx import Client

from store.database import Database
from tests.support.demo import served_demo
from tests.support.pages import served
from tests.web.support import add_user, form_key, sign_in, site
from web.app import create_app

Enter = Callable[[str], Client]
Ask = Callable[..., Client]


@pytest.fixture
def address(database: Database) -> Iterator[str]:
    """The pages of an installation with a user of each role: ann (rep), max (manager) and ada (admin)."""
    for email, role in (("ann@example.org", "rep"), ("max@example.org", "manager"), ("ada@example.org", "admin")):
        add_user(database, email, role)
    with served(create_app(site(database))) as where:
        yield where


@pytest.fixture
def enter(address: str) -> Iterator[Enter]:
    """A browser in which a user is signed in."""
    opened: list[Client] = []

    def enter(name: str) -> Client:
        client = Client(base_url=address, timeout=60)  # the first text that is read loads the models
        opened.append(client)
        assert sign_in(client, f"{name}@example.org").status_code == 303
        return client

    yield enter
    for client in opened:
        client.close()


@pytest.fixture
def ask(address: str, enter: Enter) -> Iterator[Ask]:
    """A program with a token for some scopes: of ann's, or of another user's."""
    opened: list[Client] = []

    def ask(*scopes: str, of: str = "ann") -> Client:
        client = enter(of)
        key = form_key(client.get("/tokens").text)
        client.post("/tokens", data={"key": key, "name": "test", "scope": list(scopes)})
        found = re.search(r"<code>(vigie_[\w-]+)</code>", client.get("/tokens").text)
        assert found
        headers = {"Authorization": f"Bearer {found[1]}"}
        opened.append(Client(base_url=f"{address}/api/v1", headers=headers, timeout=60))
        return opened[-1]

    yield ask
    for one in opened:
        one.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Database]]:
    """The pages of the demonstration after a morning's work, whose team has three months of it behind it."""
    with served_demo(tmp_path_factory.mktemp("pages")) as made:
        yield made
