"""Finding signals: what every back-end must answer."""

from __future__ import annotations

from datetime import date

import pytest

from index.embedded import PassingIndex
from index.query import Entry, Query, SearchIndex
from index.signals import Asked, Found, SignalEntry, SignalQuery, Value

VERRIER: dict[str, Value] = {
    "department": "39",
    "country": "FR",
    "naf": ("2", "23", "231"),
    "headcount": 120,
    "turnover": None,
}
BANQUE: dict[str, Value] = {
    "department": None,
    "country": "DE",
    "naf": None,
    "headcount": 9,
    "turnover": 2.5e6,
    "site_type": ("a", "b"),
}
HIRING = SignalEntry(11, 1, "hiring", ("growing",), 0.9, VERRIER, ("Zoé  LE-GALL", "Al"))
FUNDING = SignalEntry(12, 2, "funding", ("growing", "buzz"), 0.5, BANQUE)
LATER = SignalEntry(21, 1, "opening", ("new_sites",), 0.8, VERRIER)
ENTRIES = [
    Entry(
        1,
        "Deux annonces",
        "Une levée de fonds et des embauches.",
        "fr",
        date(2026, 3, 2),
        frozenset(),
        (HIRING, FUNDING),
    ),
    Entry(2, "Usine", "Un four à verre électrique.", "fr", date(2026, 3, 9), frozenset(), (LATER,)),
    Entry(3, "Rien", "Il pleut sur le verre.", "fr", date(2026, 3, 9), frozenset()),
]


@pytest.fixture
def index(empty: SearchIndex) -> SearchIndex:
    empty.write(ENTRIES, set())
    return empty


@pytest.mark.parametrize(
    ("query", "signals"),
    [
        (SignalQuery(), [11, 12, 21]),
        (SignalQuery(text="verre"), [21]),
        (SignalQuery(text='"levée de fonds" -pluie'), [11, 12]),
        (SignalQuery(text="embauche"), [11, 12]),
        (SignalQuery(families=frozenset({"growing"})), [11, 12]),
        (SignalQuery(families=frozenset({"new_sites", "buzz"})), [12, 21]),
        (SignalQuery(types=frozenset({"hiring"}), families=frozenset({"buzz"})), []),
        (SignalQuery(since=date(2026, 3, 3)), [21]),
        (SignalQuery(until=date(2026, 3, 2)), [11, 12]),
        (SignalQuery(places=frozenset({"39"})), [11, 21]),
        (SignalQuery(places=frozenset({"DE", "25"})), [12]),
        (SignalQuery(companies=frozenset({2, 7})), [12]),
        (SignalQuery(least_confidence=0.85), [11]),
        (SignalQuery(after=11), [12, 21]),
        (SignalQuery(after=11, before=21), [12]),
        (SignalQuery(before=12), [11]),
        (SignalQuery(before=1), []),
        (SignalQuery(people=frozenset({"zoe le gall", "Bo"})), [11]),
        (SignalQuery(people=frozenset({"le gall"})), []),
        (SignalQuery(criteria=(Asked("naf", frozenset({"23"})),)), [11, 21]),
        (SignalQuery(criteria=(Asked("naf", frozenset({"3", "2"})), Asked("headcount", low=121))), []),
        (SignalQuery(criteria=(Asked("headcount", high=100),)), [12]),
        (SignalQuery(criteria=(Asked("headcount", low=120, high=120),)), [11, 21]),
        (SignalQuery(criteria=(Asked("turnover", unknown=True),)), [11, 21]),
        (SignalQuery(criteria=(Asked("turnover", low=0),)), [12]),
        (SignalQuery(criteria=(Asked("site_type", frozenset({"B"})),)), [12]),
    ],
)
def test_all_that_is_asked_holds_of_one_signal(index: SearchIndex, query: SignalQuery, signals: list[int]) -> None:
    company = {11: 1, 12: 2, 21: 1}
    expected = [Found(number, company[number]) for number in signals]
    assert index.find(query) == expected
    assert PassingIndex(ENTRIES).find(query) == expected


def test_signals_go_with_their_documents_and_never_answer_for_them(index: SearchIndex) -> None:
    assert index.search(Query("verre")).total == 2
    assert index.search(Query()).total == len(ENTRIES)
    index.write([Entry(1, "Deux annonces", "Rien de tout cela.", "fr", None, frozenset(), (FUNDING,))], {2})
    assert index.find(SignalQuery()) == [Found(12, 2)]
    assert index.find(SignalQuery(since=date(2020, 1, 1))) == []


def test_what_has_no_day_is_in_a_period_only_when_it_is_asked_for(index: SearchIndex) -> None:
    index.write(
        [Entry(4, "Sans date", "Un jour.", "fr", None, frozenset(), (SignalEntry(41, 3, "x", (), 1, {}),))], set()
    )
    assert index.find(SignalQuery(since=date(2026, 3, 9))) == [Found(21, 1)]
    assert index.find(SignalQuery(since=date(2026, 3, 9), undated=True)) == [Found(21, 1), Found(41, 3)]


def test_a_page_of_signals_comes_with_counts_of_what_else_could_be_chosen(index: SearchIndex) -> None:
    first = index.look(SignalQuery(), limit=2)
    assert first.found[0].signal == 21
    assert first.total == 3
    rest = index.look(SignalQuery(), limit=2, offset=2)
    assert {one.signal for one in (*first.found, *rest.found)} == {11, 12, 21}
    assert first.facets["family"] == {"growing": 2, "buzz": 1, "new_sites": 1}
    assert first.facets["type"] == {"hiring": 1, "funding": 1, "opening": 1}
    assert first.facets["department"] == {"39": 2}
    chosen = index.look(SignalQuery(families=frozenset({"buzz"}), places=frozenset({"39"})))
    assert (chosen.total, chosen.found) == (0, ())
    assert chosen.facets == {"family": {"growing": 1, "new_sites": 1}, "type": {}, "department": {}}
    assert [one.signal for one in index.look(SignalQuery(before=21), "id").found] == [12, 11]
    assert index.look(SignalQuery(text="four"), "relevance").found == (Found(21, 1),)
