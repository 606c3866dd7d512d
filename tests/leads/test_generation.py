"""Leads that the ranking makes, and what joins them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from leads.generation import Generated, generate
from leads.lifecycle import move
from leads.offers import Offer
from signals.types import default_taxonomy
from store import leads
from store.base import utcnow
from store.database import Database
from store.tables import Document, Lead, Signal
from tests.leads.conftest import OFFER, TODAY
from tests.leads.support import rank

AUTOMATIC = Offer.model_validate(OFFER.content | {"opens_leads": True})


def tell_more(database: Database, at: datetime) -> None:
    """Another signal of the company that is hot, like the first."""
    with database.session() as session:
        first = session.scalars(select(Signal).order_by(Signal.id)).first()
        assert first is not None
        old = session.get_one(Document, first.document_id)
        document = Document(
            **{c.name: getattr(old, c.name) for c in Document.__table__.columns if c.name not in ("id", "url")},
            url=f"{old.url}/{at.timestamp()}",
        )
        session.add(document)
        session.flush()
        values = {c.name: getattr(first, c.name) for c in Signal.__table__.columns if c.name not in ("id", "story_id")}
        session.add(Signal(**values | {"document_id": document.id, "found_at": at}))


def test_a_hot_company_becomes_a_lead_where_the_offer_says_so(ranked: Database) -> None:
    now = utcnow()
    assert generate(ranked, OFFER, now) == Generated(0, 0)
    assert generate(ranked, AUTOMATIC, now) == Generated(1, 0)
    assert generate(ranked, AUTOMATIC, now) == Generated(0, 0)
    with ranked.reading() as session:
        (lead,) = leads.listed(session, limit=9)
        assert (lead.company.name, lead.stage, lead.owner, lead.origin) == (
            "Velmora",
            "marketing_qualified",
            None,
            "ranking",
        )
        assert len(leads.signals_of(session, lead)) == 1


def test_what_is_nurtured_comes_back_on_its_day_or_with_something_new(ranked: Database) -> None:
    now = utcnow()
    generate(ranked, AUTOMATIC, now)

    def stage_after(days: int) -> str:
        generate(ranked, AUTOMATIC, now + timedelta(days=days))
        with ranked.reading() as session:
            return session.scalars(select(Lead)).one().stage

    for day in (now.date() + timedelta(days=30), None):
        with ranked.session() as session:
            lead = session.scalars(select(Lead)).one()
            move(session, lead, "nurturing", "ann@example.org", now, reason="pas avant mars", returns_on=day)
        assert stage_after(29) == "nurturing"
        assert stage_after(30) == ("marketing_qualified" if day else "nurturing")
    tell_more(ranked, now + timedelta(days=1))
    rank(ranked, AUTOMATIC, default_taxonomy(), TODAY)
    assert stage_after(2) == "marketing_qualified"


def test_what_is_new_joins_an_open_lead_and_opens_a_closed_one_again(ranked: Database) -> None:
    now = utcnow()  # the signals that are there were found before
    generate(ranked, AUTOMATIC, now)
    tell_more(ranked, now + timedelta(hours=1))
    rank(ranked, AUTOMATIC, default_taxonomy(), TODAY)
    assert generate(ranked, OFFER, now + timedelta(hours=2)) == Generated(0, 1)
    with ranked.session() as session:
        lead = session.scalars(select(Lead)).one()
        assert [one.kind for one in leads.events(session, [lead.id])[lead.id]] == ["opened", "joined"]
        move(session, lead, "lost", "ann@example.org", now + timedelta(hours=3), reason="déjà équipés")
    assert generate(ranked, AUTOMATIC, now + timedelta(hours=4)) == Generated(0, 0)
    tell_more(ranked, now + timedelta(hours=5))
    rank(ranked, AUTOMATIC, default_taxonomy(), TODAY)
    assert generate(ranked, AUTOMATIC, now + timedelta(hours=6)) == Generated(1, 0)


def test_what_was_denied_or_is_about_another_is_retracted_once(ranked: Database) -> None:
    now = utcnow()
    generate(ranked, AUTOMATIC, now)
    tell_more(ranked, now)
    rank(ranked, AUTOMATIC, default_taxonomy(), TODAY)
    generate(ranked, OFFER, now)
    with ranked.session() as session:
        first, second = (signal for signal, _ in leads.signals_of(session, session.scalars(select(Lead)).one()))
        first.status = "denied"
        second.company_id = None
        numbers = [first.id, second.id]
    assert generate(ranked, OFFER, now).retracted == 1
    assert generate(ranked, OFFER, now).retracted == 0
    with ranked.reading() as session:
        lead = session.scalars(select(Lead)).one()
        assert leads.events(session, [lead.id])[lead.id][-1].details == {"signals": sorted(numbers)}
        assert all(joined.retracted_at for _, joined in leads.signals_of(session, lead))
