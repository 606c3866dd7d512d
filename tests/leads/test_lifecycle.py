"""The life of a lead, and what every step of it leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from leads import lifecycle, stages
from leads.stages import MOVES, STAGES, Known, missing, next_stages
from store import leads, offers, reps
from store.database import Database
from store.errors import Conflict, Invalid, NotFound
from store.tables import Company, Lead, Rep, Signal
from tests.conftest import Tell

pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
BY = {"source": "page", "author": "x"}


@pytest.fixture
def opened(database: Database, tell: Tell) -> int:
    """The number of a lead of Velmora with one signal."""
    tell("hiring", "Velmora recrute.", NOW)
    with database.session() as session:
        company = session.get_one(Company, 1)
        found = session.scalars(select(Signal)).all()
        lead, is_new = lifecycle.open_lead(
            session, company, "Fibre", found, origin="ranking", author="", now=NOW, told_by="le salon"
        )
        assert is_new
        return lead.id


def rep_of(database: Database, name: str) -> Rep:
    with database.reading() as session:
        return reps.by_email(session, f"{name}@example.org")


def test_from_the_ranking_to_a_contract_every_step_is_an_event(database: Database, opened: int) -> None:
    ann = rep_of(database, "ann")
    with database.session() as session:
        lead = leads.by_id(session, opened, to_change=True)
        lifecycle.take(session, lead, ann, NOW)
        with pytest.raises(Invalid, match=r"cannot move to sales_qualified yet; missing: talk, need"):
            lifecycle.move(session, lead, "sales_qualified", ann.email, NOW)
        lifecycle.call(session, lead, ann.email, "gatekeeper")
        lifecycle.call(session, lead, ann.email, "meeting", "vient jeudi")
        assert lifecycle.plan(session, lead, ann.email, "préparer le devis", (NOW + timedelta(days=3)).date())
        assert lifecycle.fill_in(session, lead, ann.email, need=" 40 postes reliés ")
        assert not lifecycle.fill_in(session, lead, ann.email, need="40 postes reliés")
        lifecycle.move(session, lead, "sales_qualified", ann.email, NOW + timedelta(days=3))
        with pytest.raises(Invalid, match="no project yet; missing: decision_maker, timeframe"):
            lifecycle.make_project(session, lead, ann.email)
        lifecycle.fill_in(session, lead, ann.email, decision_maker="Le DSI", timeframe="avant juin", budget=30_000.0)
        lifecycle.make_project(session, lead, ann.email)
        lifecycle.move(session, lead, "opportunity", ann.email, NOW + timedelta(days=4))
        lifecycle.fill_in(session, lead, ann.email, amount=28_000.0, temperature="hot")
        lifecycle.move(session, lead, "won", ann.email, NOW + timedelta(days=9))
    with database.reading() as session:
        lead = leads.by_id(session, opened)
        assert (lead.stage, lead.kind, lead.closed_at) == ("won", "project", NOW + timedelta(days=9))
        happened = leads.events(session, [opened])[opened]
        assert [one.kind for one in happened] == [
            *(
                "opened",
                "assigned",
                "moved",
                "call",
                "call",
                "planned",
                "changed",
                "moved",
                "changed",
                "changed",
                "moved",
            ),
            *("changed", "moved"),
        ]
        assert happened[0].author == ""
        assert {one.author for one in happened[1:]} == {ann.email}
        won = happened[-1].details
        assert (won["before"]["stage"], won["after"]["stage"]) == ("opportunity", "won")
        assert happened[6].details["before"] == {"need": ""}
        assert [one.id for one, _ in leads.signals_of(session, lead)] == [1]


def test_a_company_has_one_open_lead_for_an_offer_which_new_signals_join(
    database: Database, opened: int, tell: Tell
) -> None:
    tell("new_site", "Velmora ouvre un site.", NOW)
    with database.session() as session:
        company = session.get_one(Company, 1)
        found = session.scalars(select(Signal).order_by(Signal.id)).all()
        lead, is_new = lifecycle.open_lead(session, company, "Fibre", found, origin="page", author="x", now=NOW)
        assert (lead.id, is_new) == (opened, False)
        assert [one.kind for one in leads.events(session, [opened])[opened]] == ["opened", "joined"]
        other, is_new = lifecycle.open_lead(session, company, "Cloud", found, origin="page", author="x", now=NOW)
        assert is_new
        assert set(leads.open_ones(session, [1])) == {(1, "Fibre"), (1, "Cloud")}
        lifecycle.move(session, lead, "lost", "x", NOW, reason="pas de besoin")
        again, is_new = lifecycle.open_lead(session, company, "Fibre", found, origin="page", author="x", now=NOW)
        assert is_new
        assert again.id not in (opened, other.id)
    with pytest.raises(Conflict), database.session() as session:
        leads.add(session, Lead(company_id=1, offer="Fibre", stage="marketing_qualified", origin="api"), "x")


def test_a_lead_that_somebody_took_is_not_taken_again(database: Database, opened: int) -> None:
    ann, zoe = rep_of(database, "ann"), rep_of(database, "zoe")
    with database.session() as session:
        lifecycle.take(session, leads.by_id(session, opened, to_change=True), ann, NOW)
    with database.session() as session, pytest.raises(Conflict, match=r"was taken by ann@example\.org"):
        lifecycle.take(session, leads.by_id(session, opened), zoe, NOW)
    with database.reading() as session:
        assert [one.id for one in leads.listed(session, leads.owned_by(ann.id), limit=9)] == [opened]
        assert leads.listed(session, leads.owned_by(zoe.id), limit=9) == []
        assert [one.id for one in leads.listed(session, *leads.wanted(stage="sales_accepted"), limit=9)] == [opened]
        assert leads.listed(session, *leads.wanted(offer="Cloud"), limit=9) == []
        with pytest.raises(NotFound):
            leads.by_id(session, 999)


def test_a_list_of_somebodys_is_not_cut_by_those_of_others(database: Database, opened: int) -> None:
    ann, zoe = rep_of(database, "ann"), rep_of(database, "zoe")
    with database.session() as session:
        lifecycle.take(session, leads.by_id(session, opened, to_change=True), zoe, NOW - timedelta(days=9))
        for offer, rep in (("Cloud", ann), ("Conseil", None)):
            lead, _ = lifecycle.open_lead(
                session, session.get_one(Company, 1), offer, [], origin="page", author="x", now=NOW + timedelta(days=1)
            )
            lifecycle.assign(session, lead, rep, "x", NOW)
        assert [one.offer for one in leads.listed(session, limit=1)] == ["Fibre"]
        assert [one.offer for one in leads.listed(session, leads.owned_by(ann.id), limit=1)] == ["Cloud"]
        assert [one.offer for one in leads.listed(session, leads.to_be_taken(["Conseil"]), limit=1)] == ["Conseil"]
        assert leads.listed(session, leads.to_be_taken(["Fibre"]), limit=1) == []
        day = NOW.date()
        lifecycle.plan(session, lead, "x", "rappeler", day)
        assert [one.offer for one in leads.listed(session, limit=3)] == [
            "Fibre",
            "Cloud",
            "Conseil",
        ]  # what is late first
        for late in leads.listed(session, limit=2):
            late.due_at = None
        assert [one.offer for one in leads.listed(session, limit=1)] == ["Conseil"]  # then what was planned


def test_what_cannot_be_says_why(database: Database, opened: int) -> None:
    with database.session() as session:
        lead = leads.by_id(session, opened, to_change=True)
        for stage, said in (
            ("perdu", "is no stage; there are marketing_qualified"),
            ("won", "does not move from marketing_qualified to won; from there it moves to sales_accepted, lost"),
            ("sales_accepted", "missing: owner"),
            ("lost", "missing: reason"),
        ):
            with pytest.raises(Invalid, match=said):
                lifecycle.move(session, lead, stage, "x", NOW)
        for values, said in (
            ({"amount": -1.0}, "from 0"),
            ({"temperature": "tiède"}, "one of follow, hot, cold"),
            ({"stage": "won"}, "cannot be filled in"),
        ):
            with pytest.raises(Invalid, match=said):
                lifecycle.fill_in(session, lead, "x", **values)
        with pytest.raises(Invalid, match="no result of a call"):
            lifecycle.call(session, lead, "x", "absent")
        with pytest.raises(Invalid, match="empty"):
            lifecycle.tell(session, lead, "x", " ")
        lifecycle.tell(session, lead, "x", "à rappeler")
        assert [one.kind for one in leads.events(session, [opened])[opened]] == ["opened", "note"]


def test_every_stage_can_be_reached_and_left_but_for_the_last(engine: str) -> None:
    reached: set[str] = {stages.FIRST}
    for _ in STAGES:
        reached |= {to for start, to in MOVES if start in reached}
    assert reached == set(STAGES)
    assert {one for one in STAGES if not next_stages(one)} == set(stages.CLOSED)
    assert missing("won", "lost", Known(reason="x")) is None


def test_what_is_asked_of_an_owner_is_due_until_it_is_done(database: Database, opened: int) -> None:
    ann = rep_of(database, "ann")
    with database.session() as session:
        offers.add(session, "Fibre", {"name": "Fibre", "contract": {"accept_hours": 4, "returns": ["postponed"]}}, **BY)
        lead = leads.by_id(session, opened, to_change=True)
        assert lead.due_at is None
        lifecycle.assign(session, lead, ann, "x", NOW)
        assert lead.due_at == NOW + timedelta(hours=4)
        lifecycle.tell(session, lead, ann.email, "à voir")
        assert lead.due_at is not None
        lifecycle.take(session, lead, ann, NOW)
        assert lead.due_at == NOW + timedelta(days=2)
        lifecycle.call(session, lead, ann.email, "not_reached")
        assert lead.due_at is None
        with pytest.raises(Invalid, match="'duplicate' is no reason to return a lead for 'Fibre'; there are postponed"):
            lifecycle.move(session, lead, "nurturing", ann.email, NOW, returned="duplicate")
        lifecycle.move(session, lead, "nurturing", ann.email, NOW, returned="postponed")
        assert leads.events(session, [opened])[opened][-1].details["returned"] == "postponed"
        assert lead.due_at is None
        lifecycle.move(session, lead, "marketing_qualified", "", NOW)
        assert lead.due_at == NOW + timedelta(hours=4)
