"""Leads that are given to reps as their offer's routing says."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from leads import lead_wording
from leads.conditions import Condition, spelling, spelt
from leads.generation import generate
from leads.offers import Offer
from leads.routing_trial import try_routing
from leads.wording import Words
from signals.types import default_taxonomy
from store import leads, reps, users
from store.base import utcnow
from store.database import Database
from store.tables import Lead, SalesProfile
from tests.leads.conftest import OFFER, ROUTED, TODAY


def owner(database: Database) -> str:
    with database.reading() as session:
        lead = session.scalars(select(Lead).where(Lead.offer == OFFER.name)).one()
        return lead.owner.name if lead.owner else ""


def test_a_lead_goes_by_the_first_rule_that_finds_somebody_and_says_why(team: Database) -> None:
    now = utcnow()
    assert generate(team, ROUTED, now)[0::3] == (1, 1)
    assert owner(team) == "Zoe"
    assert generate(team, ROUTED, now).given == 0
    with team.reading() as session:
        lead = session.scalars(select(Lead).where(Lead.offer == OFFER.name)).one()
        assert (lead.stage, lead.assigned_at) == ("marketing_qualified", now)
        event = leads.events(session, [lead.id])[lead.id][-1]
    words = {language: Words(language, default_taxonomy(), TODAY) for language in ("fr", "en")}
    assert lead_wording.told(event, words["en"]) == "Rule 2, has the least to do of 2 (0 open leads)"
    assert lead_wording.told(event, words["fr"]) == "Règle 2, a le moins à faire sur 2 (0 lead ouvert)"


def test_who_bought_before_is_another_customer_and_who_is_away_hands_over(team: Database) -> None:
    now = utcnow()
    with team.session() as session:
        won = Lead(company_id=1, offer="Cloud", stage="won", origin="page", closed_at=now)
        leads.add(session, won, "x")
        zoe = session.get_one(SalesProfile, reps.by_email(session, "zoe@example.org").id)
        zoe.away_from, zoe.away_until = now.date(), now.date() + timedelta(days=2)
        zoe.stand_in_id = reps.by_email(session, "bob@example.org").id
        ann = reps.by_email(session, "ann@example.org")
        session.add(SalesProfile(rep_id=ann.id, most_open=0, skills=[], territory=[]))
    generate(team, ROUTED, now)
    assert owner(team) == "Bob"
    with team.reading() as session:
        lead = session.scalars(select(Lead).where(Lead.offer == OFFER.name)).one()
        facts = leads.events(session, [lead.id])[lead.id][-1].details["routed"]
    assert (facts["rule"], facts["number"]) == ("Clients", 1)


def test_who_may_sign_in_no_more_is_given_nothing(team: Database) -> None:
    with team.session() as session:
        users.save(session, reps.by_email(session, "zoe@example.org"), "rep").active = False
    generate(team, ROUTED, utcnow())
    assert owner(team) == "Bob"


def test_where_no_rule_finds_anybody_a_lead_stays_to_be_taken(team: Database) -> None:
    nobody = Offer.model_validate(ROUTED.content | {"routing": [{"team": "Nord"}]})
    assert generate(team, nobody, utcnow()).given == 0
    assert owner(team) == ""


def test_other_rules_are_tried_on_the_leads_that_were_opened(team: Database) -> None:
    now = utcnow()
    generate(team, ROUTED, now)
    with team.session() as session:
        ann = reps.by_email(session, "ann@example.org")
        for company, days in ((2, 10), (3, 20), (4, 91)):
            lead = Lead(company_id=company, offer=OFFER.name, stage="sales_accepted", origin="page", owner_id=ann.id)
            lead.opened_at = now - timedelta(days=days)
            leads.add(session, lead, "x")
        other = Offer.model_validate(OFFER.content | {"routing": [{"team": "Sud", "choose": "turn"}]})
        trial = try_routing(session, other, now)
        assert [(lead.company_id, routed.seller.name) for lead, routed in trial.leads if routed] == [
            *((3, "Bob"), (2, "Zoe"), (1, "Bob"))
        ]
        assert trial.reps == [("Ann", 2, 0), ("Bob", 0, 2), ("Zoe", 1, 1)]
        assert try_routing(session, OFFER, now).waiting == 3


def test_a_condition_is_read_as_it_is_written() -> None:
    for text in ("naf=28,29", "headcount>=50", "turnover<=2000000", "turnover=?"):
        assert spelling(spelt(text)) == text
    both = Condition.model_validate({"criterion": "age", "min": 2, "max": 5.5})
    assert spelling(both) == "age>=2; age<=5.5"
