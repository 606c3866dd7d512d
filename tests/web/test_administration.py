from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leads.wording import Words
from signals.types import default_taxonomy
from store import failures, reps, sources, users
from store.base import utcnow
from store.database import Database
from store.sources import SourceEntry
from tests.conftest import Tell
from tests.web.conftest import Enter
from tests.web.support import form_key, send, sign_in
from web.audited import did
from web.pages import without_paths


def test_a_pasted_text_is_read_and_not_kept(tell: Tell, enter: Enter, database: Database) -> None:
    client, at = enter("ada"), "/admin/taxonomy"
    text = "Velmora recrute\nL'entreprise Velmora recrute 60 soudeurs à Lyon avant l'été. <script>x</script>"
    page = send(client, at, at, text=text).text
    assert re.search(r'<span class="label">Hiring</span>', page)
    assert "<strong>Velmora &amp; Fils</strong>" in page
    assert "<script>" not in page
    assert "No signal is read in it." in send(client, at, at, text="Il pleut sur la plaine.").text
    assert "No signal" not in send(client, at, at, text="  ").text


def role_of(database: Database, email: str) -> str:
    with database.session() as session:
        return users.by_email(session, email).role


def number_of(database: Database, name: str) -> str:
    with database.session() as session:
        return str(users.by_email(session, f"{name}@example.org").rep_id)


def test_who_is_invited_chooses_a_password_and_is_let_go(enter: Enter, database: Database) -> None:
    client, at = enter("ada"), "/admin/users"
    answer = send(client, at, at, email="new@example.org", name="Nouveau", role="rep", language="fr")
    assert (answer.status_code, answer.headers["location"]) == (303, at)
    page = client.get(at).text
    found = re.search(r"<code>http://127.0.0.1(/password/[^<]+)</code>", page)
    assert found
    assert "has no password yet" in page
    assert "<code>" not in client.get(at).text  # it is said once
    other = enter("ann")
    other.cookies.clear()
    assert send(other, found[1], found[1], password="une phrase assez longue").status_code == 303
    assert other.get("/").status_code == 200
    number = number_of(database, "new")
    asked = send(client, f"{at}/disable", at, number=number)
    assert "Nouveau can sign in no more then" in asked.text
    assert other.get("/").status_code == 200
    assert send(client, f"{at}/disable", at, number=number, sure="yes").headers["location"] == at
    assert "may sign in no more" in client.get(at).text
    assert other.get("/").status_code == 303
    assert sign_in(other, "new@example.org", "une phrase assez longue").status_code == 401
    send(client, f"{at}/enable", at, number=number)
    assert sign_in(other, "new@example.org", "une phrase assez longue").status_code == 303


def test_inviting_who_is_there_changes_nothing(enter: Enter, database: Database) -> None:
    client, at = enter("ada"), "/admin/users"
    answer = send(client, at, at, email="Max@Example.org", name="M", role="rep", language="fr")
    assert answer.status_code == 422
    assert "max@example.org is a user already (manager): nothing was changed." in answer.text
    assert 'value="Max@Example.org"' in answer.text
    assert role_of(database, "max@example.org") == "manager"
    assert send(client, at, at, email="nobody", role="rep", language="en").status_code == 422


def test_a_role_is_changed_when_one_is_sure_and_changed_back(enter: Enter, database: Database) -> None:
    client, at = enter("ada"), "/admin/users"
    number = number_of(database, "max")
    asked = send(client, f"{at}/role", at, number=number, role="rep").text
    assert "is manager and would be rep" in asked
    assert role_of(database, "max@example.org") == "manager"
    assert send(client, f"{at}/role", at, number=number, role="rep", sure="yes").status_code == 303
    assert role_of(database, "max@example.org") == "rep"
    page = client.get(at).text
    undo = re.search(r'<form class="said" role="status" method="post" action="([^"]+)">', page)
    assert undo
    fields = dict(re.findall(r'name="(number|role|sure)" value="([^"]*)">', page[undo.start() : undo.start() + 900]))
    assert client.post(undo[1], data={"key": form_key(page), **fields}).status_code == 303
    assert role_of(database, "max@example.org") == "manager"


def test_a_password_is_reset_when_one_is_sure(enter: Enter, database: Database) -> None:
    client, other, at = enter("ada"), enter("ann"), "/admin/users"
    number = number_of(database, "ann")
    assert "signed out everywhere" in send(client, f"{at}/reset", at, number=number).text
    assert other.get("/").status_code == 200
    send(client, f"{at}/reset", at, number=number, sure="yes")
    assert other.get("/").status_code == 303
    assert re.search(r"<code>http://127.0.0.1/password/[^<]+</code>", client.get(at).text)


def test_nobody_takes_the_administration_from_themselves(enter: Enter, database: Database) -> None:
    client, at = enter("ada"), "/admin/users"
    number = number_of(database, "ada")
    for act, fields in (("disable", {}), ("reset", {}), ("role", {"role": "rep"})):
        assert send(client, f"{at}/{act}", at, number=number, sure="yes", **fields).status_code == 422
    assert role_of(database, "ada@example.org") == "admin"


def test_a_test_mail_says_where_it_went(enter: Enter, tmp_path: Path) -> None:
    client = enter("ada")
    assert send(client, "/admin/mail", "/admin/mail").headers["location"] == "/admin/mail"
    said = "It is written into the folder outbox of the data."
    page = client.get("/admin/mail").text
    assert said in page
    assert str(tmp_path) not in page
    assert said not in client.get("/admin/mail").text
    (mail,) = (tmp_path / "outbox").glob("*.eml")
    assert "To: ada@example.org" in mail.read_text("utf-8")


def test_times_are_those_of_who_reads(enter: Enter, database: Database) -> None:
    with database.session() as session:
        reps.by_email(session, "ada@example.org").zone = "Pacific/Kiritimati"  # 14 hours before UTC, always
        sources.add(session, SourceEntry("https://metz.example/rss", "Metz")).fetched_at = datetime(
            2026, 1, 2, 11, 30, tzinfo=UTC
        )
    client = enter("ada")
    for page in (client.get("/admin/sources").text, client.get("/admin").text):
        assert "Times are those of Pacific/Kiritimati." in page
        assert re.search(r"1/3/26, 1:30\s*AM", page)


def test_what_a_page_says_names_no_folder_of_the_server() -> None:
    told = "outbox /srv/vigie/data/outbox: No space; see https://a.example/b/c, and/or 'config.yaml' in '/etc/vigie'"
    said = "outbox outbox: No space; see https://a.example/b/c, and/or 'config.yaml' in 'vigie'"
    assert without_paths(told) == said
    assert without_paths("/srv/x y.yaml, zoe@example.org") == "x y.yaml, zoe@example.org"


def test_what_was_changed_is_written_down(enter: Enter) -> None:
    client = enter("ada")
    send(client, "/watchlists", "/watchlists", name="Lyon <b>")
    page = client.get("/admin/audit").text
    assert re.search(r"<td>ada@example.org</td><td>changed a list</td><td>Lyon &lt;b&gt;</td>", page)
    assert "<td>signed in</td>" in page


@pytest.mark.parametrize("name", ["ann", "max"])
def test_only_administrators_administer(enter: Enter, name: str) -> None:
    client = enter(name)
    key = form_key(client.get("/watchlists").text)
    for path in ("", "/sources", "/taxonomy", "/users", "/mail", "/audit"):
        assert client.get(f"/admin{path}").status_code == 403
    for path in ("/sources", "/sources/read", "/sources/drop", "/taxonomy", "/users", "/users/disable", "/mail"):
        assert client.post(f"/admin{path}", data={"key": key}).status_code == 403
    assert "/admin" not in client.get("/").text


def test_all_that_is_written_down_is_said_in_words() -> None:
    rooms = [Path(__file__).parents[2] / room for room in ("web", "vigie")]
    code = "".join(file.read_text("utf-8") for room in rooms for file in room.rglob("*.py"))
    actions = set(re.findall(r'changing\(request, user, "([^"]+)"', code))
    actions |= set(re.findall(r'users\.note\([^,]+,[^,]+, "([^"]+)"', code)) | {
        "mute",
        "unmute",
        "list add",
        "list drop",
    }
    assert len(actions) > 20
    words = Words("fr", default_taxonomy(), utcnow().date())
    assert [one for one in sorted(actions) if did(one, words) == one] == []


def test_what_is_wrong_with_sources_is_said_first(enter: Enter, database: Database) -> None:
    now = utcnow()
    troubles: dict[str, dict[str, Any]] = {
        "a": {},
        "b": {"error": "the server answered 403", "trouble": "blocked", "failures": 3},
        "c": {"last_new_at": now - timedelta(days=40), "usual_per_week": 7.0},
        "d": {"asleep_at": now, "error": "the server answered 410", "trouble": "gone"},
        "e": {"moved_to": "https://neuf.example/rss", "moved_since": utcnow()},
        "f": {"page_error": "https://f.example/<b>: no text"},
    }
    with database.session() as session:
        for name, facts in troubles.items():
            source = sources.add(session, SourceEntry(f"https://{name}.example/rss", f"Source {name}"))
            for field, value in facts.items():
                setattr(source, field, value)
    page = enter("ada").get("/admin/sources").text
    assert page.index("Source b") < page.index("Source a")
    assert "There is something to tell of 5 of them" in page
    for said in (
        "Blocked: the server answered 403 (3 times in a row)",
        "Silent: nothing new since",
        "Gone, and not read any more since",
        "its address leads for good to https://neuf.example/rss",
        "https://f.example/&lt;b&gt;: no text",
    ):
        assert said in page


def test_what_failed_is_said_and_tried_again_at_a_press(tell: Tell, enter: Enter, database: Database) -> None:
    tell("opening", "Velmora ouvre.", datetime(2026, 3, 2, tzinfo=UTC))
    client = enter("ada")
    assert "What failed" not in client.get("/admin").text
    with database.session() as session:
        failures.note(session, "document", 1, "ValueError: <a figure> does not fit", utcnow())
        failures.note(session, "stage", "rank", "KeyError: 'x'", utcnow(), aside=True)
    page = client.get("/admin").text
    assert page.index("Stage of a round") < page.index("https://presse.example/0") < page.index("&lt;a figure&gt;")
    assert "set aside" in page
    answer = send(client, "/admin/retry", "/admin", kind="document", unit="1")
    assert answer.status_code == 303
    page = client.get("/admin").text
    assert "It is tried again with the next round." in page
    assert "https://presse.example/0" not in page
    assert "Stage of a round" in page
