"""Whom names in texts stand for when very many companies of the register bear them."""

from __future__ import annotations

from pathlib import Path

import pytest

from companies import bearers
from companies.disambiguation import MOST, Decision
from companies.folding import name_key
from companies.linker import open_linker
from signals.linking import LinkRequest, disambiguate_all
from store import companies
from store.companies import CompanyRow
from store.database import Database

NAME = "Boulangerie Tavernel"
TOWNS = [("53", "LAVAL"), ("53", "MAYENNE"), ("35", "RENNES"), ("35", "RENNES"), ("75", "PARIS")]
SIREN = "005650007"


def _row(name: str, department: str, city: str, siren: str | None = None, number: int = 0) -> CompanyRow:
    facts = {"department": department, "city": city, "naf": "1071C"}
    return CompanyRow(name, {name_key(name): name}, siren, f"L{number:019}", facts)


@pytest.fixture
def filled(database: Database) -> Database:
    rows = [_row(NAME, *town, SIREN if town[1] == "MAYENNE" else None, n) for n, town in enumerate(TOWNS)]
    rows += [_row(NAME, "59", f"VILLE {n}", None, 10 + n) for n in range(2 * MOST)]
    with database.session() as session:
        companies.save(session, rows)
    return database


def decided(database: Database, folder: Path, text: str) -> tuple[Decision, list[str | None]]:
    with database.session() as session:
        ((decision,),) = disambiguate_all(
            [LinkRequest(text, 0, "fr")], open_linker(database, folder), bearers.Register(session)
        )
        known = companies.by_ids(session, decision.ids)
        return decision, [known[one].city for one in decision.ids]


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("À Laval, la Boulangerie Tavernel ouvre un deuxième magasin.", ["LAVAL"]),
        ("La Boulangerie Tavernel (SIREN 005 650 007) embauche.", ["MAYENNE"]),
        ("La Boulangerie Tavernel ouvre un magasin à Rennes.", ["RENNES", "RENNES"]),
    ],
)
def test_of_very_many_companies_those_are_weighed_that_the_text_speaks_of(
    filled: Database, tmp_path: Path, text: str, cities: list[str]
) -> None:
    decision, found = decided(filled, tmp_path, text)
    assert (decision.outcome, found) == ("linked" if len(cities) == 1 else "ambiguous", cities)
    assert "a name of many companies" in {one.what for one in decision.reasons}


@pytest.mark.parametrize(
    "text",
    [
        "La Boulangerie Tavernel ouvre un magasin.",
        "La Boulangerie Tavernel ouvre un magasin à Marseille.",
        "La Boulangerie Tavernel ouvre un magasin à Lille.",
    ],
)
def test_without_a_place_that_tells_none_of_very_many_is_meant(filled: Database, tmp_path: Path, text: str) -> None:
    assert decided(filled, tmp_path, text)[0].outcome == "unknown"
