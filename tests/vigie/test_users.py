"""The commands on users."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from store import users
from store.database import Database
from tests.support.pages import served
from tests.vigie.support import vigie_here
from tests.web.support import send, sign_in
from vigie.pages import site_of
from vigie.settings import load
from web.app import create_app

EMAIL = "lea@example.org"


def test_a_user_is_added_chooses_a_password_and_is_let_go(file: Path, tmp_path: Path) -> None:
    config = ("--config", str(file))
    done = vigie_here("users", "add", EMAIL, "--name", "Léa", "--role", "manager", *config)
    invitation = re.search(r"http://127.0.0.1:8000(/password/\S+)", done.stdout)
    assert invitation, done.stderr
    assert "no password yet" in vigie_here("users", "list", *config).stdout
    database = Database(f"sqlite:///{tmp_path / 'var/vigie.db'}")
    with served(create_app(site_of(load(file), database))) as address, httpx.Client(base_url=address) as client:
        assert send(client, invitation[1], invitation[1], password="une phrase assez longue").status_code == 303
        assert client.get("/").status_code == 200
        listed = vigie_here("users", "list", *config).stdout
        assert "manager" in listed
        assert "Léa" in listed
        assert vigie_here("users", "disable", EMAIL, *config).returncode == 0
        assert client.get("/").status_code == 303
        assert "disabled" in vigie_here("users", "list", *config).stdout
    database.close()


def test_a_password_is_set_from_a_pipe_and_ends_the_lock(file: Path, tmp_path: Path) -> None:
    config = ("--config", str(file))
    assert vigie_here("users", "add", EMAIL, *config).returncode == 0
    database = Database(f"sqlite:///{tmp_path / 'var/vigie.db'}")
    with served(create_app(site_of(load(file), database))) as address, httpx.Client(base_url=address) as client:
        with database.session() as session:
            users.save(session, users.by_email(session, EMAIL).rep, "admin")  # or the first page makes one
        for _ in range(5):
            sign_in(client, EMAIL, "wrong")
        assert sign_in(client, EMAIL, "wrong").status_code == 429
        assert vigie_here("users", "password", EMAIL, *config, given="court\n").returncode == 2
        assert vigie_here("users", "password", EMAIL, *config, given="une phrase assez longue\n").returncode == 0
        assert sign_in(client, EMAIL, "une phrase assez longue").status_code == 303
    database.close()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "lea"), "is not a mail address"),
        (("add", EMAIL, "--language", "de"), "fr or en"),
        (("disable", EMAIL), "vigie users add"),
        (("password", EMAIL), "vigie users add"),
    ],
)
def test_what_cannot_be_done_says_why(file: Path, arguments: tuple[str, ...], said: str) -> None:
    done = vigie_here("users", *arguments, "--config", str(file))
    assert done.returncode != 0
    assert said in done.stderr
