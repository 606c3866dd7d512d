from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from companies.folding import name_key
from companies.linker import Linker, open_linker
from nlp.extract import Extractor, Passage
from signals.analyse import analyse_collected
from signals.findings import Finding, Text, read
from signals.linking import EmptyRegister, LinkRequest, disambiguate_all
from signals.rules import default_extractor
from signals.types import default_taxonomy
from store import companies, documents, failures, sources
from store.companies import CompanyRow
from store.database import Database
from store.documents import Article, Page
from store.sources import SourceEntry
from store.tables import Company, Document, Failure, Name, Signal, Source

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def row(name: str, siren: str) -> CompanyRow:
    return CompanyRow(name=name, names={name_key(name): name}, siren=siren)


@pytest.fixture
def linker(database: Database, tmp_path: Path) -> Linker:
    rows = [row("Forges Amblard", "732829320"), row("Voltrix", "005650007"), row("Tvinne", "005650015")]
    with database.session() as session:
        companies.save(session, [*rows, row("TVINNE", "005650023")])
    return open_linker(database, tmp_path)


def found(linker: Linker, title: str, text: str = "") -> dict[str, Finding]:
    (reading,) = read([Text(title, text, "fr")], default_extractor(), linker)
    return {finding.event.type: finding for finding in reading.findings}


def test_the_two_sides_of_an_acquisition_get_their_roles(linker: Linker) -> None:
    for title in ("Forges Amblard rachète Voltrix", "Voltrix est racheté par Forges Amblard"):
        sides = {f.role: f.subject for f in found(linker, title).values()}
        assert sides == {"acquirer": "Forges Amblard", "target": "Voltrix"}, title
        assert {f.event.type for f in found(linker, title).values()} <= set(default_taxonomy().types)


def test_a_sentence_without_a_company_takes_that_of_the_title(linker: Linker) -> None:
    event = found(linker, "Voltrix voit grand", "La société lève 12 millions d'euros auprès de fonds.")["funding"]
    assert (event.subject, event.slots["amount"]) == ("Voltrix", [{"value": 12e6, "currency": "EUR"}])
    assert event.link_confidence < found(linker, "Voltrix lève 12 millions d'euros")["funding"].link_confidence


def test_one_name_of_two_companies_is_ambiguous_and_linked_to_none(linker: Linker) -> None:
    event = found(linker, "Tvinne lève 12 millions d'euros")["funding"]
    assert (event.subject, event.company_id, len(event.company_ids)) == ("Tvinne", None, 2)


def test_a_deal_across_a_border_is_told_of_both_sides(linker: Linker) -> None:
    (reading,) = read([Text("Forges Amblard rachète l'espagnol Voltrix", "", "fr")], default_extractor(), linker)
    abroad = reading.findings
    deals = {f.role: f.subject for f in abroad if f.event.type == "foreign_deal"}
    assert deals == {"acquirer": "Forges Amblard", "target": "Voltrix"}
    assert {family for f in abroad for family in f.event.families} == {"growing", "international"}
    assert "foreign_deal" not in found(linker, "Forges Amblard rachète Voltrix")
    assert "foreign_deal" not in found(linker, "Forges Amblard ouvre une usine en Espagne")


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("is_of_page", [False, True])
def test_today_is_the_day_of_who_published(database: Database, linker: Linker, is_of_page: bool) -> None:
    at = datetime.fromisoformat("2026-11-26T00:10:00+01:00")
    title = "Forges Amblard nomme aujourd'hui Claire Vidal directrice générale"
    with database.session() as session:
        sources.synchronise(session, [SourceEntry("https://presse.example/rss", "Presse")])
        session.flush()
        article = Article(
            "https://presse.example/1", title, "Elle suit M. Roy.", published_at=None if is_of_page else at
        )
        (document,) = documents.announce(session, session.scalars(select(Source)).one(), [article])
        page = Page(title, "Elle suit M. Roy.", None, at, "text/html", b"<p>x</p>", date_source="jsonld")
        documents.complete(session, document, page if is_of_page else None)
    assert analyse_collected(database, default_extractor(), linker) == 1
    with database.session() as session:
        signal = session.scalars(select(Signal)).one()
        assert (signal.event_date, signal.published_at) == (date(2026, 11, 26), at)
        assert signal.document.published_on == date(2026, 11, 26)
        renamed = Article("https://presse.example/2", title, published_at=at.astimezone(UTC))
        assert len(documents.announce(session, signal.document.source, [renamed])) == is_of_page


def test_collected_documents_become_signals_once(database: Database, linker: Linker) -> None:
    title = "Forges Amblard nomme Claire Vidal directrice générale"
    with database.session() as session:
        sources.synchronise(session, [SourceEntry("https://presse.example/rss", "Presse")])
        session.flush()
        source = session.scalars(select(Source)).one()
        articles = [
            Article("https://presse.example/1", title, "Elle prend la tête du groupe lundi.", published_at=NOW),
            Article("https://presse.example/2", "Il fera beau demain", "Soleil partout."),
        ]
        for document in documents.announce(session, source, articles):
            documents.complete(session, document, None)
    assert analyse_collected(database, default_extractor(), linker) == 1
    assert analyse_collected(database, default_extractor(), linker) == 0
    with database.session() as session:
        signal = session.scalars(select(Signal)).one()
        company = session.get_one(Company, signal.company_id)
        assert (company.name, signal.type, signal.families) == ("Forges Amblard", "appointment", ["hr_moves"])
        assert (signal.status, signal.event_date, signal.published_at) == ("done", NOW.date(), NOW)
        assert signal.document.full_text[signal.start : signal.end] == signal.sentence == title
        assert signal.slots["person"] == ["Claire Vidal"]
        assert set(session.scalars(select(Document.state))) == {"analysed"}


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_document_that_cannot_be_analysed_waits_alone(
    database: Database, linker: Linker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.session() as session:
        source = sources.add(session, SourceEntry("https://presse.example/rss", "Presse"))
        titles = ["Voltrix lève 12 millions d'euros", "Forges Amblard ouvre une usine à Firminy", "Tvinne recrute"]
        for number, title in enumerate(titles):
            (one,) = documents.announce(session, source, [Article(f"https://presse.example/{number}", title)])
            documents.complete(session, one, None)
    extractor = default_extractor()
    read_all = Extractor.extract_all

    def stumbles(self: Extractor, passages: list[Passage]) -> object:
        if any("Voltrix" in one.text for one in passages):
            raise ValueError("a figure does not fit")
        return read_all(self, passages)

    monkeypatch.setattr(Extractor, "extract_all", stumbles)
    assert analyse_collected(database, extractor, linker) > 0
    assert analyse_collected(database, extractor, linker) == 0  # it is not tried again at once
    with database.session() as session:
        assert session.scalars(select(Document.state).order_by(Document.id)).all() == ["collected"] + ["analysed"] * 2
        ((kind, unit, tries, error),) = session.execute(
            select(Failure.kind, Failure.unit, Failure.tries, Failure.error)
        ).all()
        assert (kind, unit, tries, error) == ("document", "1", 1, "ValueError: a figure does not fit")
        assert not documents.is_any_waiting(session, datetime.now(UTC))  # no digest waits for it
        failures.forget(session, "document", [1])
    monkeypatch.undo()
    assert analyse_collected(database, extractor, linker) == 1
    with database.session() as session:
        assert not failures.everything(session)


def test_names_added_later_are_found_by_the_next_linker(database: Database, linker: Linker, tmp_path: Path) -> None:
    with database.session() as session:
        companies.save(session, [row("Nouvelle Verrerie", "552100554")])
    assert [m.text for m in open_linker(database, tmp_path).find("La Nouvelle Verrerie recrute")] == [
        "Nouvelle Verrerie"
    ]
    base, added = sorted(one.name for one in tmp_path.glob("names-*"))
    assert added.startswith(f"{base}+")
    with database.session() as session:
        companies.save(session, [row("Voltrix Ouest", "356000000")])
        session.execute(delete(Name).where(Name.folded == "voltrix"))
    assert [m.text for m in open_linker(database, tmp_path).find("Voltrix Ouest et Voltrix")] == ["Voltrix Ouest"]
    assert len(list(tmp_path.glob("names-*"))) == 1


def test_an_index_whose_writing_was_cut_off_is_written_anew(database: Database, linker: Linker, tmp_path: Path) -> None:
    (index,) = tmp_path.glob("names-*")
    cut_off = index.rename(index.with_name(f"{index.name}.77.tmp"))
    assert [m.text for m in open_linker(database, tmp_path).find("Voltrix recrute")] == ["Voltrix"]
    assert set(tmp_path.glob("names-*")) == {index, cut_off}, "another process may still write it"
    os.utime(cut_off, (0, 0))
    open_linker(database, tmp_path)
    assert list(tmp_path.glob("names-*")) == [index]


def test_the_sentence_that_names_the_company_is_the_proof(linker: Linker) -> None:
    text = (
        "Son logo sera sur le maillot, a dit le sponsor. Voltrix devient partenaire officiel du club de rugby de Dole."
    )
    told = found(linker, "Voltrix et le ballon ovale", text)["sponsoring"]
    assert told.event.sentence == "Voltrix devient partenaire officiel du club de rugby de Dole."
    assert told.role == "subject"


def test_the_sentence_that_says_how_much_is_the_proof(linker: Linker) -> None:
    text = "La chaîne double la capacité de l'atelier. L'entreprise y a consacré 4 millions d'euros."
    told = found(linker, "Voltrix inaugure une chaîne de montage à Dole", text)["investment"]
    assert told.event.sentence == "L'entreprise y a consacré 4 millions d'euros."
    assert told.slots["amount"] == [{"value": 4e6, "currency": "EUR"}]


def test_the_event_of_a_company_that_nobody_knows_is_not_told_of_the_one_in_the_title(linker: Linker) -> None:
    event = found(linker, "Voltrix a un rival", "Bergamote Robotics lève 12 millions d'euros.")["funding"]
    assert (event.subject, event.company_id, event.company_ids) == ("Bergamote Robotics", None, ())
    start, end = event.span
    assert "Voltrix a un rival\nBergamote Robotics lève"[start:end] == "Bergamote Robotics"


def test_a_lone_name_is_the_company_where_it_is_a_party_to_an_event(linker: Linker) -> None:
    funding = found(linker, "", "Une levée de fonds de 12 millions d'euros pour Voltrix.")["funding"]
    assert (funding.company_id, funding.subject) == (2, "Voltrix")
    assert funding.reasons[-1].what == "a party to the event"
    (alone,) = disambiguate_all([LinkRequest("Le procès de Voltrix est reporté.", 0, "fr")], linker, EmptyRegister())
    assert [one.outcome for one in alone] == ["ambiguous"]  # of which nothing is told
    two = found(linker, "", "Une levée de fonds de 12 millions d'euros pour Tvinne.")["funding"]
    assert (two.company_id, len(two.candidates)) == (None, 2)  # of two of one name neither is meant sooner
    piece = found(linker, "", "Une levée de fonds de 12 millions d'euros pour les Voltrix Chimie.")["funding"]
    assert piece.company_id is None
