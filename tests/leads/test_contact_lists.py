"""Contacts from a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from leads.contact_lists import columns_of, import_contacts
from signals.erasure import erase
from store import contacts
from store.database import Database
from store.errors import Invalid
from tests.conftest import Tell

TABLE = """Société;Prénom;Nom;Fonction;Téléphone;E-mail
Castelor;Anne;Vidal;DAF;01 02 03 04 05;anne@castelor.example
Castelor;Luc;Petit;;;pas une adresse
Inconnue;Luc;Petit;;;
Castelor;;;;;
castelor;Inès;Chabrol;DRH;;
"""


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_rows_become_contacts_and_what_is_wrong_is_said_by_its_line(
    tell: Tell, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(TABLE, "utf-8")
    with database.session() as session:
        erase(session, "Inès Chabrol", "ada")
        kept, wrong = import_contacts(session, file, "ada")
        assert kept == 1
        assert [one.line for one in wrong] == [3, 4, 5, 6]
        assert "is no mail address" in wrong[0].error
    file.write_text("company,contact,phone\nCastelor,VIDAL Anne,\nCastelor,Anne Vidal,06\n", "utf-8")
    with database.session() as session:
        assert import_contacts(session, file, "max") == (2, [])
    with database.reading() as session:
        found = contacts.of_companies(session, [2])[2]
        assert {(one.name, one.function, one.phone, one.author) for one in found} == {
            ("Anne Vidal", "DAF", "06", "max"),  # what is new of her; her function stays
            ("VIDAL Anne", "", "", "max"),
        }


@pytest.mark.parametrize("headings", [["Société", "Ville"], ["Nom", "Fonction"], [""]])
def test_a_table_without_names_or_companies_is_refused(headings: list[str]) -> None:
    with pytest.raises(Invalid, match="no column"):
        columns_of(headings)
