from __future__ import annotations

import pytest

from index.words import Highlighter

LONG = "Où l’été s’achève, la « Maison Œuvrée » reçoit 😀 ses hôtes à Noël. " * 40


@pytest.mark.parametrize(
    ("asked", "text", "lit"),
    [
        ("avocat", "L’avocat d’affaires", ["avocat"]),
        ("l’affaire", "L’avocat d’affaires", ["affaires"]),
        ("aujourd’hui", "Aujourd'hui, demain", ["Aujourd'hui"]),
        ("brevet", LONG + "Cœurdacier dépose un brevet.", ["brevet"]),
        ("coeurdacier", LONG + "Cœurdacier dépose", ["Cœurdacier"]),
        ("noel", "à Noël 😀 à Noe\u0308l", ["Noël", "Noe\u0308l"]),
        ("filiale", "sa ﬁliale, ses filiales", ["ﬁliale", "filiales"]),
        ("izmir lormann strassenbau", "İzmir, Lörmann, Straßenbau", ["İzmir", "Lörmann", "Straßenbau"]),
        ('"levée de fonds"', "fonds : la levée de fonds", ["levée de fonds"]),
        ("entrep* -brevet", "entreprise, entrepôt, brevet", ["entreprise", "entrepôt"]),
        ("", "rien", []),
    ],
)
def test_exactly_what_was_asked_for_is_lit(asked: str, text: str, lit: list[str]) -> None:
    assert [text[start:end] for start, end in Highlighter(asked).spans(text)] == lit


def test_the_passage_holds_the_word_however_far_down_it_stands() -> None:
    text = LONG + "Cœurdacier dépose un brevet d’alliage. " + LONG
    passage = Highlighter("brevet").passage(text)
    assert "Cœurdacier dépose un brevet" in passage
    assert passage.startswith("… ")
    assert passage.endswith(" …")
    assert len(passage) < 250
    assert Highlighter("brevet").passage("Un court texte") == "Un court texte"
