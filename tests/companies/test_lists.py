from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
import xlsxwriter
from sqlalchemy import select

from companies import importing
from companies.importing import Wishes, import_file, look_over
from companies.matching import NEW
from companies.recognition import column_letters, recognise
from store.companies import CompanyRow, Register
from store.companies import save as save_companies
from store.database import Database
from store.errors import Invalid
from store.tables import Company, Establishment, Name

TITLE: list[Any] = ["Fichier prospects 2026", "", "", "", "", "", "", ""]
HEADINGS = ["N° SIRET", "Raison sociale", "Enseigne", "CP et commune", "Code APE", "Effectif", "Site internet", "Nom"]
ROWS: list[list[Any]] = [
    [
        "732 829 320 00074",
        "Forges Amblard",
        "",
        "42700 FIRMINY",
        "25.50A",
        "20 à 49",
        "http://www.amblard.example/",
        "X",
    ],
    [73282932000082, "Forges Amblard - FORGES AMBLARD LYON", "", "69007 LYON CEDEX 7", "2550A", "", "", ""],
    [565000700015.0, "Union des Meuniers Lorrains - UML", "UML", "57000 METZ", "111Z", 12.0, "uml.example", ""],
    ["55210055400013", "", "", "75001 PARIS", "4321A", "", "", "(entrepreneur individuel)"],
    ["55210055400014", "Faux Numéro", "", "75001 PARIS", "4321A", "", "", ""],
]


def xlsx(file: Path, *sheets: tuple[str, list[list[Any]]]) -> Path:
    with xlsxwriter.Workbook(str(file)) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file


def ods(file: Path, rows: list[list[Any]]) -> Path:
    def cell(value: Any) -> str:
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p/></table:table-cell>'

    names = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "table", "text")
    )
    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    body = f'<office:spreadsheet><table:table table:name="Feuille1">{lines}</table:table></office:spreadsheet>'
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body>{body}</office:body></office:document-content>",
        )
    return file


def text(file: Path, rows: list[list[Any]], separator: str = ";") -> Path:
    file.write_text("\n".join(separator.join(map(str, row)) for row in rows), "cp1252")
    return file


def kept(database: Database) -> dict[str, tuple[Any, ...]]:
    with database.session() as session:
        found = session.scalars(select(Company)).all()
        return {
            one.name: (one.siren, one.department, one.city, one.naf, one.headcount, one.site, one.secondary_sites)
            for one in found
        }


LIST = [TITLE, [""] * 8, HEADINGS, *ROWS]


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_a_list_comes_in_as_people_keep_it(database: Database, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"prospects.{kind}"
    if kind == "xlsx":
        xlsx(file, ("Notes", [["reçue en mars"], ["Nom"], ["X"]]), ("Liste", LIST))
    elif kind == "ods":
        ods(file, LIST)
    else:
        text(file, LIST)
    expected = {
        "Forges Amblard": ("732829320", "42", "FIRMINY", "2550A", 34, "amblard.example", 1),
        "Union des Meuniers Lorrains": ("005650007", "57", "METZ", "0111Z", 12, "uml.example", None),
    }
    for added in (2, 0):
        outcome = import_file(database, file)
        assert (outcome.added, outcome.left_out, outcome.refused) == (added, 1, 1)
        assert outcome.rejects == [(8, "siret '55210055400014' has a wrong check digit")]
        assert kept(database) == expected
    with database.session() as session:
        assert set(session.scalars(select(Establishment.siret))) == {
            "73282932000074",
            "73282932000082",
            "00565000700015",
        }
        names = dict(session.execute(select(Name.text, Name.kind)).all())
    assert names == {
        "Forges Amblard": "legal",
        "FORGES AMBLARD LYON": "sign",
        "amblard.example": "domain",
        "Union des Meuniers Lorrains": "legal",
        "UML": "acronym",
        "uml.example": "domain",
    }


def test_what_would_be_done_is_told_and_nothing_is_kept(database: Database, tmp_path: Path) -> None:
    with database.session() as session:
        save_companies(session, [CompanyRow("AMBLARD", {"amblard": "AMBLARD"}, "732829320")])
    seen = look_over(database, xlsx(tmp_path / "p.xlsx", ("Liste", LIST)))
    assert [(one.holds, one.is_sure) for one in seen.columns] == [
        (what, True) for what in ("siret", "name", "sign", "postal_town", "naf", "headcount", "site", "contact")
    ]
    assert (seen.rows, seen.companies, seen.known, seen.establishments) == (5, 2, 1, 3)
    assert (seen.outcome.left_out, seen.outcome.refused) == (1, 1)
    assert seen.examples[0].name == "Forges Amblard"
    assert list(kept(database)) == ["AMBLARD"]


def test_a_person_corrects_what_columns_hold(database: Database, tmp_path: Path) -> None:
    file = text(tmp_path / "p.csv", [["Ville", "Truc"], ["Firminy", "Forges Amblard"], ["Metz", "Moulins Lorrains"]])
    assert [one.holds for one in look_over(database, file).columns] == ["city", "name"]
    import_file(database, file, wishes=Wishes(corrected={0: "name", 1: ""}))
    assert sorted(kept(database)) == ["Firminy", "Metz"]


def test_what_is_known_of_a_company_stays_where_a_list_says_it_of_an_establishment(
    database: Database, tmp_path: Path
) -> None:
    with database.session() as session:
        facts = {"city": "PARIS", "department": "75", "naf": "7010Z"}
        row = CompanyRow("FORGES AMBLARD HOLDING", {"forges amblard holding": "x"}, "732829320", facts=facts)
        save_companies(session, [row], Register("sirene"))
    import_file(database, xlsx(tmp_path / "p.xlsx", ("Liste", LIST)))
    assert kept(database)["FORGES AMBLARD HOLDING"] == ("732829320", "75", "PARIS", "7010Z", 34, "amblard.example", 1)


@pytest.mark.parametrize(
    ("headings", "cells", "holds"),
    [
        (["SIREN", "x"], ["732 829 320 00074", "y"], "siret"),
        (["", ""], ["FR44732829320", "Forges Amblard"], "vat"),
        (["Account Name", "Employees"], ["Amblard Forges", "40"], "name"),
        (["CA (k€)", "Société"], ["12 500", "Forges"], "turnover"),
        (["Email address", "Company"], ["a@b.example", "Forges"], "email"),
        (["Effectif 2025", "Client"], ["35", "Forges"], "headcount"),
        (["Commentaire", "Client"], ["à rappeler", "Forges"], None),
        (["Code postal", "Client"], ["42700", "Forges"], "postcode"),
        (["Web", "Client"], ["forges.example", "Forges"], "site"),
        (["Pays", "Client"], ["France", "Forges"], "country"),
    ],
)
def test_headings_and_cells_say_what_a_column_holds(headings: list[str], cells: list[str], holds: str | None) -> None:
    found = recognise([headings, cells, cells])
    assert found.columns[0].holds == holds


def test_figures_count_in_the_unit_of_their_heading(database: Database, tmp_path: Path) -> None:
    import_file(database, text(tmp_path / "p.csv", [["Client", "CA (k€)", "Pays"], ["Forges", "12 500", "Belgique"]]))
    with database.session() as session:
        one = session.scalars(select(Company)).one()
        assert (one.turnover, one.country) == (12_500_000, "BE")


def test_names_alone_need_no_heading(database: Database, tmp_path: Path) -> None:
    import_file(database, text(tmp_path / "p.csv", [["Forges Amblard"], ["Moulins Lorrains"], ["Verrerie Candelier"]]))
    assert len(kept(database)) == 3


def test_a_row_with_a_cell_too_many_is_read_where_its_cells_fit(database: Database, tmp_path: Path) -> None:
    rows = [["Nom", "Rue", "CP et ville", "NAF", ""], *[["Forges", "1 rue", "42700 FIRMINY", "2550A"]] * 3]
    import_file(database, text(tmp_path / "p.csv", [*rows, ["Moulins", "", "", "57000 METZ", "1061A"]]))
    assert kept(database)["Moulins"][1:4] == ("57", "METZ", "1061A")


@pytest.mark.parametrize("body", [b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken"])
def test_a_spreadsheet_that_cannot_be_read_is_named(database: Database, tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "p.xls"
    file.write_bytes(body)
    with pytest.raises(Invalid, match=r"p\.xls"):
        import_file(database, file)
    with pytest.raises(Invalid, match="empty"):
        import_file(database, xlsx(tmp_path / "e.xlsx", ("Vide", [])))


def test_columns_have_the_letters_of_spreadsheets() -> None:
    assert [column_letters(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_name_alone_is_the_company_that_bears_it_and_a_person_decides_between_several(
    database: Database, tmp_path: Path
) -> None:
    with database.session() as session:
        for name, siren, place in (
            ("Forges Amblard", "732829320", "42"),
            ("Moulins Lorrains", "005650007", "57"),
            ("Moulins Lorrains", "552100554", "88"),
        ):
            row = CompanyRow(name, {name.casefold(): name}, siren, facts={"department": place, "headcount": 9})
            save_companies(session, [row])
    lines = [["Client", "Effectif"], ["FORGES AMBLARD", "50"], ["Moulins Lorrains", "60"], ["Verrerie Candelier", ""]]
    file = text(tmp_path / "p.csv", lines)
    seen = look_over(database, file)
    assert (seen.companies, seen.known, seen.outcome.refused) == (2, 1, 1)
    (unsure,) = seen.unsure
    assert (unsure.line, [one.siren for one in unsure.candidates]) == (3, ["005650007", "552100554"])
    outcome = import_file(database, file, wishes=Wishes(only_adds=True))
    assert (outcome.added, outcome.updated, outcome.refused, len(outcome.ids)) == (1, 1, 1, 2)
    assert "'Moulins Lorrains' is the name of several companies" in outcome.rejects[0][1]
    assert kept(database)["Forges Amblard"][4] == 9
    chosen = unsure.candidates[1].id
    outcome = import_file(database, file, wishes=Wishes(decisions={3: chosen}))
    assert (outcome.added, outcome.refused, chosen in outcome.ids) == (0, 0, True)
    assert kept(database)["Forges Amblard"][4] == 50
    assert import_file(database, file, wishes=Wishes(decisions={3: NEW})).added == 1


def test_numbers_alone_name_companies_that_are_known(database: Database, tmp_path: Path) -> None:
    with database.session() as session:
        save_companies(session, [CompanyRow("Forges Amblard", {"forges amblard": "Forges Amblard"}, "732829320")])
    outcome = import_file(database, text(tmp_path / "p.csv", [["732 829 320 00074"], ["552100554"], ["FR44732829320"]]))
    assert (outcome.added, outcome.updated, outcome.left_out, outcome.refused) == (0, 1, 1, 0)
    assert list(kept(database)) == ["Forges Amblard"]
    outcome = import_file(
        database, text(tmp_path / "q.csv", [["732829320"], ["Moulins Lorrains"], ["Verrerie Lhomme"]])
    )
    assert (outcome.added, outcome.updated) == (2, 1)


def test_a_line_that_was_cut_off_is_gone_on_with_whole(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_BATCH", 1)
    file = text(tmp_path / "p.csv", LIST[2:5])

    def stop(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(database, file, progress=stop)
    assert import_file(database, file).resumed_at > 0
    with database.session() as session:
        assert sorted(session.scalars(select(Establishment.siret))) == ["73282932000074", "73282932000082"]
