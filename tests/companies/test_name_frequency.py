from __future__ import annotations

from pathlib import Path

import pytest

from companies.name_frequency import FIRST_NAME, PLACE, VILLAGE, CommonWords, count, save
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
def words(tmp_path: Path) -> CommonWords:
    counted = count(["On allume le phare au phare de Ouessant, le Phare dit-on ; la lumière, la Galerie."])
    listed = {PLACE: ["ouessant", "rochelle"], VILLAGE: ["martin"], FIRST_NAME: ["martin"]}
    save(counted, listed, tmp_path / "words.marisa")
    return CommonWords(count(["Dans une galerie, une galerie"]), tmp_path / "words.marisa")


@pytest.mark.parametrize(
    ("key", "marks"),
    [
        ("phare", CommonWords.COMMON),
        ("la lumiere", CommonWords.COMMON),
        ("galerie", CommonWords.COMMON),
        ("ouessant", CommonWords.PLACE),
        ("la rochelle", CommonWords.PLACE),
        ("martin", CommonWords.FIRST_NAME),
        ("2030", CommonWords.COMMON),
        ("phare ouessant", 0),
        ("amblard", 0),
    ],
)
def test_a_name_is_marked_by_what_its_words_are_counted_as(words: CommonWords, key: str, marks: int) -> None:
    assert words.marks(key) == marks


def test_the_index_keeps_the_marks_and_the_bearers(words: CommonWords, tmp_path: Path) -> None:
    build([("phare", 7), ("phare sas", 3), ("martin", 3), ("ab", 1)], tmp_path / "names", words)
    index = NameIndex(tmp_path / "names")
    assert index.bearers("phare") == (3, 7)
    assert (index.marks("phare"), index.marks("martin")) == (CommonWords.COMMON, CommonWords.FIRST_NAME)
    assert "ab" not in index


def test_a_register_without_companies_has_an_index(tmp_path: Path) -> None:
    build([], tmp_path / "names")
    assert NameIndex(tmp_path / "names").prefixes("amblard") == []
