"""The search suite: what every back-end must answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.embedded import EmbeddedIndex
from index.query import Entry, Query, SearchIndex, facts
from index.signals import SignalEntry, SignalQuery
from store.errors import Unavailable

FUNDING = facts(["growing", "buzz"], "funding", "38")
HIRING = facts(["growing"], "hiring", "69")
ENTRIES = [
    Entry(1, "L’avocate d’Orsival", "L'entrepôt qu'exploite Logival. Aujourd'hui, elle part.", "fr", None, frozenset()),
    Entry(2, "Une levée de fonds", "Chez O’Darragh Foods, à İzmir.", "fr", date(2026, 3, 2), FUNDING),
    Entry(3, "Châtiment", "Un thriller que publient les éditions du Bief.", "fr", date(2026, 3, 5), HIRING),
    Entry(4, "Croquettes", "Une usine pour chat, de\u0301sormais à Vire.", None, date(2026, 3, 9), FUNDING | HIRING),
    Entry(5, "Raising money", "The startup raised funds for its factories.", "en", date(2025, 3, 9), FUNDING),
]


@pytest.fixture
def index(empty: SearchIndex) -> SearchIndex:
    empty.write(ENTRIES, set())
    return empty


def ids(index: SearchIndex, text: str = "", **filters: object) -> list[int]:
    return list(index.search(Query(text, **filters)).ids)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("levee", [2]),
        ("LEVÉES", [2]),
        ("avocats", [1]),
        ("l'avocate", [1]),
        ("l’avocate", [1]),
        ("entrepot", [1]),
        ("aujourd'hui", [1]),
        ("O'Darragh", [2]),
        ("izmir", [2]),
        ("desormais", [4]),
        ("factory", [5]),
        ("entrepr*", []),
        ("entrep*", [1]),
        ('"levée de fonds"', [2]),
        ('"fonds de levée"', []),
        ("usine -chat", []),
        ("usine levée", []),
    ],
)
def test_words_phrases_beginnings_and_exclusions(index: SearchIndex, text: str, found: list[int]) -> None:
    assert ids(index, text) == found


def test_a_word_itself_comes_before_one_that_only_shares_its_stem(index: SearchIndex) -> None:
    assert ids(index, "chat")[0] == 4
    assert ids(index, "châtiment")[0] == 3
    assert ids(index, "chatiment")[0] == 3


@pytest.mark.parametrize(
    ("text", "best"),
    [("levée de fonds", 8), ("LEVEE DE FONDS", 8), ("la levée de fonds", 7), ("fonds de levée", 9), ("levée fonds", 9)],
)
def test_words_as_they_were_typed_come_before_the_same_words_scattered(
    index: SearchIndex, text: str, best: int
) -> None:
    scattered = "Levée de terre, fonds de mer. La levée, les fonds de ce fonds. " * 3
    longer = "Le groupe publie ses comptes et parle de tout autre chose. " * 30
    index.write(
        [
            Entry(6, "Levée du camp, fonds de commerce, la levée", scattered, "fr", date(2026, 3, 1), frozenset()),
            Entry(7, "Autre chose", f"{longer} La levée de fonds a lieu.", "fr", date(2026, 3, 1), frozenset()),
            Entry(8, "Une levée de fonds", "Une levée de fonds, une autre levée de fonds.", "fr", None, frozenset()),
            Entry(9, "Les vagues", f"{longer} Un fonds de levée. Une levée fonds la.", "fr", None, frozenset()),
        ],
        set(),
    )
    assert ids(index, text)[0] == best


def test_filters_ask_all_of_one_signal(index: SearchIndex) -> None:
    assert set(ids(index, family="growing")) == {2, 3, 4, 5}
    assert set(ids(index, family="buzz", department="38")) == {2, 4, 5}
    assert ids(index, type="hiring", department="38") == []
    assert ids(index, "usine", type="hiring", department="69") == [4]
    assert ids(index, type="funding", since=date(2026, 3, 2), until=date(2026, 3, 8)) == [2]


def test_by_date_newest_first_and_undated_last(index: SearchIndex) -> None:
    assert ids(index) == [4, 3, 2, 5, 1]
    assert index.search(Query(limit=2, offset=2)).ids == (2, 5)
    assert index.search(Query(limit=2)).total == 5


def test_what_is_written_again_takes_the_place_of_the_old_and_the_removed_are_gone(index: SearchIndex) -> None:
    index.write([Entry(2, "Rien", "", "fr", None, frozenset())], {3, 77})
    assert ids(index, "levée") == []
    assert ids(index, "rien") == [2]
    assert ids(index, "thriller") == []


@pytest.mark.parametrize("text", ["'", '"', '"unclosed', "-", "*", "(", "a:b AND", "\\", "\x00", "ﬁ", "😀" * 50])
def test_no_text_is_an_error(index: SearchIndex, text: str) -> None:
    assert index.search(Query(text)).total >= 0


def test_a_second_writer_is_told_so(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path)
    with index._live().documents._writing(), pytest.raises(Unavailable, match="another process writes"):
        EmbeddedIndex(tmp_path).write(ENTRIES, set())
    index.write(ENTRIES, set())
    assert not index.is_new()
    assert ids(EmbeddedIndex(tmp_path), "levée") == [2]


def test_however_many_answer_all_are_found_and_leafed_through(
    empty: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.elastic._PAGE", 10)  # what the engine gives at once
    signals = [SignalEntry(1000 + one, 7, "hiring", ("growing",), 0.9, {}) for one in range(25)]
    empty.write(
        [Entry(one.id, "Verre", "", "fr", date(2026, 3, one.id % 28 + 1), FUNDING, (one,)) for one in signals], set()
    )
    assert len(empty.find(SignalQuery(text="verre"))) == 25
    pages = [empty.search(Query("verre", order="date", limit=4, offset=offset)).ids for offset in range(0, 28, 4)]
    assert len({one for page in pages for one in page}) == 25
    days = [number % 28 for page in pages for number in page]
    assert days == sorted(days, reverse=True)
    assert [one.signal for one in empty.look(SignalQuery(), "id", limit=3, offset=12).found] == [1012, 1011, 1010]
    empty.write([], {one.id for one in signals})
    assert empty.find(SignalQuery()) == []
