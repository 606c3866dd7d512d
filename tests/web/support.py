"""An installation for tests of the pages."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from httpx import Client, Response

from digests.headers import address
from digests.links import Links
from digests.sender import Sender
from signals.types import default_taxonomy
from store import reps, users
from store.database import Database
from vigie.pages import PageJobs
from vigie.settings import CrawlSettings, Settings
from web.site import Site

LINKS = Links("http://127.0.0.1", "secret")
_CRAWL = CrawlSettings(allow_loopback=True, delay_seconds=0, retries=0)
PASSWORD = "quatre mots bien longs"


def site(database: Database, links: Links = LINKS) -> Site:
    """An installation on a database; its days are those of UTC, in which the tests tell when things were published."""
    folder = Path(str(database.url.database)).parent
    sender = Sender(address("vigie@x.example", "Vigie"), default_taxonomy(), links, timedelta(days=7), zone="UTC")
    return Site(database, sender, PageJobs(Settings(data=folder, crawl=_CRAWL), database))


def add_user(database: Database, email: str, role: str = "rep", language: str = "en") -> None:
    """A user who may sign in with `PASSWORD`."""
    with database.session() as session:
        user = users.save(session, reps.save(session, email, email.split("@")[0].title(), language), role)
        user.password = _hash()


@cache
def _hash() -> str:
    """One that is looked at quickly: those that the pages make are slow by design."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def form_key(page: str) -> str:
    """The key that the forms of a page hold."""
    found = re.search(r'name="key" value="(\w+)"', page)
    assert found, page
    return found[1]


def send(client: Client, path: str, at: str, **fields: str | list[str]) -> Response:
    """Send a form as it stands on a page; a page that answers it is loaded from its own address."""
    return answered(client, client.post(path, data=fields | {"key": form_key(client.get(at).text)}))


def answered(client: Client, answer: Response) -> Response:
    """The page that answers a form, where it is one; any other answer as it is."""
    goal = answer.headers.get("location", "")
    return client.get(goal) if goal.startswith("/answers/") else answer


def sign_in(client: Client, email: str, password: str = PASSWORD, next: str = "/") -> Response:
    """Sign in by the form."""
    return send(client, "/signin", "/signin", email=email, password=password, next=next)
