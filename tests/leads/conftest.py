from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from companies.importing import import_file
from companies.linker import open_linker
from leads.offers import Offer
from signals.analyse import analyse_collected
from signals.rules import default_extractor
from signals.types import default_taxonomy
from store import documents, leads, offers, reps, sources
from store.database import Database
from store.documents import Article
from store.sources import SourceEntry
from store.tables import Lead, SalesProfile, Source
from tests.leads.support import rank

TODAY = date(2026, 3, 10)
OFFER = Offer.model_validate(
    {"name": "Robots", "fit": [{"criterion": "headcount", "min": 50, "points": 40}], "thresholds": {"timing": 4}}
)

ROUTED = Offer.model_validate(
    OFFER.content
    | {
        "opens_leads": True,
        "routing": [
            {"customer": "repeat", "name": "Clients"},
            {"team": "Sud", "company": [{"criterion": "headcount", "min": 100}]},
        ],
    }
)


@pytest.fixture
def ranked(database: Database, tmp_path: Path) -> Database:
    """Velmora has news and fits, Castelor only fits, Pixadel only has news; nothing is known of Ombrelia."""
    file = tmp_path / "companies.csv"
    file.write_text("name,headcount\nVelmora,120\nCastelor,80\nPixadel,3\nOmbrelia,\n", "utf-8")
    import_file(database, file)
    with database.session() as session:
        sources.synchronise(session, [SourceEntry("https://presse.example/rss", "Presse", "fr")])
        source = session.scalars(select(Source)).one()
        told = ("Velmora lève 12 millions d'euros", "Pixadel lève 3 millions d'euros")
        when = datetime(2026, 3, 7, tzinfo=UTC)
        articles = [Article(f"https://presse.example/{n}", title, "", None, when) for n, title in enumerate(told)]
        for document in documents.announce(session, source, articles):
            documents.complete(session, document, None)
    analyse_collected(database, default_extractor(), open_linker(database, tmp_path))
    rank(database, OFFER, default_taxonomy(), TODAY)
    return database


@pytest.fixture
def team(ranked: Database) -> Database:
    """Zoé and Bob sell the offer in team Sud, and Bob has a lead already; Ann sells it elsewhere."""
    with ranked.session() as session:
        offers.add(session, OFFER.name, OFFER.content, source="config", author="x")
        for name in ("bob", "zoe", "ann"):
            rep = reps.save(session, f"{name}@example.org", name.title(), "fr")
            offers.give(session, OFFER.name, [rep])
            if name != "ann":
                session.add(SalesProfile(rep_id=rep.id, team="Sud", skills=[], territory=[]))
        lead = Lead(company_id=2, offer="Cloud", stage="sales_accepted", origin="page", owner_id=1)
        leads.add(session, lead, "bob@example.org")
    return ranked
