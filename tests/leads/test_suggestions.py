"""What outcomes of leads suggest for an offer's weights."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from leads import lifecycle, offers, suggestions
from leads.offers import Offer
from leads.quality import Share
from signals.types import default_taxonomy
from store import suggestions as kept
from store.database import Database
from store.errors import Conflict, NotFound
from store.tables import Company, LeadMilestone
from tests.conftest import Tell

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def add_leads(
    database: Database, kind: str, number: int, meetings: int, opened: datetime, offer: str = "Fibre"
) -> None:
    """So many leads that signals of a type made, of which so many led to a meeting."""
    with database.session() as session:
        for step in range(number):
            company = Company(name=f"{kind} {opened:%d%H} {step}", country="FR")
            session.add(company)
            session.flush()
            lead, _ = lifecycle.open_lead(session, company, offer, [], origin="ranking", author="", now=opened)
            lifecycle.call(session, lead, "ann@example.org", "not_reached", now=opened)
            if step < meetings:
                lifecycle.call(session, lead, "ann@example.org", "meeting", now=opened)
            session.get_one(LeadMilestone, lead.id).type = kind


@pytest.fixture
def worked(tell: Tell, database: Database) -> Database:
    """Nominations led to 3 meetings in 40, openings to 9 in 31, hiring to 4 in 20; other leads are too young or few."""
    opened = NOW - timedelta(days=60)
    for kind, number, met in (("appointment", 40, 3), ("opening", 31, 9), ("hiring", 20, 4), ("funding", 5, 5)):
        add_leads(database, kind, number, met, opened)
    add_leads(database, "opening", 9, 0, NOW - timedelta(days=3))
    add_leads(database, "opening", 30, 0, opened, "Cloud")
    return database


def found(database: Database, offer: Offer, now: datetime = NOW) -> list[suggestions.Suggestion]:
    with database.reading() as session:
        return suggestions.suggestions_for(session, offer, default_taxonomy(), now)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_weights_are_suggested_where_chance_is_no_explanation(worked: Database) -> None:
    offer = Offer(name="Fibre", types={"opening": 1.5})
    by_type = {one.kind: one for one in found(worked, offer)}
    assert by_type.keys() == {"appointment"}  # of hiring and openings too little is known
    one = by_type["appointment"]
    assert (one.found, one.others) == (Share(3, 40), Share(18, 56))
    assert (one.before, one.after) == (1, 0.6)
    add_leads(worked, "opening", 30, 14, NOW - timedelta(days=50))
    both = {one.kind: (one.before, one.after) for one in found(worked, offer)}
    assert both == {"appointment": (1, 0.5), "opening": (1.5, 1.9)}  # (23 + 20 · 35/126) of 81, over 35 of 126
    assert "appointment" not in {one.kind for one in found(worked, Offer(name="Fibre", types={"appointment": 0}))}
    assert found(worked, Offer(name="Cloud")) == []


def test_rare_types_are_told_together_as_their_family(tell: Tell, database: Database) -> None:
    opened = NOW - timedelta(days=60)
    for kind, number, met in (("opening", 12, 8), ("relocation", 12, 7), ("appointment", 30, 2)):
        add_leads(database, kind, number, met, opened)
    family = default_taxonomy().family_of("opening").family
    by_kind = {one.kind: (one.found, one.before) for one in found(database, Offer(name="Fibre", families={family: 2}))}
    assert by_kind == {"appointment": (Share(2, 30), 1), family: (Share(15, 24), 2)}
    (one, *_) = (one for one in found(database, Offer(name="Fibre")) if one.kind == family)
    assert suggestions.with_weight(Offer(name="Fibre"), one, default_taxonomy()).families == {family: one.after}


def test_what_is_accepted_is_a_version_and_is_judged_anew(worked: Database) -> None:
    offer = Offer(name="Fibre")
    with worked.session() as session:
        offers.save(session, offer, "max")
        (one,) = suggestions.suggestions_for(session, offer, default_taxonomy(), NOW)
        changed = suggestions.with_weight(offer, one, default_taxonomy())
        suggestions.decide(session, changed, one, "max", NOW, "appointments: 0.6", accepted=True)
        changed = offers.named(session, "Fibre")
        assert changed.types == {"appointment": 0.6}
        (decided,) = kept.of_offer(session, "Fibre")
        assert (decided.version, decided.accepted, decided.meetings, decided.leads) == (2, True, 3, 40)
    later = NOW + timedelta(days=100)
    assert found(worked, changed, later) == []
    add_leads(worked, "appointment", 30, 0, NOW + timedelta(days=1))
    add_leads(worked, "opening", 30, 10, NOW + timedelta(days=2))
    assert {one.kind: one.before for one in found(worked, changed, later)}["appointment"] == 0.6


def test_what_is_refused_comes_again_with_half_as_many_leads_more(worked: Database) -> None:
    offer = Offer(name="Fibre")
    with worked.session() as session:
        offers.save(session, offer, "max")
        (one,) = suggestions.suggestions_for(session, offer, default_taxonomy(), NOW)
        changed = suggestions.with_weight(offer, one, default_taxonomy())
        suggestions.decide(session, changed, one, "max", NOW, "", accepted=False)
        assert offers.named(session, "Fibre").types == {}
    add_leads(worked, "appointment", 19, 1, NOW - timedelta(days=40))
    assert found(worked, offer) == []
    add_leads(worked, "appointment", 1, 0, NOW - timedelta(days=39))
    assert [one.kind for one in found(worked, offer)] == ["appointment"]


def test_a_suggestion_that_has_changed_meanwhile_is_not_decided() -> None:
    one = suggestions.Suggestion("opening", 1, 1.4, Share(9, 31), Share(3, 40))
    assert suggestions.named([one], "opening", 1.4) is one
    with pytest.raises(Conflict, match=r"1\.4 is suggested by now, not 1\.6"):
        suggestions.named([one], "opening", 1.6)
    with pytest.raises(NotFound, match="nothing is suggested for 'hiring'"):
        suggestions.named([one], "hiring", 1)
