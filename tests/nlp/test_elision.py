"""Apostrophes put back."""

from __future__ import annotations

import pytest

from companies.folding import fold
from nlp.elision import is_bare, restore
from signals.rules import default_extractor


@pytest.mark.parametrize(
    ("bare", "restored"),
    [
        ("velmora annonce louverture dune usine", "velmora annonce l'ouverture d'une usine"),
        ("lacquisition de texim quil prepare", "l'acquisition de texim qu'il prepare"),
        ("velmora de lannion sinstalle", "velmora de lannion s'installe"),
        ("direction du site", "direction du site"),
    ],
)
def test_an_apostrophe_is_put_back_before_a_known_word(bare: str, restored: str) -> None:
    assert restore(fold(bare)).text == restored


def test_offsets_stay_those_of_the_text() -> None:
    text = "annonce louverture dune usine"
    folded = restore(fold(text))
    start = folded.text.index("ouverture")
    first, last = folded.span(start, start + len("ouverture"))
    assert text[first:last] == "ouverture"


def test_only_a_text_without_capitals_and_apostrophes_has_lost_them() -> None:
    assert is_bare("velmora annonce louverture dune usine")
    assert not is_bare("Velmora annonce louverture")
    assert not is_bare("velmora annonce l'ouverture")


def test_a_bare_headline_tells_what_the_full_one_tells() -> None:
    full = default_extractor().extract("Velmora annonce l'acquisition de la start-up Texim", "fr")
    bare = default_extractor().extract("velmora annonce lacquisition de la start up texim", "fr")
    assert {event.type for event in bare} == {event.type for event in full} == {"acquisition"}
