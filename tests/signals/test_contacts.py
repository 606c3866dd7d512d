"""Whom articles name with a function at which company."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from companies.folding import name_key
from companies.linker import open_linker
from nlp.functions import field_of
from signals.analyse import analyse_collected
from signals.contacts import contacts_of
from signals.findings import Text, read
from signals.reanalysis import reanalyse
from signals.rules import default_extractor
from store import companies, contacts, documents, sources
from store.companies import CompanyRow
from store.database import Database
from store.documents import Article
from store.sources import SourceEntry
from store.tables import Source

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

Told = list[tuple[int, str, str | None, bool]]


def told(database: Database, folder: Path, title: str, text: str, language: str = "fr") -> Told:
    names = ("Forges Amblard", "Voltrix")
    with database.session() as session:
        companies.save(session, [CompanyRow(name, {name_key(name): name}) for name in names])
    asked = Text(title, text, language)
    (reading,) = read([asked], default_extractor(), open_linker(database, folder))
    return [(one.company_id, one.name, field_of(one.function), one.has_left) for one in contacts_of(asked, reading)]


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        (
            "Forges Amblard ouvre une usine à Vierzon",
            "Le site emploie 60 soudeurs, a précisé sa directrice des ressources humaines, Inès Chabrol.",
            [(1, "Inès Chabrol", "people", False)],
        ),
        (
            "Forges Amblard rachète Voltrix",
            "Anne Vidal, directrice générale de Voltrix, reste. Le PDG de Forges Amblard, Paul Roux, s'en réjouit.",
            [(2, "Anne Vidal", "general", False), (1, "Paul Roux", "general", False)],
        ),
        (
            "Forges Amblard rachète Voltrix",
            "« C'est une bonne affaire », dit le directeur général, Paul Roux.",
            [],  # of which of the two?
        ),
        ("Voltrix recrute", "Paul Roux, directeur de la banque Ostrelle, y croit.", []),
        ("Voltrix recrute", "Selon Paul Roux, président de Xerlane, le marché repart.", []),
        (
            "Forges Amblard nomme Claire Roux directrice industrielle",
            "Forges Amblard nomme Claire Roux directrice industrielle.",
            [(1, "Claire Roux", "operations", False)],
        ),
        ("La conjoncture", "Paul Roux, directeur général, voit la reprise venir.", []),
    ],
)
def test_whose_function_it_is_must_be_said_or_clear(
    database: Database, tmp_path: Path, title: str, text: str, expected: Told
) -> None:
    assert told(database, tmp_path, title, text) == expected


def test_who_leaves_is_told_to_have_left(database: Database, tmp_path: Path) -> None:
    title = "Paul Roux, directeur financier, quitte Voltrix"
    assert told(database, tmp_path, title, "") == [(2, "Paul Roux", "finance", True)]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_who_is_named_is_kept_with_the_evidence_and_follows_the_article(database: Database, tmp_path: Path) -> None:
    said = "Voltrix recrute 60 soudeurs, a précisé sa directrice des ressources humaines, Inès Chabrol."
    with database.session() as session:
        sources.synchronise(session, [SourceEntry("https://presse.example/rss", "Presse", "fr")])
        companies.save(session, [CompanyRow("Voltrix", {"voltrix": "Voltrix"})])
        source = session.scalars(select(Source)).one()
        (document,) = documents.announce(session, source, [Article("https://presse.example/1", said, said, None, NOON)])
        document.state = "collected"
    linker, extractor = open_linker(database, tmp_path), default_extractor()
    analyse_collected(database, extractor, linker)
    with database.session() as session:
        (one,) = contacts.of_companies(session, [1])[1]
        assert (one.name, one.function, one.said_at) == ("Inès Chabrol", "directrice des ressources humaines", NOON)
        assert one.sentence == said
        assert one.document
        one.document.text = one.document.title = "Voltrix recrute 60 soudeurs."
    reanalyse(database, [1], lambda batch: {}, extractor, linker, apply=True)
    with database.reading() as session:
        assert contacts.of_companies(session, [1]) == {1: []}
