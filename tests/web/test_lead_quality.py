"""The figures of leads: the page and the files."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta

import pytest

from leads import lifecycle
from store import offers, reps
from store.base import utcnow
from store.database import Database
from store.tables import Company
from tests.conftest import Tell
from tests.web.conftest import Enter


@pytest.fixture
def worked(tell: Tell, database: Database) -> Database:
    """Ann won a lead and talked to the company; Zoé has one that nobody accepted."""
    now = utcnow() - timedelta(days=2)
    with database.session() as session:
        offers.add(session, "Fibre", {"name": "Fibre"}, source="page", author="ada")
        ann, zoe = (reps.by_email(session, f"{name}@example.org") for name in ("ann", "zoe"))
        one, two = (
            lifecycle.open_lead(
                session, session.get_one(Company, number), "Fibre", [], origin="page", author="x", now=now
            )[0]
            for number in (1, 2)
        )
        lifecycle.assign(session, two, zoe, "", now)
        lifecycle.take(session, one, ann, now)
        lifecycle.call(session, one, ann.email, "meeting", now=now + timedelta(hours=3))
        known = {"need": "fibre", "decision_maker": "DSI", "timeframe": "juin", "amount": 9000.0}
        lifecycle.fill_in(session, one, ann.email, now, **known)
        for stage in ("sales_qualified", "opportunity", "won"):
            lifecycle.move(session, one, stage, ann.email, now + timedelta(hours=4))
        gone, _ = lifecycle.open_lead(
            session, session.get_one(Company, 2), "Cloud", [], origin="page", author="x", now=now - timedelta(days=200)
        )
        lifecycle.take(session, gone, ann, now)
        lifecycle.move(session, gone, "nurturing", ann.email, now, returned="no_budget")
    return database


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_manager_reads_the_figures_with_counts_and_intervals(enter: Enter, worked: Database) -> None:
    client = enter("max")
    page = client.get("/leads/quality").text
    text = text_of(page)
    assert "2 leads" in text
    assert "50% 1 of 2, 9%–91%" in text
    assert "first action after 3 h" in text
    assert "these became leads: 100% 2 of 2" in text
    assert "revenue: €9,000, €4,500 a lead" in text
    assert re.search(r"Ann Oak 1 100% 1 of 1, 21%–100%", text)
    assert '<svg class="funnel"' in page
    assert "No lead was opened" in client.get("/leads/quality?until=2020-01-01").text
    assert "No budget within 12 months: 1" in text_of(client.get("/leads/quality?since=2020-01-01").text)
    assert client.get("/leads/quality?since=hier").status_code == 422


def test_a_rep_reads_their_own(enter: Enter, worked: Database) -> None:
    text = text_of(enter("ann").get("/leads/quality").text)
    assert "1 lead " in text
    assert "Zoé" not in text


def test_the_figures_are_taken_away_as_files(enter: Enter, worked: Database) -> None:
    client = enter("max")
    rows = list(csv.DictReader(io.StringIO(client.get("/leads/quality.csv").text.removeprefix("\ufeff"))))
    assert (rows[0]["dimension"], rows[0]["leads"], rows[0]["won"], rows[0]["won_of"]) == ("all", "2", "1", "2")
    assert (rows[0]["won_low"], rows[0]["won_high"]) == ("0.0945", "0.9055")
    by_rep = {row["key"]: row["revenue"] for row in rows if row["dimension"] == "rep"}
    assert by_rep == {"ann@example.org": "9000.0", "zoe@example.org": "0.0"}
    assert client.get("/leads/quality.xlsx").content[:2] == b"PK"


def test_the_calls_are_taken_away_as_a_file(enter: Enter, worked: Database) -> None:
    address = "/leads/quality/calls.jsonl"
    row = {"author": "ann@example.org", "meeting": 1, "refused": 0, "calls": 1, "hours": 1, "calls_a_meeting": 1.0}
    [found] = [json.loads(line) for line in enter("max").get(address).text.splitlines()]
    assert row.items() <= found.items()
    assert enter("ann").get(f"{address}?until=2020-01-01").text == ""
