"""The page of sources: an address is looked at, what is found there is chosen, read, hurried and dropped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from store import sources
from store.base import utcnow
from store.database import Database
from store.sources import SourceEntry
from store.tables import Source
from tests.support.press import Answer, Press, serving
from tests.web.conftest import Enter
from tests.web.support import send

FEED = "https://journal.example/rss"
AT = "/admin/sources"


@pytest.fixture
def press() -> Iterator[Press]:
    with serving() as server:
        yield server


def active(database: Database) -> dict[str, str]:
    with database.session() as session:
        return {one.url: one.origin for one in sources.active(session)}


def test_sources_are_added_hurried_and_dropped(enter: Enter, database: Database) -> None:
    with database.session() as session:
        sources.synchronise(session, [SourceEntry("https://config.example/rss", "Config <b>")])
    client, at = enter("ada"), "/admin/sources"
    assert send(client, at, at, chosen=f"feed {FEED}#x", name="Journal").headers["location"] == at
    assert active(database) == {"https://config.example/rss": "config", FEED: "person"}
    answer = send(client, at, at, chosen=f"feed {FEED}", name="Again")
    assert answer.status_code == 422
    assert "This address is read already." in answer.text
    for wrong in ("file:///etc/passwd", "javascript:alert(1)", "https://user:pass@x.example/", "nonsense"):
        assert "Write a web address" in send(client, at, at, chosen=f"feed {wrong}", name="Wrong").text
    assert send(client, at, at, chosen=f"companies {FEED}2", name="Wrong").status_code == 422
    page = client.get(at).text
    assert "Config &lt;b&gt;" in page
    assert page.count("/admin/sources/drop") == 1
    with database.session() as session:
        number = session.scalars(select(Source.id).where(Source.url == FEED)).one()
        session.get_one(Source, number).due_at = utcnow() + timedelta(days=1)
    assert send(client, f"{at}/read", at, number=str(number)).headers["location"] == at
    with database.session() as session:
        assert session.get_one(Source, number).due_at <= utcnow()
    assert send(client, f"{at}/drop", at, number=str(number)).headers["location"] == at
    assert send(client, f"{at}/drop", at, number="1").status_code == 409
    assert send(client, f"{at}/read", at, number="99").status_code == 404
    assert active(database) == {"https://config.example/rss": "config"}


def test_the_configuration_leaves_alone_what_people_added(database: Database) -> None:
    with database.session() as session:
        sources.add(session, SourceEntry(FEED, "Journal"))
        sources.synchronise(session, [])
    assert active(database) == {FEED: "person"}
    with database.session() as session:
        sources.synchronise(session, [SourceEntry(FEED, "Journal")])
        sources.synchronise(session, [])
    assert active(database) == {}


def test_failing_sources_come_first_with_their_error(enter: Enter, database: Database) -> None:
    with database.session() as session:
        for name in "ab":
            sources.add(session, SourceEntry(f"https://{name}.example/rss", name))
        failing = sources.active(session)[1]
        failing.error, failing.failures = "404 <Not Found>", 3
    page = enter("ada").get("/admin/sources").text
    assert page.index("b.example") < page.index("a.example")
    assert "404 &lt;Not Found&gt; (3 times in a row)" in page
    assert "1 fails" in enter("ada").get("/admin").text


def test_what_can_be_read_at_an_address_is_found_and_chosen(enter: Enter, database: Database, press: Press) -> None:
    links = "".join(f'<li><a href="/cp/{n}">Un communiqué de plus, le {n}</a></li>' for n in range(3))
    head = '<link rel="alternate" type="application/rss+xml" href="/rss">'
    press.answers["/"] = Answer(f"<html><head>{head}</head><body><ul>{links}</ul></body></html>".encode())
    press.rss("/rss", ("/a", "Forges &lt;b&gt;Amblard"), ("/b", "&lt;script&gt;alert(1)&lt;/script&gt;"))
    client = enter("ada")
    page = send(client, f"{AT}/find", AT, url=press.address).text
    assert f'value="feed {press.address}/rss" required checked' in page
    assert f'value="newsroom {press.address}/" required' in page
    assert "Un communiqué de plus, le 2" in page
    assert "Amblard" in page
    assert "<script>alert" not in page
    assert active(database) == {}
    assert send(client, AT, AT, chosen=f"newsroom {press.address}/", name="Amblard").status_code == 303
    with database.session() as session:
        assert [(one.name, one.kind) for one in sources.active(session)] == [("Amblard", "newsroom")]


def test_what_is_not_there_is_said(enter: Enter, database: Database, press: Press) -> None:
    client = enter("ada")
    answer = send(client, f"{AT}/find", AT, url=f"{press.address}/nowhere")
    assert answer.status_code == 422
    assert "Nothing that can be read is found there. (the server answered 404)" in answer.text
    assert f'value="{press.address}/nowhere"' in answer.text
    assert "Write a web address" in send(client, f"{AT}/find", AT, url="file:///etc/passwd").text
    refused = send(client, f"{AT}/find", AT, url="http://10.0.0.1/")
    assert "private address" in refused.text
    assert enter("max").post(f"{AT}/find", data={"url": press.address}).status_code == 403
