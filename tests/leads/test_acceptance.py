"""How likely leads are accepted, learnt from those before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from leads import acceptance, lifecycle
from leads.acceptance import Content, learnt
from store import reps
from store.database import Database
from store.lead_figures import Outcome
from store.tables import Company, LeadMilestone
from tests.conftest import Tell

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def outcome(kind: str, headcount: int, *, accepted: bool) -> Outcome:
    nothing = (None, None)
    return Outcome(
        *("Fibre", "ranking", "ann@example.org", "Presse", kind, "69", "FR", headcount, None),
        *(None, None, int(accepted), *nothing, None),
    )


def leads_with(number: int, likely: dict[str, float], seed: int = 1) -> list[Outcome]:
    chance, kinds = Random(seed), list(likely)
    found = []
    for step in range(number):
        kind = kinds[step % len(kinds)]
        found.append(outcome(kind, chance.choice((5, 80, 900)), accepted=chance.random() < likely[kind]))
    return found


def test_it_says_nothing_where_there_are_too_few_outcomes() -> None:
    few = learnt(leads_with(90, {"opening": 0.9, "hiring": 0.1}))
    assert (few.leads, few.weights, few.is_of_use) == (90, {}, False)
    assert learnt([]).weights == {}
    assert learnt(leads_with(400, {"opening": 1.0})).weights == {}  # all were accepted


def test_it_is_measured_on_leads_that_it_was_not_learnt_on() -> None:
    model = learnt(leads_with(900, {"opening": 0.8, "hiring": 0.2, "funding": 0.5}))
    assert model.is_of_use
    assert sum(one.leads for one in model.bins) == 270
    for one in model.bins:
        assert one.said == pytest.approx(one.accepted / one.leads, abs=0.15)
    features = {kind: acceptance.features_of(kind, "ranking", "69", "50-249") for kind in ("opening", "hiring")}
    assert model.likely(features["opening"]) == pytest.approx(0.8, abs=0.1)
    assert model.likely(features["hiring"]) == pytest.approx(0.2, abs=0.1)
    assert {*acceptance.strongest(model, 2)} == {"type:opening", "type:hiring"}


def test_where_nothing_can_be_said_it_is_of_no_use() -> None:
    model = learnt(leads_with(900, {"opening": 0.5, "hiring": 0.5}, 4))
    assert model.weights
    assert not model.is_of_use or model.brier_of_mean - model.brier < 0.002


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_it_is_learnt_once_a_day_from_leads_that_are_decided(tell: Tell, database: Database) -> None:
    opened = NOW - timedelta(days=60)
    with database.session() as session:
        ann = reps.by_email(session, "ann@example.org")
        for step in range(220):
            company = Company(name=f"C{step}", country="FR")
            session.add(company)
            session.flush()
            at = opened + timedelta(hours=step) if step < 200 else NOW - timedelta(days=2)
            lead, _ = lifecycle.open_lead(session, company, "Fibre", [], origin="ranking", author="", now=at)
            if step % 2 and step < 200:
                lifecycle.take(session, lead, ann, at)
            session.get_one(LeadMilestone, lead.id).type = "opening" if step % 2 else "hiring"
        assert acceptance.learn(session, "Fibre", NOW)
        assert not acceptance.learn(session, "Fibre", NOW + timedelta(hours=10))
        assert acceptance.learn(session, "Fibre", NOW + timedelta(hours=21))
        assert acceptance.model_of(session, "Cloud") is None
        content, at = acceptance.model_of(session, "Fibre") or (Content(leads=0, accepted=0), NOW)
    assert at == NOW + timedelta(hours=21)
    assert (content.leads, content.accepted, content.is_of_use) == (200, 100, True)
