"""A rep's morning and a manager's Monday with leads, in a real browser."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from store import leads, reps
from store.base import utcnow
from store.database import Database
from store.tables import Lead
from tests.support.browser import browser
from tests.support.demo import MANAGER, PASSWORD, REP


def test_a_reps_morning_from_today_to_a_contract(pages: tuple[str, Database]) -> None:
    address, database = pages
    with database.session() as session:
        open_ones = list(session.scalars(select(Lead).where(Lead.stage == "marketing_qualified")))
        for lead in open_ones:
            lead.owner_id = None  # to be taken by whoever sells the offer
        links = ", ".join(f"article a[href='/leads/{one.id}']" for one in open_ones)
    with browser(address) as one:
        one.sign_in(REP, PASSWORD)
        one.open("/?all=1")
        one.follow(one.find(links))
        one.follow(one.find("form[action$='/take'] button"))
        assert "accepté (SAL)" in one.text
        number = int(one.driver.current_url.rsplit("/", 1)[1])
        assert "Pourquoi maintenant" in one.text
        one.find("form[action$='/call'] [name=text]").send_keys("projet confirmé")
        one.press("Rendez-vous pris")
        assert "projet confirmé" in one.text
        for name, typed in (("decision_maker", "Directrice"), ("need", "deux robots"), ("timeframe", "juin")):
            one.find(f"[name={name}]").send_keys(typed)
        one.find("[name=amount]").send_keys("42 000")
        one.find("[name=project]").click()
        one.press("Enregistrer")
        for stage in ("sales_qualified", "opportunity", "won"):
            one.follow(one.find(f"button[name=stage][value={stage}]"))
        assert "42 000 €" in one.text.replace("\u202f", " ").replace("\u00a0", " ")
    with database.reading() as session:
        won = leads.by_id(session, number)
        assert (won.stage, won.kind, won.amount) == ("won", "project", 42_000)


def test_calls_are_noted_by_keys_one_lead_after_the_other(pages: tuple[str, Database]) -> None:
    address, database = pages
    with database.session() as session:
        rep = reps.by_email(session, REP)
        lead = session.scalars(select(Lead).where(Lead.stage == "marketing_qualified")).first()
        assert lead is not None
        lead.next_on, lead.owner_id = None, rep.id
        before_it = leads.calls_since(session, REP, utcnow() - timedelta(hours=1))
    with browser(address) as one:
        one.sign_in(REP, PASSWORD)
        one.open("/leads/calls")
        first = one.find("article h2 a").text
        one.find("body").send_keys("n")
        one.driver.switch_to.active_element.send_keys("rappelle demain")
        one.driver.execute_script("document.activeElement.blur()")
        before = one.find("html")
        one.find("body").send_keys("5")
        one.until(lambda: one.find("html") != before and "est noté" in one.text)
        assert first in one.text
    with database.reading() as session:
        assert leads.calls_since(session, REP, utcnow() - timedelta(hours=1)) == before_it + 1


def test_a_managers_monday_with_late_leads_return_reasons_and_a_suggestion(pages: tuple[str, Database]) -> None:
    address, database = pages
    with database.session() as session:
        late = session.scalars(select(Lead).where(Lead.closed_at.is_(None), Lead.owner_id.is_not(None))).first()
        assert late is not None
        late.due_at, name = utcnow() - timedelta(hours=3), late.company.name
    with browser(address, language="en") as one:
        one.sign_in(MANAGER, PASSWORD)
        one.open("/leads/team")
        assert name in one.text
        assert "Late leads" in one.text
        one.open("/leads/quality")
        assert "Why they were returned" in one.text
        assert "Project postponed" in one.text
        one.open("/leads/pipeline")
        assert "Expected of all" in one.text
        one.open("/offers/leads?name=Machines+et+automatismes")
        one.press("Try it on the last 90 days")
        assert "leads of the last 90 days" in one.text
        one.press("Let it hold")
        assert "It is saved." in one.text
        one.open("/offers/suggestions?name=Machines+et+automatismes")
        one.follow(one.find("form[action='/offers/suggestions'] a"))
        assert "What it would have told in the last 90 days" in one.text
        one.press("Accept it")
        assert "It holds from now on." in one.text
        assert "accepted: version 2" in one.text
