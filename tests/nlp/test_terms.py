"""Functions, courts, procedures and products in a sentence."""

from __future__ import annotations

import pytest

from nlp.terms import products, terms


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("Claire Vidal est nommée directrice générale adjointe de Velmora", "role", ["directrice générale adjointe"]),
        ("Paul Roux devient président du directoire", "role", ["président du directoire"]),
        ("Sonia Petit, directrice des ressources humaines", "role", ["directrice des ressources humaines"]),
        ("Velmora names Ann Lee chief financial officer", "role", ["chief financial officer"]),
        ("Le tribunal de commerce de Lyon a tranché", "court", ["tribunal de commerce de Lyon"]),
        ("La cour d’appel d’Aix-en-Provence a tranché", "court", ["cour d’appel d’Aix-en-Provence"]),
        ("Velmora obtient une procédure de sauvegarde", "procedure", ["procédure de sauvegarde"]),
        ("Velmora files for Chapter 11", "procedure", ["Chapter 11"]),
        ("Velmora ouvre un magasin à Dole", "role", []),
    ],
)
def test_a_term_is_found_as_it_is_written(text: str, name: str, found: list[str]) -> None:
    assert terms(text)[name] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Velmora lance Zéphyr 2, une batterie", ["Zéphyr 2"]),
        ("Velmora dévoile sa gamme « Terre d'été »", ["Terre d'été"]),
        ("Harrow launches the Sprint X bike", ["Sprint X"]),
        ("Velmora lance une batterie", []),
        ("Velmora s'allie à Texim et lance Texim", []),
    ],
)
def test_a_product_is_what_is_quoted_or_named_after_its_launch(text: str, found: list[str]) -> None:
    assert products(text, frozenset({"Velmora", "Texim"})) == found
