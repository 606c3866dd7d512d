"""Hiding the names of people who were erased."""

from __future__ import annotations

import pytest

from signals.concealment import COVER, digest_of, hidden, hidden_in

SALT = b"salt"
ERASED = {digest_of("Inès Chabrol", SALT), digest_of("Jean-Marc d’Ivry", SALT)}


def is_erased(name: str) -> bool:
    return digest_of(name, SALT) in ERASED


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a précisé sa directrice, Inès Chabrol.", ["Inès Chabrol"]),
        ("CHABROL INES, gérante", ["CHABROL INES"]),
        ("Chabrol Inès et Inès Chabrolle", ["Chabrol Inès"]),
        ("Inès Chabrol s'est tue. Mme Chabrol part, la rue Chabrol reste.", ["Inès Chabrol", "Chabrol"]),
        ("Jean-Marc d'Ivry dirige.", ["Jean-Marc d'Ivry"]),
        ("Mme Inès\u00a0Chabrol", ["Inès\u00a0Chabrol"]),
        ("Inès Vidal et Paul Chabrol", []),
        ("inès chabrol", []),
    ],
)
def test_a_name_is_hidden_in_whatever_order_and_letters_and_nothing_moves(text: str, names: list[str]) -> None:
    found = hidden(text, is_erased)
    assert len(found) == len(text)
    assert found.count(COVER) == sum(map(len, names))
    assert all(name not in found for name in names if " " in name)


def test_texts_within_texts_are_hidden_too() -> None:
    value = {"person": ["Inès Chabrol", "Anne Vidal"], "headcount": [60], "place": [{"text": "Lyon"}]}
    cover = COVER * len("Inès Chabrol")
    assert hidden_in(value, is_erased) == value | {"person": [cover, "Anne Vidal"]}


def test_what_is_kept_tells_no_name() -> None:
    assert digest_of("Inès Chabrol", SALT) == digest_of("CHABROL Ines", SALT)
    assert digest_of("Inès Chabrol", SALT) != digest_of("Inès Chabrol", b"other")
