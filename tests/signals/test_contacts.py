"""Whom articles name with a function at which company."""

from __future__ import annotations

from pathlib import Path

import pytest

from companies.folding import name_key
from companies.linker import open_linker
from signals.contacts import contacts_of
from signals.findings import Text, read
from signals.rules import default_extractor
from store import companies
from store.companies import CompanyRow
from store.database import Database

Told = list[tuple[int, str, str, bool]]


def told(database: Database, folder: Path, title: str, text: str, language: str = "fr") -> Told:
    names = ("Forges Amblard", "Voltrix")
    with database.session() as session:
        companies.save(session, [CompanyRow(name, {name_key(name): name}) for name in names])
    asked = Text(title, text, language)
    (reading,) = read([asked], default_extractor(), open_linker(database, folder))
    return [(one.company_id, one.name, one.field, one.has_left) for one in contacts_of(asked, reading)]


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
