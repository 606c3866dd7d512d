"""Names of the codes of registers."""

from __future__ import annotations

import pytest

from companies.code_names import activity, division, legal_form


@pytest.mark.parametrize(
    ("code", "french", "english"),
    [
        (
            "2841Z",
            "Fabrication de machines-outils pour le travail des métaux",
            "Manufacture of machinery and equipment",
        ),
        ("10.1", "Industries alimentaires", "Manufacture of food products"),
        ("62", "Programmation, conseil et autres activités informatiques", "Computer programming and consultancy"),
        ("2899X", "Fabrication de machines et équipements", "Manufacture of machinery and equipment"),
        ("0000", "", ""),
        ("", "", ""),
    ],
)
def test_an_activity_is_called_by_its_own_name_or_its_divisions(code: str, french: str, english: str) -> None:
    assert (activity(code, "fr"), activity(code, "en")) == (french, english)


def test_divisions_and_legal_forms_are_called_as_insee_does() -> None:
    assert division("2562B", "fr") == "Fabrication de produits métalliques"
    assert legal_form("5710") == "SAS, société par actions simplifiée"
    assert legal_form("SAS") == ""
