"""What the links in mails do: nothing when they are only opened."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from httpx import Client
from sqlalchemy import select, text

from digests.links import Links
from store import offers, users
from store.base import utcnow
from store.database import Database
from store.tables import Company, Document, Feedback, Lead, Rep, Signal, Source
from tests.support.pages import served
from tests.web.support import site
from web.app import create_app

LINKS = Links("http://vigie.test", "secret")


@pytest.fixture
def client(database: Database) -> Iterator[Client]:
    """The pages on a database with two reps and a signal."""
    with database.session() as session:
        session.add_all(Rep(email=f"{name}@x.example", name=name, language=name) for name in ("fr", "en"))
        document = Document(source=Source(url="http://x", name="x"), url="http://x/1", title="Tavel <b>", text="")
        signal = Signal(
            document=document, company=Company(name="Tavel & Fils"), type="hiring", families=[], status="done"
        )
        signal.sentence, signal.start, signal.end, signal.slots = "Tavel <b>recrute</b>", 0, 5, {}
        signal.published_at, signal.confidence, signal.version = utcnow(), 0.9, "v"
        session.add(signal)
    with served(create_app(site(database, LINKS))) as address, Client(base_url=address) as made:
        yield made


def path(url: str) -> str:
    return url.removeprefix("http://vigie.test")


def subscribed(database: Database) -> list[bool]:
    with database.session() as session:
        return list(session.scalars(select(Rep.subscribed).order_by(Rep.id)))


def test_opening_the_address_ends_nothing_and_one_click_does(client: Client, database: Database) -> None:
    address = path(LINKS.unsubscribe(1))
    for method in ("GET", "HEAD", "GET", "HEAD"):
        assert client.request(method, address).status_code == 200
    assert subscribed(database) == [True, True]
    page = client.get(address).text
    assert f'<form method="post" action="{address}"' in page
    assert "Ne plus recevoir ces courriels" in page
    for _ in range(2):
        answer = client.post(address, data={"List-Unsubscribe": "One-Click"}, follow_redirects=False)
        assert answer.status_code == 200
        assert subscribed(database) == [False, True]
    assert "ne reçoit plus de courriels" in answer.text
    assert client.post(f"{address}/undo").headers["location"] == address
    assert subscribed(database) == [True, True]
    assert client.post(address, data={"button": "yes"}).headers["location"] == address
    assert "ne reçoit plus de courriels" in client.get(address).text


def test_feedback_waits_to_be_sent_and_the_last_one_holds(client: Client, database: Database) -> None:
    def given() -> list[str]:
        with database.session() as session:
            return list(session.scalars(select(Feedback.verdict)))

    address = path(LINKS.feedback(2, 1))
    page = client.get(f"{address}?verdict=old").text
    assert 'value="old" required checked' in page
    assert "Tavel &amp; Fils" in page
    assert "&lt;b&gt;recrute" in page
    client.head(f"{address}?verdict=useful")
    assert given() == []
    for verdict in ("old", "wrong_company"):
        assert client.post(address, data={"verdict": verdict}).headers["location"] == address
        assert "Thank you" in client.get(address).text
    assert given() == ["wrong_company"]
    assert "Which company is meant?" in client.get(address).text
    assert client.post(f"{address}/meant", data={"name": "Tavelle"}).headers["location"] == address
    assert "You say that Tavelle is meant." in client.get(address).text
    assert client.post(address, data={"verdict": "nonsense"}).status_code == 422
    assert client.post(address).status_code == 422
    assert given() == ["wrong_company"]


@pytest.mark.parametrize("place", [0, 2, 5, 20, -1])
def test_an_address_that_was_changed_is_refused(client: Client, database: Database, place: int) -> None:
    address = path(LINKS.unsubscribe(1))
    place %= len(address.rsplit("/", 1)[1])
    start = address.rindex("/") + 1 + place
    changed = address[:start] + ("x" if address[start] != "x" else "y") + address[start + 1 :]
    for method in ("GET", "POST"):
        answer = client.request(method, changed)
        assert answer.status_code == 404
        assert "Cette page n'existe pas" in answer.text.replace("&#39;", "'")
    assert subscribed(database) == [True, True]


def test_what_is_gone_or_breaks_is_a_page_without_a_trace(client: Client, database: Database) -> None:
    assert client.get(path(LINKS.unsubscribe(99))).status_code == 404
    assert client.get(path(LINKS.feedback(1, 99))).status_code == 404
    english = client.get("/nowhere", headers={"accept-language": "en-GB,en;q=0.9"})
    assert english.status_code == 404
    assert "There is no such page" in english.text
    with database.session() as session:
        session.execute(text("DROP TABLE rep"))
    broken = client.get(path(LINKS.unsubscribe(1)))
    assert broken.status_code == 503
    assert "Traceback" not in broken.text
    assert "Réessayez" in broken.text


def test_pages_run_no_script_and_tell_nobody_where_one_comes_from(client: Client) -> None:
    answer = client.get(path(LINKS.unsubscribe(1)))
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "<script" not in answer.text


def test_a_lead_is_taken_from_the_mail_by_a_button_and_by_one_rep_only(client: Client, database: Database) -> None:
    def owners() -> list[tuple[str, str]]:
        with database.reading() as session:
            return [(one.offer, one.owner.email if one.owner else "") for one in session.scalars(select(Lead))]

    addresses = [path(LINKS.take(number, 1)) for number in (1, 2)]
    assert "ask your manager" in client.get(addresses[1]).text
    assert client.post(addresses[1], data={"offer": "Fibre"}).status_code == 404
    with database.session() as session:
        offers.add(session, "Fibre", {"name": "Fibre"}, source="page", author="x")
        offers.give(session, "Fibre", session.scalars(select(Rep)))
    assert 'name="offer" value="Fibre"' in client.get(addresses[1]).text
    client.head(addresses[1])
    assert owners() == []
    assert client.post(addresses[1], data={"offer": "Fibre"}).headers["location"] == addresses[1]
    assert client.post(addresses[0], data={"offer": "Fibre"}).status_code == 303
    assert owners() == [("Fibre", "en@x.example")]
    assert '<a href="/leads/1">It is your lead now.</a>' in client.get(addresses[1]).text
    assert "C'est le lead de en." in client.get(addresses[0]).text.replace("&#39;", "'")
    assert client.get(path(LINKS.feedback(2, 1)).replace("feedback", "take")).status_code == 404
    with database.session() as session:
        users.save(session, session.get_one(Rep, 1), "rep").active = False
    assert client.post(addresses[0], data={"offer": "Fibre"}).status_code == 404
