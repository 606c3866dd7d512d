"""Which parts a mail has, what stands in each, and what it has no room for."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from digests.spark import blocks, svg_points
from digests.transport import MailFolder
from leads import offers
from leads.offers import Offer
from signals.stories import assign
from signals.types import default_taxonomy
from store import offers as given
from store import reps
from store.database import Database
from store.tables import Contact, Delivery, Mention, Rep, Signal
from tests.conftest import Tell
from tests.digests.support import NOW, YESTERDAY, send
from tests.leads.support import rank

OFFER = {
    "name": "Robots",
    "fit": [{"criterion": "department", "in": ["69"], "points": 50}],
    "pitches": {"hr_moves": "Proposez un bras."},
}
OTHER = {"name": "Fours", "fit": [{"criterion": "country", "in": ["FR"], "points": 50}], "thresholds": {"timing": 9}}


@pytest.fixture
def ranked(database: Database, tell: Tell) -> Database:
    """Velmora (followed) is hot for Robots, Castelor (not followed) is potential for Fours; both have news."""
    tell("appointment", "Velmora nomme Zoé Gall directrice industrielle.", YESTERDAY)
    tell("hiring", "Castelor recrute.", YESTERDAY, company=2)
    with database.session() as session:
        named = session.scalars(select(Signal).where(Signal.type == "appointment")).one()
        named.slots = {"person": ["Zoé Gall"], "role": ["directrice industrielle"]}
        for content in (OFFER, OTHER):
            offers.save(session, Offer.model_validate(content), "test")
            given.give(session, str(content["name"]), reps.everyone(session))
        session.add(Mention(document_id=named.document_id, company_id=1))
        held = {"name": "Zoé Gall", "folded": "zoe gall", "function": "directrice industrielle"}
        session.add(Contact(company_id=1, document_id=named.document_id, said_at=YESTERDAY, **held))
    assign(database, lambda kind, confidence: True)
    for content in (OFFER, OTHER):
        rank(database, Offer.model_validate(content), default_taxonomy(), NOW.date())
    return database


def pages(database: Database, folder: Path, minutes: int = 0) -> dict[str, str]:
    """The HTML of each rep's mail by address."""
    found = send(database, MailFolder(folder), NOW + timedelta(minutes=minutes))
    return {one.email: Path(one.where).read_text("utf-8") if one.where else "" for one in found}


def change(database: Database, **changes: object) -> None:
    with database.session() as session:
        for rep in session.scalars(select(Rep)):
            for name, value in changes.items():
                setattr(rep, name, value)


def test_hot_leads_come_first_with_a_reason_to_call(ranked: Database, tmp_path: Path) -> None:
    mails = pages(ranked, tmp_path)
    french, english = mails["zoe@example.org"], mails["ann@example.org"]
    assert re.findall(r"<h2[^>]*>([^<]+)", french) == ["Prospects chauds", "Prospects potentiels"]
    said = "Pourquoi appeler : Nomination, hier ; demandez Zoé Gall (directrice industrielle). Proposez un bras."
    assert said in french
    assert "Why call: Appointment, yesterday; ask for Zoé Gall (operations). Proposez un bras." in english
    assert french.count("Velmora nomme") == 1
    assert "Castelor recrute" in french
    assert "1 article en 14 jours" in french
    assert "polyline" in french
    assert "Castelor recrute" not in "".join(pages(ranked, tmp_path, 60 * 24).values())


def test_a_rep_gets_the_leads_of_what_they_sell(ranked: Database, tmp_path: Path) -> None:
    change(ranked, offer="Fours")
    html = pages(ranked, tmp_path)["zoe@example.org"]
    assert re.findall(r"<h2[^>]*>([^<]+)", html) == ["Dans vos listes", "Prospects potentiels"]
    change(ranked, offer="-")
    assert "Castelor" not in pages(ranked, tmp_path, 1)["zoe@example.org"]


def test_leads_of_an_offer_reach_those_alone_whom_it_is_given_to(ranked: Database, tmp_path: Path) -> None:
    with ranked.session() as session:
        zoe = reps.by_email(session, "zoe@example.org")
        assert given.take(session, "Robots", [zoe]) == 1
        assert given.give(session, "Fours", reps.everyone(session)) == 0
    mails = pages(ranked, tmp_path)
    assert "Prospects chauds" not in mails["zoe@example.org"]
    assert "Hot leads" in mails["ann@example.org"]


def test_a_new_rep_has_the_offers_there_are_and_a_new_offer_has_no_rep(ranked: Database) -> None:
    with ranked.session() as session:
        new = reps.save(session, "new@example.org", "New", "fr")
        offers.save(session, Offer.model_validate({**OFFER, "name": "Presses"}), "test")
        assert given.of_rep(session, new) == ["Fours", "Robots"]
        assert "Presses" not in given.given(session)


def test_what_a_mail_has_no_room_for_is_counted_and_kept(ranked: Database, tmp_path: Path) -> None:
    change(ranked, most=1)
    html = pages(ranked, tmp_path)["zoe@example.org"]
    assert "Velmora nomme" in html
    assert "Castelor recrute" not in html
    assert "1 autre actualité est retenue : la voir</a>" in html
    with ranked.session() as session:
        assert sorted(session.scalars(select(Delivery.held))) == ["", "", "quota", "quota"]


def test_a_mail_stays_small_and_asks_for_nothing_from_elsewhere(ranked: Database, tell: Tell, tmp_path: Path) -> None:
    for number in range(60):
        tell("contract_won", f"Velmora gagne le marché {number} " + "de la ville de Lyon " * 12, YESTERDAY)
    assign(ranked, lambda kind, confidence: True)
    html = pages(ranked, tmp_path)["zoe@example.org"]
    assert len(html.encode()) < 100_000
    mails = list(tmp_path.glob("*.eml"))
    assert max(one.stat().st_size for one in mails) < 200_000
    assert not re.findall(r"<(?:img|link|script|iframe)|url\(|@import", html)


def test_followed_companies_that_no_source_names_are_said(ranked: Database, tmp_path: Path) -> None:
    with ranked.session() as session:
        for one in session.scalars(select(Mention)):
            session.delete(one)
    assert "depuis 30 jours : Velmora &amp; Fils." in pages(ranked, tmp_path)["zoe@example.org"]


def test_small_lines() -> None:
    assert blocks([0, 1, 7]) == "▁▂█"
    assert blocks([0, 0]) == "▁▁"
    assert svg_points([0, 2]) == "2.0,18.0 82.0,2.0"
    assert svg_points([0]) == "2.0,18.0"


@pytest.mark.parametrize(("hours", "said"), [(30, "Ouverture de site (désormais fait)"), (5, "Ouverture de site")])
def test_a_plan_that_becomes_a_fact_is_told_once_as_done(
    database: Database, tell: Tell, tmp_path: Path, hours: int, said: str
) -> None:
    tell("opening", "Velmora va ouvrir une usine.", YESTERDAY - timedelta(hours=hours), status="planned")
    tell("opening", "L'usine de Velmora a ouvert.", YESTERDAY)
    assign(database, lambda kind, confidence: True)
    html = pages(database, tmp_path)["zoe@example.org"]
    assert html.count('class="item"') == 1
    assert [one.strip() for one in re.findall(r">(Ouverture[^<]*)<", html)] == [said] * 2  # also in the table
    assert "(prévu)" not in html


def test_what_was_told_as_planned_is_told_again_when_it_is_done_and_not_the_other_way_round(
    database: Database, tell: Tell, tmp_path: Path
) -> None:
    for day, (sentence, status, said) in enumerate(
        (
            ("Velmora va ouvrir une usine.", "planned", "(prévu)"),
            ("L'usine de Velmora a ouvert.", "done", "(désormais fait)"),
            ("Velmora doit ouvrir une usine.", "planned", "Rien de nouveau"),
        )
    ):
        tell("opening", sentence, YESTERDAY, status=status)
        assign(database, lambda kind, confidence: True)
        assert said in pages(database, tmp_path, minutes=day * 24 * 60)["zoe@example.org"]
