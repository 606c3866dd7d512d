from __future__ import annotations

import pytest

from companies.folding import name_key
from companies.names import forms, in_brackets


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Dupont S.A.S.", "dupont"),
        ("SAS DUPONT", "dupont"),
        ("ETS L HAY FRERES", "l hay freres"),
        ("Müller GmbH & Co. KG", "muller"),
        ("The Walt Disney Company", "walt disney"),
        ("AB Science SA", "ab science"),
        ("S.N.C.F. Réseau", "sncf reseau"),
    ],
)
def test_a_name_is_known_without_its_legal_form_and_dots(name: str, short: str) -> None:
    assert short in forms(name_key(name))
    assert name_key(name) in forms(name_key(name))


@pytest.mark.parametrize("name", ["COOP", "CO", "SARL", "AS", "Société Générale", "Les Éclusières", "Le Monde"])
def test_a_name_that_looks_like_a_form_stays(name: str) -> None:
    assert forms(name_key(name)) == {name_key(name)}


@pytest.mark.parametrize("name", ["S.N.C. & COMPANY", "S.A. 3M", "Moulins & Cie", "& Cie", "A. B. & C."])
def test_nothing_is_left_of_fewer_than_three_letters(name: str) -> None:
    assert all(len(form) > 2 for form in forms(name_key(name)))


@pytest.mark.parametrize(
    ("name", "short", "full"),
    [
        ("SOCIETE DES CHARPENTES DE L'OUEST (SCO)", "SCO", "SOCIETE DES CHARPENTES DE L'OUEST"),
        ("Union des Meuniers Lorrains (U.M.L.)", "U.M.L.", "Union des Meuniers Lorrains"),
        ("UML (Union des Meuniers Lorrains)", "UML", "Union des Meuniers Lorrains"),
        ("Atelier Naval Caennais SAS (ANC)", "ANC", "Atelier Naval Caennais SAS"),
    ],
)
def test_an_acronym_in_brackets_and_what_it_stands_for_are_names(name: str, short: str, full: str) -> None:
    assert in_brackets(name) == [(short, "acronym"), (full, "alias")]


@pytest.mark.parametrize(
    "name",
    [
        "Verrerie Candelier",
        "Verrerie Candelier (France)",
        "Solutions Alpes Sud (SAS)",
        "Forges (EN LIQUIDATION)",
        "Ateliers Bréval (AB)",
        "(UML)",
        "Union (des) Meuniers Lorrains (UML)",
    ],
)
def test_other_brackets_name_nothing(name: str) -> None:
    assert in_brackets(name) == []
