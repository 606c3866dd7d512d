"""The same text in two papers."""

from __future__ import annotations

import pytest

from nlp.duplicates import Fingerprint

WIRE = (
    "Le fabricant de brides Velmora a annoncé mardi la suppression de cent vingt postes dans son usine de Dole (Jura). "
    "La direction invoque la chute des commandes de l'industrie automobile depuis le début de l'année. Un plan de "
    "départs volontaires sera ouvert en janvier, a précisé un porte-parole du groupe à l'issue d'un comité central."
)


@pytest.mark.parametrize(
    "copy",
    [
        WIRE,
        WIRE.upper(),
        WIRE.replace("mardi", "hier").replace("un porte-parole du groupe", "son porte-parole"),
        f"DOLE (Agence) - {WIRE}",
    ],
)
def test_a_copied_text_is_the_same(copy: str) -> None:
    assert Fingerprint(WIRE).is_same(Fingerprint(copy))


@pytest.mark.parametrize(
    "other",
    [
        "Velmora supprime 120 postes à Dole",
        "Cent vingt emplois disparaîtront à Dole d'ici l'été : Velmora, qui y produit des brides, paie la crise de "
        "l'automobile. Les syndicats appellent à la grève jeudi et demandent à rencontrer le préfet du Jura.",
        "",
    ],
)
def test_the_same_news_in_other_words_is_another_text(other: str) -> None:
    assert not Fingerprint(WIRE).is_same(Fingerprint(other))


def test_a_short_headline_is_the_same_only_word_for_word() -> None:
    assert Fingerprint("Velmora supprime 120 postes").is_same(Fingerprint("VELMORA supprime 120 postes."))
    assert not Fingerprint("Velmora supprime 120 postes").is_same(Fingerprint("Velmora supprime 130 postes"))
