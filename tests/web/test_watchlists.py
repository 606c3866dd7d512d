from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from signals.stories import assign
from store.base import utcnow
from store.database import Database
from store.tables import Match, Watched, Watchlist
from tests.conftest import Tell
from tests.web.conftest import Enter
from tests.web.support import answered, form_key, send
from watch.watchlists import content_of


def test_a_list_is_made_filled_by_names_and_emptied(tell: Tell, enter: Enter, database: Database) -> None:
    tell("hiring", "Velmora recrute.", utcnow() - timedelta(days=1))
    assign(database, lambda kind, confidence: True)
    client = enter("max")
    assert "A list follows companies" in client.get("/watchlists").text
    at = send(client, "/watchlists", "/watchlists", name=" Lyon ").headers["location"]
    assert "No company is on it yet." in client.get(at).text
    assert send(client, f"{at}/add", at, names="Velmora").headers["location"] == at
    page = client.get(at).text
    assert "Velmora &amp; Fils" in page
    assert re.search(r"<td>Hiring, yesterday</td>", page)
    answer = send(client, f"{at}/add", at, names="Société;Ville\nCastelor;L\n<b>Nobody</b>;P")
    assert answer.status_code == 422
    assert "&lt;b&gt;Nobody&lt;/b&gt;: it is not in the register" in answer.text
    assert "Société: it is not" not in answer.text
    assert "2 companies" in client.get(at).text
    assert send(client, f"{at}/drop", at, company="2").headers["location"] == at
    assert "1 company" in client.get(at).text
    assert "1 company" in client.get("/watchlists").text
    assert send(client, f"{at}/remove", at).headers["location"] == "/watchlists"
    assert client.get(at).status_code == 404


def test_what_a_list_tells_is_set_and_kept(tell: Tell, enter: Enter, database: Database) -> None:
    client, at = enter("ann"), "/watchlists/2"
    key = form_key(client.get(at).text)
    fields = {
        "key": key,
        "family": ["growing", "difficulty"],
        "type": "hiring",
        "confidence": "0.7",
        "impact": "1.0",
        "delivery": "immediate",
        "quiet": "20:00-07:00",
        "people": "Zoé Gall, Al Bo",
        "keywords": "robot*",
    }
    assert client.post(f"{at}/settings", data=fields).headers["location"] == at
    with database.session() as session:
        content = content_of(session.get_one(Watchlist, 2))
    assert (content.families, content.types) == (("growing", "difficulty"), ("hiring",))
    assert (content.confidence, content.impact, content.delivery) == (0.7, 1.0, "immediate")
    assert (content.people, content.keywords, content.quiet) == (("Zoé Gall", "Al Bo"), ("robot*",), "20:00-07:00")
    page = client.get(at).text
    assert 'value="difficulty" checked' in page
    assert '<option value="0.7" selected>70% or more' in page
    assert 'value="Zoé Gall, Al Bo"' in page
    answer = answered(client, client.post(f"{at}/settings", data=fields | {"quiet": "never"}))
    assert answer.status_code == 422
    assert "This cannot be kept: quiet" in answer.text
    with database.session() as session:
        assert content_of(session.get_one(Watchlist, 2)) == content


def test_a_list_is_quiet_for_a_week_or_until_told_again(tell: Tell, enter: Enter, database: Database) -> None:
    client, at = enter("ann"), "/watchlists/2"

    def state() -> tuple[bool, bool]:
        with database.session() as session:
            one = session.get_one(Watchlist, 2)
            return one.muted, one.snoozed_until is not None

    for days, expected in (("-1", (True, False)), ("7", (False, True)), ("0", (False, False))):
        assert send(client, f"{at}/quiet", at, days=days).status_code == 303
        assert state() == expected
        assert ("Let it tell again" in client.get(at).text) == any(expected)


def test_nobody_sees_or_changes_the_list_of_another(tell: Tell, enter: Enter, database: Database) -> None:
    client = enter("ada")
    for number in (1, 2):
        assert client.get(f"/watchlists/{number}").status_code == 404
        for action in ("add", "settings", "remove"):
            assert send(client, f"/watchlists/{number}/{action}", "/watchlists").status_code == 404
        assert send(client, f"/watchlists/{number}/drop", "/watchlists", company="1").status_code == 404
        assert send(client, f"/watchlists/{number}/quiet", "/watchlists", days="-1").status_code == 404
    with database.session() as session:
        assert len(session.scalars(select(Watched)).all()) == 2
        assert not any(one.muted for one in session.scalars(select(Watchlist)))


def test_a_list_that_was_removed_can_be_put_back_as_it_was(tell: Tell, enter: Enter, database: Database) -> None:
    tell("hiring", "Velmora recrute.", utcnow() - timedelta(days=1))
    assign(database, lambda kind, confidence: True)
    client = enter("max")
    at = send(client, "/watchlists", "/watchlists", name="Lyon").headers["location"]
    send(client, f"{at}/add", at, names="Velmora\nCastelor")
    send(client, f"{at}/settings", at, keywords="recrut*", confidence="0.7")
    send(client, f"{at}/quiet", at, days="7")
    with database.session() as session:
        session.add(Match(watchlist_id=int(at.rsplit("/", 1)[1]), signal_id=1))

    def standing() -> tuple[object, ...]:
        with database.session() as session:
            (one,) = session.scalars(select(Watchlist).where(Watchlist.name == "Lyon"))
            companies = set(session.scalars(select(Watched.company_id).where(Watched.watchlist_id == one.id)))
            matches = set(session.scalars(select(Match.signal_id).where(Match.watchlist_id == one.id)))
            return one.id, one.content, one.snoozed_until, companies, matches

    before = standing()
    assert before[3:] == ({1, 2}, {1})
    send(client, f"{at}/remove", at)
    page = client.get("/watchlists").text
    assert "The list Lyon is removed." in page
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert client.get(at).status_code == 404
    assert enter("ann").post("/watchlists/undo", data=fields).status_code == 403
    assert client.post("/watchlists/undo", data=fields).headers["location"] == at
    assert standing() == before
    assert client.post("/watchlists/undo", data=fields).status_code == 409
