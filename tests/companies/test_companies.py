from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from companies.folding import fold, name_key
from companies.identifiers import siren
from companies.importing import import_file
from companies.linker import Linker
from companies.name_index import build
from store.companies import all_names
from store.database import Database
from store.errors import Invalid
from store.tables import Company

NAMES = [
    ("FORGES AMBLARD", 1),
    ("Moulins & Cie", 2),
    ("LES BATELIERES", 3),
    ("Œuvre d'Acier SAS", 4),
    ("Amblard", 5),
    ("Crédit de l'Aube", 6),
    ("Aube", 7),
    ("A. B. & C.", 8),
    ("amblard-outils.example", 9),
]


@pytest.fixture
def linker(tmp_path: Path) -> Linker:
    names = [(name_key(name), number) for name, number in NAMES]
    build([*names, ("$tela", 10), ("$amb pa", 11)], tmp_path / "names")
    return Linker(tmp_path / "names")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Les Forges Amblard recrutent", [("Forges Amblard", 1)]),
        ("MOULINS & CIE ouvre, Moulins et Cie ferme", [("MOULINS & CIE", 2), ("Moulins et Cie", 2)]),
        ("avec Les Batelières, à quai", [("Les Batelières", 3)]),
        ("les batelières de la Loire à Tours", []),
        ("œuvre d’acier recrute", [("œuvre d’acier", 4)]),
        ("chez Œuvre d’Acier, à Metz", [("Œuvre d’Acier", 4)]),
        ("Le Crédit de l'Aube et l'Aube", [("Crédit de l'Aube", 6), ("Aube", 7)]),
        ("Amblardine et Camblard", []),
        ("la société A. B. & C. Industrie", [("A. B. & C", 8)]),
        ("", []),
        ("L'USINE AMBLARD FERME", [("AMBLARD", 5)]),
        ("voir amblard-outils.example pour tout", [("amblard-outils.example", 9)]),
        ("le titre (Euronext Paris : TELA) monte, $TELA aussi, TELA non", [("TELA", 10), ("TELA", 10)]),
        ("Les Forges (AMB.PA) et (tela)", [("AMB.PA", 11)]),
        ("L'AMBLARD FERME, UNE AUBE SE LEVE", []),
    ],
)
def test_names_are_found_whatever_their_case_and_accents(
    linker: Linker, text: str, found: list[tuple[str, int]]
) -> None:
    mentions = linker.find(text)
    assert [(m.text, *m.company_ids) for m in mentions] == found
    assert all(text[m.start : m.end] == m.text for m in mentions)


def test_decomposed_accents_stay_whole(linker: Linker) -> None:
    text = unicodedata.normalize("NFD", "Chez Les Batelières.")
    (mention,) = linker.find(text)
    assert mention.text == unicodedata.normalize("NFD", "Les Batelières")


@given(st.text())
def test_folding_keeps_offsets(text: str) -> None:
    folded = fold(text)
    assert len(folded.starts) == len(folded.text)
    assert list(folded.starts) == sorted(folded.starts)


def test_a_csv_adds_then_updates_and_keeps_the_good_lines(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text(
        "name;aliases;siren;department;headcount\nAmblard SA;Forges Amblard|FA;732829320;1;85\n"
        "Sans numéro;;;42;\n;;;;\nFaux;;732829321;;\n;x;;;\nZ;;;;beaucoup\n",
        "cp1252",
    )
    outcome = import_file(database, file)
    assert (outcome.added, outcome.updated) == (2, 0)
    assert [line for line, _ in outcome.rejects] == [5, 6, 7]
    assert "check digit" in outcome.rejects[0][1]
    again = import_file(database, file)
    assert (again.added, again.updated) == (0, 2)
    with database.session() as session:
        company = session.scalars(select(Company).where(Company.siren == "732829320")).one()
        assert (company.department, company.headcount) == ("01", 85)
        assert sorted(name for name, number, _ in all_names(session) if number == company.id) == [
            "amblard sa",
            "fa",
            "forges amblard",
        ]


def test_one_company_written_in_several_ways_is_one(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text(
        "name,department,headcount,siren\nTONNELLERIE GASCHET &amp; FILS,33,\n"
        "  Tonnellerie Gaschet & Fils\u00a0,33,40,\n"
        "Tonnellerie Gaschet et Fils,33,,\nTonnellerie Gaschet &amp; Fils,16,3,\n"
        "Distillerie Lhomme,33,,732829320\nDISTILLERIE LHOMME,33,12,\n",
        "utf-8",
    )
    for outcome in (import_file(database, file), import_file(database, file)):
        assert outcome.refused == 0
    with database.session() as session:
        found = session.scalars(select(Company).order_by(Company.name, Company.department)).all()
        assert [(one.name, one.department, one.headcount, one.siren) for one in found] == [
            ("Distillerie Lhomme", "33", 12, "732829320"),
            ("Tonnellerie Gaschet & Fils", "16", 3, None),
            ("Tonnellerie Gaschet & Fils", "33", 40, None),
        ]


@pytest.mark.parametrize("content", ["", "couleur,taille\n1,2\n"])
def test_a_file_that_is_no_register_is_refused_with_its_name(database: Database, tmp_path: Path, content: str) -> None:
    file = tmp_path / "c.csv"
    file.write_text(content)
    with pytest.raises(Invalid, match=r"c\.csv"):
        import_file(database, file)


def test_zeros_that_a_spreadsheet_took_are_put_back() -> None:
    assert siren("5650007") == "005650007"
    with pytest.raises(ValueError, match="check digit"):
        siren("5650008")


def test_a_character_that_folds_to_none_or_to_several_keeps_the_offsets() -> None:
    text = "e\u0301t\u00e9 \u0153uvre \u00df!"
    folded = fold(text)
    assert folded.text == "ete oeuvre ss!"
    assert text[slice(*folded.span(folded.text.index("oeuvre"), folded.text.index("oeuvre") + 6))] == "\u0153uvre"
    assert text[slice(*folded.span(0, 3))] == "e\u0301t\u00e9"
