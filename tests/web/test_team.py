"""The team: what each has to do, how each sells, and who is away."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from leads import lifecycle
from store import leads, offers, reps
from store.base import utcnow
from store.database import Database
from store.tables import Lead, LeadMilestone
from tests.conftest import Tell
from tests.web.conftest import Enter
from tests.web.support import send


@pytest.fixture
def busy(tell: Tell, database: Database) -> Database:
    """Ann accepted one lead in time and one late, and a third that nobody accepted is late."""
    now = utcnow()
    with database.session() as session:
        offers.add(session, "Fibre", {"name": "Fibre"}, source="page", author="ada")
        ann = reps.by_email(session, "ann@example.org")
        for offer, hours in (("Fibre", 1), ("Cloud", 999), ("Robots", None)):
            one = leads.add(session, Lead(company_id=1, offer=offer, stage="marketing_qualified", origin="page"), "")
            lifecycle.assign(session, one, ann, "", now - timedelta(days=20))
            if hours:
                lifecycle.move(
                    session, one, "sales_accepted", ann.email, now - timedelta(days=20) + timedelta(hours=hours)
                )
                one.due_at = None
    return database


def number(database: Database, name: str) -> int:
    with database.reading() as session:
        return reps.by_email(session, f"{name}@example.org").id


def test_a_manager_sees_how_many_leads_were_expected_and_how_many_came(enter: Enter, busy: Database) -> None:
    with busy.session() as session:
        offers.add(session, "Cloud", {"name": "Cloud", "contract": {"weekly": 2}}, source="page", author="ada")
        for one in session.scalars(select(LeadMilestone)):
            one.opened_at = utcnow() - timedelta(days=27)
        session.get_one(LeadMilestone, 1).opened_at = utcnow() - timedelta(days=29)
    page = re.sub(r"<[^>]+>|\s+", " ", enter("max").get("/leads/team").text).split()
    start = page.index("Expected")
    assert " ".join(page[start : start + 12]) == "Expected Came, mean of 4 weeks Cloud 2 0.2 Fibre – 0"


def test_a_manager_sees_who_is_late_and_says_how_each_sells(enter: Enter, busy: Database) -> None:
    client = enter("max")
    page = client.get("/leads/team").text
    row = re.search(r"<tr><td>Ann Oak.*?</tr>", page, re.DOTALL)
    assert row
    assert re.sub(r"<[^>]+>|\s+", " ", row[0]).split() == ["Ann", "Oak", "field", "sales", "3", "1", "1", "of", "2"]
    assert 'Velmora &amp; Fils</a> <span class="faint">Robots' in page
    ann = number(busy, "ann")
    fields = {"team": "Sud", "channel": "inside", "skills": "fibre, cloud", "territory": "69, be", "most_open": "12"}
    send(client, f"/leads/team/{ann}/profile", "/leads/team", **fields)
    with busy.reading() as session:
        profile = leads.profiles(session)[ann]
        assert (profile.team, profile.channel, profile.most_open) == ("Sud", "inside", 12)
        assert (profile.skills, profile.territory) == (["fibre", "cloud"], ["69", "BE"])
    for wrong in ({"territory": "Lyon"}, {"most_open": "beaucoup"}):
        assert send(client, f"/leads/team/{ann}/profile", "/leads/team", **fields | wrong).status_code == 422
    assert send(client, "/leads/team/99/profile", "/leads/team", **fields).status_code == 404
    assert "3 / 12" in client.get("/leads/team").text


def test_a_rep_says_when_they_are_away_and_who_stands_in(enter: Enter, busy: Database) -> None:
    client = enter("ann")
    today = utcnow().date()
    zoe = str(number(busy, "zoe"))
    fields = {"away_from": str(today), "away_until": str(today + timedelta(days=3)), "stand_in": zoe}
    send(client, "/leads/team/away", "/leads/team/away", **fields)
    page = client.get("/leads/team/away").text
    assert f'name="away_until" value="{today + timedelta(days=3)}"' in page
    assert f'<option value="{zoe}" selected>' in page
    assert "away until" in enter("max").get("/leads/team").text
    wrong = fields | {"away_until": str(today - timedelta(days=1))}
    assert send(client, "/leads/team/away", "/leads/team/away", **wrong).status_code == 422
    send(client, "/leads/team/away", "/leads/team/away", stand_in=str(number(busy, "ann")))
    with busy.reading() as session:
        profile = leads.profiles(session)[number(busy, "ann")]
        assert (profile.away_from, profile.stand_in_id) == (None, None)  # nobody stands in for themselves
