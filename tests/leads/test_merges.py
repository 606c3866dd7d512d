"""Leads of companies whose records turn out to be of one company."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from leads import lead_wording, lifecycle
from leads.wording import Words
from signals.types import default_taxonomy
from store import corrections, leads
from store.database import Database
from store.tables import Company, Lead, Signal
from tests.conftest import Tell

pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def states(database: Database) -> list[tuple[int, str, str, int]]:
    """Of each lead the company, the offer, the stage and how many signals it has."""
    with database.reading() as session:
        return [
            (one.company_id, one.offer, one.stage, len(leads.signals_of(session, one)))
            for one in session.scalars(select(Lead).order_by(Lead.id))
        ]


def test_leads_follow_the_merge_of_companies_and_are_parted_again(database: Database, tell: Tell) -> None:
    tell("hiring", "Velmora recrute.", NOW)
    tell("funding", "Castelor lève 3 M€.", NOW, 2)
    with database.session() as session:
        for company, offer, days in ((1, "Fibre", 2), (2, "Fibre", 1), (2, "Cloud", 0)):
            found = [one for one in session.scalars(select(Signal)) if one.company_id == company]
            lifecycle.open_lead(
                session,
                session.get_one(Company, company),
                offer,
                found,
                origin="page",
                author="x",
                now=NOW - timedelta(days=days),
            )
    with database.session() as session:
        corrections.merge(session, session.get_one(Company, 1), session.get_one(Company, 2))
        assert leads.retract(session, "Fibre", NOW) == {}
        assert leads.retract(session, "Cloud", NOW) == {}
    kept = (1, "Fibre", "marketing_qualified", 2)
    assert states(database) == [kept, (1, "Fibre", "lost", 1), (1, "Cloud", "marketing_qualified", 1)]
    words = Words("fr", default_taxonomy(), NOW.date())
    with database.reading() as session:
        happened = leads.events(session, [1, 2])
        assert lead_wording.happened(happened[1][-1], words) == "Le lead n° 2 est le même et l'a rejoint"
        assert [lead_wording.happened(one, words) for one in happened[2][-2:]] == [
            "Le même que le lead n° 1",
            "La fiche de la société a changé",
        ]
    with database.session() as session:
        corrections.unmerge(session, session.get_one(Company, 2))
    assert [(company, stage) for company, _, stage, _ in states(database)] == [
        (1, "marketing_qualified"),
        (2, "lost"),
        (2, "marketing_qualified"),
    ]
