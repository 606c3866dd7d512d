from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from store.base import utcnow
from store.database import Database
from store.tables import Audit, Contact
from tests.conftest import Tell
from tests.web.conftest import Enter
from tests.web.support import send

FIELDS = {"name": " Anne  Vidal ", "function": "DAF", "phone": "01 02 03 04 05", "email": "anne@velmora.example"}


def test_a_contact_is_typed_changed_and_taken_out_again(tell: Tell, enter: Enter, database: Database) -> None:
    client = enter("ann")
    assert send(client, "/companies/1/contacts", "/companies/1", **FIELDS).headers["location"] == "/companies/1#people"
    page = client.get("/companies/1").text
    assert "<strong>Anne Vidal</strong>, DAF" in page
    assert 'href="tel:0102030405"' in page
    assert "typed by ann@example.org, today" in re.sub(r"\s+", " ", page)
    changed = FIELDS | {"number": "1", "function": "directrice générale"}
    assert send(client, "/companies/1/contacts", "/companies/1", **changed).status_code == 303
    assert "<strong>Anne Vidal</strong>, directrice générale" in enter("max").get("/companies/1").text
    assert send(client, "/companies/1/contacts/1/drop", "/companies/1").status_code == 303
    page = client.get("/companies/1").text
    assert "Anne Vidal is taken out." in page
    with database.session() as session:
        assert session.scalars(select(Contact)).all() == []
        done = [one.action for one in session.scalars(select(Audit).order_by(Audit.id))]
        assert [one for one in done if one != "sign_in"] == ["contact", "contact", "contact drop"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"name": " - "}, 422), ({"email": "nowhere"}, 422), ({"number": "99"}, 404), ({"name": "x" * 201}, 422)],
)
def test_what_is_no_contact_is_refused(
    tell: Tell, enter: Enter, database: Database, changes: dict[str, str], status: int
) -> None:
    assert send(enter("ann"), "/companies/1/contacts", "/companies/1", **FIELDS | changes).status_code == status
    with database.session() as session:
        assert session.scalars(select(Contact)).all() == []


def test_what_articles_say_is_not_changed_by_hand(tell: Tell, enter: Enter, database: Database) -> None:
    with database.session() as session:
        session.add(Contact(company_id=2, name="Luc", folded="luc", function="PDG", document_id=None))
    assert send(enter("ann"), "/companies/1/contacts/1/drop", "/companies/1").status_code == 404


def test_an_administrator_erases_a_person_and_nobody_else_may(tell: Tell, enter: Enter, database: Database) -> None:
    tell("appointment", "Velmora nomme Anne Vidal.", utcnow())
    client = enter("ann")
    assert send(client, "/companies/1/contacts", "/companies/1", **FIELDS).status_code == 303
    admin = enter("ada")
    for who in (client, enter("max")):
        assert who.get("/admin/people").status_code == 403
    assert send(admin, "/admin/people", "/admin/people", name="Anne").status_code == 422
    assert send(admin, "/admin/people", "/admin/people", name="VIDAL Anne").status_code == 303
    page = admin.get("/admin/people").text
    assert "The person is erased (1 article, 1 contact, 0 leads)" in page
    assert "1 person was erased" in page
    assert "Vidal" not in client.get("/companies/1").text
    assert "Vidal" not in admin.get("/admin/audit").text
    assert send(client, "/companies/1/contacts", "/companies/1", **FIELDS).status_code == 422
