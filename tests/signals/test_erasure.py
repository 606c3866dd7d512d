"""Erasing a person everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from companies.linker import open_linker
from leads import lifecycle
from leads.offers import Offer
from leads.offers import save as save_offer
from signals.analyse import analyse_collected
from signals.concealment import COVER
from signals.erasure import erase
from signals.rules import default_extractor
from store import contacts, documents, leads, outbox, reps, users, watchlists
from store.base import utcnow
from store.database import Database
from store.documents import Article
from store.errors import Invalid
from store.tables import Audit, Company, Contact, Document, ErasedPerson, Outbox, Signal, Source
from tests.conftest import Tell

TITLE = "Velmora nomme Inès Chabrol directrice industrielle"
TEXT = "Velmora nomme Inès Chabrol directrice industrielle. Mme Chabrol vient de Castelor."


def collect(database: Database, number: int) -> int:
    with database.session() as session:
        source = session.scalars(select(Source)).one()
        url = f"https://presse.example/nomination-{number}"
        (document,) = documents.announce(session, source, [Article(url, TITLE, TEXT, None, utcnow())])
        document.state = "collected"
        return document.id


@pytest.fixture
def named(database: Database, tell: Tell, tmp_path: Path) -> Database:
    """Inès Chabrol stands in an article and what it tells, a contact, a lead with its history, a list, the audit."""
    collect(database, 1)
    analyse_collected(database, default_extractor(), open_linker(database, tmp_path))
    with database.session() as session:
        company, ann = session.get_one(Company, 1), reps.by_email(session, "ann@example.org")
        typed = Contact(company_id=1, name="CHABROL Inès", folded="chabrol ines", function="DI", said_at=utcnow())
        session.add(typed)
        save_offer(session, Offer(name="Fibre"), "test")
        lead, _ = lifecycle.open_lead(session, company, "Fibre", [], origin="page", author="", now=utcnow())
        lifecycle.fill_in(session, lead, ann.email, decision_maker="Inès Chabrol, DI")
        leads.note(session, lead, "note", ann.email, text="Inès Chabrol rappelle lundi")
        watchlists.of_rep(session, ann)[0].content = {"people": ["Ines Chabrol", "Anne Vidal"]}
        users.note(session, ann.email, "contact", "#1: Inès Chabrol")
    return database


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_an_erased_person_stands_nowhere_and_does_not_come_back(named: Database, tmp_path: Path) -> None:
    with named.session() as session:
        outbox.done(session, session.scalars(select(Outbox.id)).all())
        done = erase(session, "ines  Chabrol", "ada@example.org")
        assert (done.documents, done.contacts, done.leads, done.is_new) == (1, 2, 1, True)
    number = collect(named, 2)
    analyse_collected(named, default_extractor(), open_linker(named, tmp_path))
    with named.reading() as session:
        assert contacts.of_companies(session, [1]) == {1: []}
        told = session.scalars(select(Signal)).all()
        assert {one.type for one in told} >= {"appointment"}
        texts = [part for one in session.scalars(select(Document)) for part in (one.title, one.text)]
        texts += [f"{one.sentence} {one.slots} {one.subject}" for one in told]
        (lead,) = leads.listed(session, limit=9)
        texts += [lead.decision_maker, *(str(one.details) for one in leads.events(session, [lead.id])[lead.id])]
        texts += [one.what for one in session.scalars(select(Audit))]
        assert not any("Chabrol" in text or "CHABROL" in text for text in texts)
        assert lead.decision_maker == COVER * len("Inès Chabrol") + ", DI"
        assert any("rappelle lundi" in text for text in texts)
        assert watchlists.of_rep(session, reps.by_email(session, "ann@example.org"))[0].content == {
            "people": ["Anne Vidal"]
        }
        assert {one.document_id for one in session.scalars(select(Outbox))} == {1, number}
        assert "ines" not in session.scalars(select(ErasedPerson)).one().digest
    with named.session() as session:
        assert not erase(session, "Inès Chabrol", "ada@example.org").is_new


def test_half_a_name_is_none(named: Database) -> None:
    with named.session() as session, pytest.raises(Invalid, match="first and the last name"):
        erase(session, "Chabrol", "ada@example.org")
