from __future__ import annotations

from pathlib import Path

import pytest

from companies.commonness import FIRST_NAME, PLACE, VILLAGE, Words, count, save
from companies.name_index import NameIndex, build


def test_words_are_counted_in_small_letters_and_with_a_capital_within_a_sentence() -> None:
    counted = count(
        [
            "Hier, le phare de Brest. Phare est grand : Orange le dit à Orange.",
            "TOUT EN GRAND",
            "Un Titre Anglais En Tout",
        ]
    )
    assert dict(counted.small) == {"le": 2, "phare": 1, "de": 1, "est": 1, "grand": 1, "dit": 1, "a": 1}
    assert dict(counted.capital) == {"brest": 1, "orange": 1}


@pytest.fixture
def words(tmp_path: Path) -> Words:
    counted = count(["On allume le phare au phare de Ouessant, le Phare dit-on ; la lumière, la Galerie."])
    listed = {PLACE: ["ouessant", "rochelle"], VILLAGE: ["martin"], FIRST_NAME: ["martin"]}
    save(counted, listed, tmp_path / "words.marisa")
    return Words(count(["Dans une galerie, une galerie"]), tmp_path / "words.marisa")


@pytest.mark.parametrize(
    ("key", "marks"),
    [
        ("phare", Words.COMMON),
        ("la lumiere", Words.COMMON),
        ("galerie", Words.COMMON),
        ("ouessant", Words.PLACE),
        ("la rochelle", Words.PLACE),
        ("martin", Words.FIRST_NAME),
        ("2030", Words.COMMON),
        ("phare ouessant", 0),
        ("amblard", 0),
    ],
)
def test_a_name_is_marked_by_what_its_words_are_counted_as(words: Words, key: str, marks: int) -> None:
    assert words.marks(key) == marks


def test_the_index_keeps_the_marks_and_the_bearers(words: Words, tmp_path: Path) -> None:
    build([("phare", 7), ("phare sas", 3), ("martin", 3), ("ab", 1)], tmp_path / "names", words)
    index = NameIndex(tmp_path / "names")
    assert index.bearers("phare") == (3, 7)
    assert (index.marks("phare"), index.marks("martin")) == (Words.COMMON, Words.FIRST_NAME)
    assert "ab" not in index


def test_a_register_without_companies_has_an_index(tmp_path: Path) -> None:
    build([], tmp_path / "names")
    assert NameIndex(tmp_path / "names").prefixes("amblard") == []
