from __future__ import annotations

import pytest

from companies.folding import name_key
from companies.names import forms


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
