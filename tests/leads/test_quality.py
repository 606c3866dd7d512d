"""What became of leads, in figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from leads import lifecycle
from leads.quality import Share, quality, size_of
from signals.types import default_taxonomy
from store import leads, reps
from store.database import Database
from store.tables import Company, Lead, Score, Signal
from tests.conftest import Tell

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 3, 0.0, 0.5615), (3, 3, 0.4385, 1.0), (81, 263, 0.2553, 0.3662), (0, 0, 0, 1)],
)
def test_the_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    assert Share(part, whole).interval == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("headcount", "band", "size"),
    [(9, None, "1-9"), (250, None, "250-4999"), (5000, "01", "5000+"), (None, "12", "10-49"), (None, "NN", "")],
)
def test_sizes_are_those_of_the_register(headcount: int | None, band: str | None, size: str) -> None:
    assert size_of(headcount, band) == size


@pytest.fixture
def worked(database: Database, tell: Tell) -> Database:
    """Ann won a lead made by an opening and returned one; Zoé was late with one that hiring made."""
    tell("opening", "Velmora ouvre.", NOW)
    tell("hiring", "Castelor recrute.", NOW, 2)
    with database.session() as session:
        ann, zoe = (reps.by_email(session, f"{name}@example.org") for name in ("ann", "zoe"))
        session.get_one(Company, 1).headcount = 120
        found = {one.company_id: one for one in session.scalars(select(Signal))}

        def lead(company: int, offer: str, day: int) -> Lead:
            made, _ = lifecycle.open_lead(
                session,
                session.get_one(Company, company),
                offer,
                [found[company]],
                origin="ranking",
                author="",
                now=NOW + timedelta(days=day),
            )
            return made

        won = lead(1, "Fibre", 0)
        lifecycle.assign(session, won, ann, "", NOW + HOUR)
        lifecycle.take(session, won, ann, NOW + 3 * HOUR)
        for hours, result in ((4, "not_reached"), (4.5, "gatekeeper"), (5, "meeting")):
            lifecycle.call(session, won, ann.email, result, now=NOW + hours * HOUR)
        known = {"need": "fibre", "decision_maker": "DSI", "timeframe": "juin", "amount": 9000.0}
        lifecycle.fill_in(session, won, ann.email, NOW + 5 * HOUR, **known)
        for stage in ("sales_qualified", "opportunity", "won"):
            lifecycle.move(session, won, stage, ann.email, NOW + 6 * HOUR)
        returned = lead(1, "Cloud", 1)
        lifecycle.take(session, returned, ann, NOW + 30 * HOUR)
        lifecycle.move(session, returned, "nurturing", ann.email, NOW + 31 * HOUR, returned="no_budget")
        late = lead(2, "Fibre", 2)
        lifecycle.assign(session, late, zoe, "", NOW + 48 * HOUR)
        lifecycle.take(session, late, zoe, NOW + 480 * HOUR)
        lead(2, "Cloud", 40)
        for offer, company, state in (("Fibre", 1, "hot"), ("Robots", 1, "potential"), ("Cloud", 2, "potential")):
            session.add(Score(offer=offer, company_id=company, fit=9, timing=9, state=state))
        session.add(Score(offer="Robots", company_id=2, fit=1, timing=1, state="none"))
    return database


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_leads_are_counted_by_what_made_them_and_who_had_them(worked: Database) -> None:
    with worked.reading() as session:
        found = quality(session, default_taxonomy(), NOW, NOW + timedelta(days=30))
        later = quality(session, default_taxonomy(), NOW + timedelta(days=30), NOW + timedelta(days=60))
        assert found.base == (3, 5)  # two more are ranked, one of them for an offer without a lead
        assert quality(session, default_taxonomy(), NOW, NOW + timedelta(days=30), offer="Cloud").base == (1, 2)
    total = found.total
    assert (total.leads, total.share("accepted"), total.share("won"), total.returns) == (3, (3, 3), (1, 3), (1, 3))
    assert (total.revenue, total.per_lead, dict(total.reasons)) == (9000, 3000, {"no_budget": 1})
    assert total.punctual == (1, 2)  # what Ann took of herself was asked of nobody
    assert (total.to_accept, total.to_act) == (2, 1)  # of 2, 0 (taken) and 432 hours
    groups = {name: {one.key: one.leads for one in of_it} for name, of_it in found.groups.items()}
    assert groups["offer"] == {"Fibre": 2, "Cloud": 1}
    assert groups["rep"] == {"ann@example.org": 2, "zoe@example.org": 1}
    assert groups["type"] == {"opening": 2, "hiring": 1}
    assert groups["source"] == {"Presse": 3}
    assert groups["origin"] == {"ranking": 3}
    assert groups["territory"] == {"69": 2, "FR": 1}
    assert groups["size"] == {"50-249": 2, "": 1}
    assert set(groups["family"]) == {default_taxonomy().family_of(one).family for one in ("opening", "hiring")}
    assert found.groups["rep"][0].share("won") == (1, 2)
    everybody, ann = found.calls
    assert (ann.author, ann.number, ann.hours, ann.per_hour, ann.per_meeting) == ("ann@example.org", 3, 2, 1.5, 3)
    assert (everybody.reached, everybody.argued, everybody.share("refused")) == ((2, 3), (1, 3), (0, 3))
    assert (later.total.leads, later.total.to_accept, list(later.calls)) == (1, None, [])
    with worked.reading() as session:
        mine = quality(session, default_taxonomy(), NOW, NOW + timedelta(days=30), leads.owned_by(2))
    assert mine.total.leads == 2
