"""Mails on leads whose owners are late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from digests.deliver import deliver
from digests.reminders import remind
from digests.transport import SmtpServer
from leads.lifecycle import assign, open_lead
from store import documents, failures, leads, offers, reps, signals, users
from store.base import utcnow
from store.database import Database
from store.tables import Company, Document
from tests.conftest import Tell
from tests.digests.support import NOW, SENDER, Inbox, text

CONTRACT = {"name": "Fibre", "contract": {"accept_hours": 2, "grace_hours": 1}, "routing": [{}]}


@pytest.fixture
def given(database: Database, tell: Tell) -> Database:
    """Zoé, who writes French, was given two leads at 07:30; Ann sells the offer as well, and Max manages."""
    with database.session() as session:
        users.save(session, reps.save(session, "max@example.org", "Max", "en"), "manager")
        offers.add(session, "Fibre", CONTRACT, source="page", author="x")
        sellers = [reps.by_email(session, f"{name}@example.org") for name in ("zoe", "ann")]
        offers.give(session, "Fibre", sellers)
        for number in (1, 2):
            company = session.get_one(Company, number)
            lead, _ = open_lead(session, company, "Fibre", [], origin="page", author="x", now=NOW)
            assign(session, lead, sellers[0], "x", NOW)
    return database


def mails(database: Database, inbox: tuple[Inbox, SmtpServer], hours: float) -> list[tuple[str, str]]:
    """To whom which mails go so long after, with their subjects."""
    box, server = inbox
    now, before = NOW + timedelta(hours=hours), len(box.mails())
    remind(database, SENDER, now)
    list(deliver(database, server, now))
    return sorted((str(one["To"]), str(one["Subject"])) for one in box.mails()[before:])


def test_the_owner_is_reminded_then_another_has_them_then_the_manager_knows(
    given: Database, inbox: tuple[Inbox, SmtpServer]
) -> None:
    assert mails(given, inbox, 1.9) == []
    (reminded,) = mails(given, inbox, 2)
    assert reminded == ("Zoé Lefèvre-Œuvrard <zoe@example.org>", "Vigie : 2 leads vous attendent")
    said = text(inbox[0].mails()[-1]).replace("\r", "")
    assert "Castelor (Fibre)\n  à accepter avant : 10 mars 2026, 10:30\n  https://vigie.example/leads/2" in said
    assert mails(given, inbox, 2) == []
    assert mails(given, inbox, 3) == [("Ann Oak <ann@example.org>", "Vigie: 2 leads are yours now")]
    with given.reading() as session:
        assert {one.owner.name for one in leads.listed(session, limit=9) if one.owner} == {"Ann Oak"}
    assert [to for to, _ in mails(given, inbox, 5)] == ["Ann Oak <ann@example.org>"]
    assert mails(given, inbox, 30) == [("Max <max@example.org>", "Vigie: 2 leads stay where they are")]
    assert "Ann Oak was reminded and did nothing" in text(inbox[0].mails()[-1]).replace("\r", "")
    assert mails(given, inbox, 300) == []


def test_what_goes_wrong_with_one_owner_is_noted_and_the_others_are_reminded(
    given: Database, inbox: tuple[Inbox, SmtpServer]
) -> None:
    with given.session() as session:
        assign(session, leads.by_id(session, 2), reps.by_email(session, "ann@example.org"), "x", NOW)
        reps.by_email(session, "zoe@example.org").zone = "Nowhere/Land"
    assert [to for to, _ in mails(given, inbox, 2)] == ["Ann Oak <ann@example.org>"]
    with given.reading() as session:
        zoe = str(reps.by_email(session, "zoe@example.org").id)
        assert set(failures.of_kind(session, "reminder")) == {zoe}
        assert leads.events(session, [1])[1][-1].kind == "assigned"
    with given.session() as session:
        reps.by_email(session, "zoe@example.org").zone = ""
    assert [to.split()[0] for to, _ in mails(given, inbox, 2.5)] == ["Zoé"]
    with given.reading() as session:
        assert not failures.of_kind(session, "reminder")


def test_the_owner_is_told_once_that_a_lead_lost_a_signal(
    given: Database, tell: Tell, inbox: tuple[Inbox, SmtpServer]
) -> None:
    tell("opening", "Velmora ouvre une usine.", NOW)
    with given.session() as session:
        lead, (signal,) = leads.by_id(session, 1), signals.by_ids(session, [1])
        leads.join(session, lead, [signal], NOW)
    assert mails(given, inbox, 0.1) == []
    with given.session() as session:
        documents.drop(session, session.get_one(Document, 1))
    later = (utcnow() - NOW) / timedelta(hours=1) + 1  # what is lost is lost now, and all leads are late by then
    with given.session() as session:
        for one in leads.listed(session, limit=9):
            one.due_at = None
    (told,) = mails(given, inbox, later)
    assert told == ("Zoé Lefèvre-Œuvrard <zoe@example.org>", "Vigie : 1 lead a perdu un signal")
    assert "ce qui parlait pour lui a été démenti" in text(inbox[0].mails()[-1])
    assert mails(given, inbox, later + 1) == []
    with given.reading() as session:
        *_, lost, said = leads.events(session, [1])[1]
        assert (lost.kind, lost.details) == ("retracted", {"signals": [1], "text": "Velmora ouvre une usine."})
        assert (said.kind, said.details) == ("told of loss", {"to": "Zoé Lefèvre-Œuvrard"})
