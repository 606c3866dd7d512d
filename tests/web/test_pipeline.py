"""The pipeline, the board, and whose leads a rep sees."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from httpx import Client
from sqlalchemy import true

from leads import lifecycle
from leads.pipeline import pipeline
from store import leads, offers, reps
from store.base import utcnow
from store.database import Database
from store.tables import Company, Lead
from tests.conftest import Tell
from tests.support.pages import served
from tests.web.conftest import Enter
from tests.web.support import send, sign_in, site
from web.app import create_app


def add(database: Database, owner: str, offer: str, stage: str, days: int, **values: Any) -> None:
    with database.session() as session:
        one = Lead(company_id=1, offer=offer, stage=stage, origin="page", **values)
        one.owner_id = reps.by_email(session, f"{owner}@example.org").id
        one.stage_since = utcnow() - timedelta(days=days)
        leads.add(session, one, "x")


@pytest.fixture
def filled(tell: Tell, database: Database) -> Database:
    """Two offers with their contracts, and leads of Ann and of Zoé."""
    with database.session() as session:
        odds = {"contract": {"odds": {"opportunity": 0.8}, "stage_days": {"opportunity": 10}}}
        offers.add(session, "Fibre", {"name": "Fibre", **odds}, source="page", author="ada")
        offers.add(session, "Cloud", {"name": "Cloud"}, source="page", author="ada")
    add(database, "ann", "Fibre", "opportunity", 11, amount=1000.0, budget=7.0)
    add(database, "zoe", "Cloud", "opportunity", 11, budget=500.0)
    add(database, "zoe", "Robots", "sales_accepted", 3)
    return database


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_each_stage_is_counted_weighed_and_held_against_the_contracts(filled: Database) -> None:
    with filled.reading() as session:
        found = pipeline(session, true(), utcnow())
    rows = {one.stage: one for one in found.rows}
    opportunity, accepted = rows["opportunity"], rows["sales_accepted"]
    assert (opportunity.number, opportunity.worth, opportunity.outside) == (2, 1500, 1)
    assert opportunity.weighted == found.forecast == 1000 * 0.8 + 500 * 0.5
    assert (accepted.number, accepted.unknown, accepted.outside) == (1, 1, 0)
    assert (round(opportunity.days, 2), round(accepted.days, 2)) == (11, 3)
    assert [one.offer for one in found.outside] == ["Fibre"]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_beside_each_stage_stands_how_many_were_won_from_there(filled: Database) -> None:
    now = utcnow()
    with filled.session() as session:
        ann = reps.by_email(session, "ann@example.org")
        for number, end in enumerate(("won", "lost", "early")):
            company = session.get_one(Company, 2)
            lead, _ = lifecycle.open_lead(session, company, f"O{number}", [], origin="page", author="x", now=now)
            lifecycle.take(session, lead, ann, now)
            if end == "early":
                lifecycle.move(session, lead, "lost", ann.email, now, reason="x")
                continue
            lifecycle.call(session, lead, ann.email, "meeting", now=now)
            known = {"need": "x", "decision_maker": "x", "timeframe": "x", "amount": 1.0}
            lifecycle.fill_in(session, lead, ann.email, now, **known)
            for stage in ("sales_qualified", "opportunity", end):
                lifecycle.move(session, lead, stage, ann.email, now, reason="x")
    with filled.reading() as session:
        rows = {one.stage: one.won for one in pipeline(session, true(), now).rows}
    assert rows["marketing_qualified"] == rows["sales_accepted"] == (1, 3)
    assert rows["sales_qualified"] == rows["opportunity"] == (1, 2)
    assert rows["nurturing"] == (0, 0)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_manager_sees_all_and_a_rep_their_own(enter: Enter, filled: Database) -> None:
    page = text_of(enter("max").get("/leads/pipeline").text)
    assert "Opportunity 2 €1,500 €1,050 – 11 1" in page
    ann = enter("ann")
    assert "Opportunity 1 €1,000 €800 – 11 1" in text_of(ann.get("/leads/pipeline").text)
    assert "Opportunity 0" in text_of(ann.get("/leads/pipeline?offer=Cloud").text)
    board = ann.get("/leads?view=board&whose=all").text
    assert '<div class="board"' in board
    assert "Fibre" in board


def test_a_rep_sees_those_of_the_team_where_the_installation_says_so(enter: Enter, filled: Database) -> None:
    with filled.session() as session:
        for name in ("ann", "zoe"):
            leads.profile_of(session, reps.by_email(session, f"{name}@example.org").id).team = "Sud"
    assert enter("ann").get("/leads/2").status_code == 404
    with served(create_app(replace(site(filled), reps_see="team"))) as where, Client(base_url=where) as client:
        sign_in(client, "ann@example.org")
        page = client.get("/leads/2").text
        assert "Cloud" in page
        assert 'action="/leads/2/call"' not in page
        assert "€1,500" in client.get("/leads/pipeline").text
        assert send(client, "/leads/2/note", "/leads/1", text="x").status_code == 404
