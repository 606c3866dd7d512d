"""Corrections by people, and what they change of the documents that are stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from companies.folding import name_key
from companies.linker import open_linker
from companies.lookup import named_company
from leads.board_files import open_board
from signals.analyse import analyse_collected
from signals.relink import naming, relink
from signals.rules import default_extractor
from signals.types import default_taxonomy
from store import companies, corrections, documents, reps, signals, sources, watchlists
from store.companies import CompanyRow
from store.database import Database
from store.documents import Article
from store.errors import Conflict
from store.sources import SourceEntry
from store.tables import Company, Document, Mention, Signal, Source, Story

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TITLES = (
    "Voltrix lève 12 millions d'euros",
    "À Dole, Voltrix supprime cent postes",
    "Verdane et fils ouvre une usine à Metz",
    "Il fera beau demain",
    "Syloqua ferme son usine de Brest",
)


def row(name: str, siren: str, **facts: object) -> CompanyRow:
    return CompanyRow(name=name, names={name_key(name): name}, siren=siren, facts=facts)


@pytest.fixture
def read(database: Database, tmp_path: Path) -> Database:
    """A database with a register and articles that were read."""
    with database.session() as session:
        rows = [row("Voltrix", "732829320", city="Dole"), row("Forges Amblard", "005650007", turnover=2e6)]
        companies.save(session, [*rows, row("Amblard Outillage", "356000000", headcount=40, department="39")])
        sources.synchronise(session, [SourceEntry("https://presse.example/rss", "Presse", "fr")])
        session.flush()
        source = session.scalars(select(Source)).one()
        articles = [Article(f"https://presse.example/{n}", title, published_at=NOW) for n, title in enumerate(TITLES)]
        for document in documents.announce(session, source, articles):
            documents.complete(session, document, None)
    analyse_collected(database, default_extractor(), open_linker(database, tmp_path))
    return database


def again(database: Database, folder: Path, *names: str) -> tuple[int, int]:
    ids = naming(database, names)
    return len(ids), relink(database, ids, default_extractor(), open_linker(database, folder))


def told(database: Database) -> dict[str, str | None]:
    """By type, the company that signals are on."""
    with database.session() as session:
        return {one.type: one.company.name if one.company else None for one in session.scalars(select(Signal))}


def test_a_name_refused_somewhere_leaves_those_documents_only(read: Database, tmp_path: Path) -> None:
    before = told(read)
    assert (before["funding"], before["layoffs"]) == ("Voltrix", "Voltrix")
    with read.session() as session:
        ids = dict(session.execute(select(Signal.type, Signal.id)).all())
        assert corrections.refuse(session, named_company(session, "Voltrix"), "voltrix", name_key("à Dole"))
        assert not corrections.refuse(session, named_company(session, "Voltrix"), "voltrix", name_key("à Dole"))
    assert again(read, tmp_path, "voltrix") == (2, 1)
    assert (told(read)["funding"], told(read)["layoffs"]) == ("Voltrix", None)
    with read.session() as session:
        assert session.get_one(Signal, ids["funding"]).story_id is not None
        assert set(session.scalars(select(Story.type))) == {"funding"}
        assert len(session.scalars(select(Mention)).all()) == 1
        assert corrections.allow(session, named_company(session, "Voltrix"), "voltrix") == 1
    assert again(read, tmp_path, "voltrix") == (2, 1)
    assert told(read) == before


def test_a_name_added_by_hand_links_the_documents_that_have_it(read: Database, tmp_path: Path) -> None:
    assert told(read)["opening"] is None
    with read.session() as session:
        assert corrections.add_name(
            session, named_company(session, "Forges Amblard"), "Verdane & Fils", "verdane et fils"
        )
    assert again(read, tmp_path, "verdane et fils") == (1, 1)
    assert told(read)["opening"] == "Forges Amblard"
    assert again(read, tmp_path, "verdane et fils") == (1, 0)


def test_records_are_merged_and_parted_without_loss(read: Database, tmp_path: Path) -> None:
    with read.session() as session:
        rep = reps.save(session, "lea@vigie.example", "Léa", "fr")
        kept, other = named_company(session, "Forges Amblard"), named_company(session, "Amblard Outillage")
        corrections.add_name(session, other, "Verdane & Fils", "verdane et fils")
        watchlists.add(session, watchlists.save(session, rep, ""), [other.id])
        number = other.id
        corrections.merge(session, kept, other)
        with pytest.raises(Conflict, match="merged"):
            corrections.merge(session, kept, other)
    assert again(read, tmp_path, "verdane et fils") == (1, 1)
    assert told(read)["opening"] == "Forges Amblard"
    with read.session() as session:
        kept = named_company(session, "356000000")
        assert (kept.name, kept.headcount, kept.department, kept.turnover) == ("Forges Amblard", 40, "39", 2e6)
        assert "Forges Amblard" in {one.name for one in watchlists.watched(session, reps.by_email(session, rep.email))}
        assert [row.name for rows in companies.columns(session, ["name"]) for row in rows] == [
            "Voltrix",
            "Forges Amblard",
        ]
    with read.session() as session:
        corrections.unmerge(session, named_company(session, f"#{number}"))
        with pytest.raises(Conflict, match="not merged"):
            corrections.unmerge(session, named_company(session, f"#{number}"))
    assert again(read, tmp_path, "verdane et fils") == (1, 1)
    assert told(read)["opening"] == "Amblard Outillage"
    with read.session() as session:
        kept = named_company(session, "Forges Amblard")
        assert (kept.headcount, kept.department, kept.turnover, kept.sources) == (None, None, 2e6, {})
        other = session.get_one(Company, number)
        assert (other.name, other.headcount, other.department) == ("Amblard Outillage", 40, "39")


def test_a_company_that_nobody_knows_is_listed_until_it_is_added(read: Database, tmp_path: Path) -> None:
    with read.session() as session:
        assert [(name, count) for name, count, _ in signals.on_unknown_companies(session, limit=9)] == [("Syloqua", 1)]
        companies.save(session, [row("Syloqua", "552100554")])
    assert again(read, tmp_path, "syloqua") == (1, 1)
    assert told(read)["site_closure"] == "Syloqua"
    with read.session() as session:
        assert signals.on_unknown_companies(session, limit=9) == []


def test_who_was_appointed_tells_which_of_two_namesakes_is_meant(read: Database, tmp_path: Path) -> None:
    with read.session() as session:
        companies.save(session, [row("Tvinne Ouest", "552100554"), row("Tvinne Est", "552081317")])
        for one in ("Tvinne Ouest", "Tvinne Est"):
            corrections.add_name(session, named_company(session, one), "Tvinne", "tvinne")
        source = session.scalars(select(Source)).one()
        texts = ("Tvinne Est nomme Claire Vidal directrice générale", "Claire Vidal : Tvinne ouvre une usine à Metz")
        articles = [Article(f"https://presse.example/t{n}", title, published_at=NOW) for n, title in enumerate(texts)]
        first, second = documents.announce(session, source, articles)
        documents.complete(session, first, None)
        number = second.id
    analyse_collected(read, default_extractor(), open_linker(read, tmp_path))
    with read.session() as session:
        documents.complete(session, session.get_one(Document, number), None)
    analyse_collected(read, default_extractor(), open_linker(read, tmp_path))
    with read.session() as session:
        signal = session.scalars(select(Signal).where(Signal.document_id == number, Signal.type == "opening")).one()
        assert signal.company is not None
        assert signal.company.name == "Tvinne Est"
        assert "one of its people in the text" in {what for what, _ in signal.link_reasons}
        came = session.scalars(select(Signal).where(Signal.type == "appointment")).one()
        came.found_at -= timedelta(days=3 * 365)
    assert again(read, tmp_path, "tvinne") == (2, 1)
    with read.session() as session:
        signal = session.scalars(select(Signal).where(Signal.document_id == number, Signal.type == "opening")).one()
        assert signal.company is None, "somebody who came years ago tells no more"


def test_two_namesakes_in_one_sentence_do_not_stop_the_analysis(read: Database, tmp_path: Path) -> None:
    with read.session() as session:
        companies.save(
            session,
            [row("Tvinne Est", "552081317", legal_form="5710"), row("Tvinne Ouest", "552100554", legal_form="5499")],
        )
        for one in ("Tvinne Ouest", "Tvinne Est"):
            corrections.add_name(session, named_company(session, one), "Tvinne", "tvinne")
        source = session.scalars(select(Source)).one()
        title = "Tvinne SAS et Tvinne SARL signent un partenariat"
        (document,) = documents.announce(session, source, [Article("https://presse.example/n", title)])
        documents.complete(session, document, None)
    assert analyse_collected(read, default_extractor(), open_linker(read, tmp_path)) == 1
    assert told(read)["partnership"] == "Tvinne Est"


def test_what_is_told_of_others_after_a_correction_is_on_the_board(read: Database, tmp_path: Path) -> None:
    def on_board() -> list[tuple[int, int]]:
        with read.session() as session:
            there = open_board(session, tmp_path / "data", default_taxonomy(), datetime(2020, 1, 1, tzinfo=UTC))
            told = there.columns
            return sorted(zip(told.id.tolist(), there.facts.ids[told.company].tolist(), strict=True))

    def stored() -> list[tuple[int, int]]:
        with read.session() as session:
            query = select(Signal.id, Signal.company_id).where(Signal.company_id.is_not(None)).order_by(Signal.id)
            return [(number, company_id) for number, company_id in session.execute(query) if company_id is not None]

    def long_ago() -> None:
        with read.session() as session:
            for table in (Company, Signal):
                session.execute(update(table).values(changed_at=datetime(2020, 1, 1, tzinfo=UTC)))

    long_ago()
    before = on_board()
    assert before == stored() != []
    with read.session() as session:
        corrections.refuse(session, named_company(session, "Voltrix"), "voltrix", "")
    again(read, tmp_path, "voltrix")
    assert on_board() == stored() != before
