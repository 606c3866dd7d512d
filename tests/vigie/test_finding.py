"""What the index is asked on behalf of searches and offers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embedded import EmbeddedIndex
from index.query import Entry
from index.signals import Asked, SignalEntry, SignalQuery, Value
from signals.conditions import Condition, spelt
from signals.criteria import indexed, value_of
from signals.offers import Offer
from signals.searches import Search
from signals.types import default_taxonomy
from store.errors import Invalid
from store.tables import Company
from vigie.finding import asked, candidates, query_of

TODAY = date(2026, 3, 10)


@given(
    born=st.dates(date(1890, 1, 1), TODAY + timedelta(days=2)),
    today=st.sampled_from([TODAY, date(2028, 2, 29), date(2027, 3, 1)]),
    low=st.none() | st.integers(0, 60) | st.just(2.5),
    high=st.none() | st.integers(0, 60),
)
def test_an_age_is_asked_as_the_days_of_creation_that_have_it(
    born: date, today: date, low: float | None, high: float | None
) -> None:
    if low is None and high is None:
        return
    condition = Condition(criterion="age", min=low, max=high)
    company = Company(name="A", created_on=born)
    one = asked(condition, today)
    day = born.toordinal()
    found = (one.low is None or day >= one.low) and (one.high is None or day <= one.high)
    assert found == condition.met_by(value_of(company, "age", today))


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("naf=28,29", True),
        ("naf=28.41", True),
        ("naf=25", False),
        ("headcount>=50", True),
        ("headcount<=50", False),
        ("headcount=75", True),
        ("turnover=?", True),
        ("digital_presence=site", True),
        ("department=25", True),
        ("age>=10", True),
    ],
)
def test_the_index_finds_the_companies_that_meet_a_condition(tmp_path: Path, text: str, holds: bool) -> None:
    company = Company(
        name="A", naf="2841Z", headcount=75, department="25", site="a.example", created_on=date(1990, 1, 1)
    )
    described: dict[str, Value] = dict(indexed(company))
    index = EmbeddedIndex(tmp_path)
    signal = SignalEntry(1, 1, "hiring", ("growing",), 0.9, described)
    index.write([Entry(1, "Titre", "Texte", "fr", TODAY, frozenset(), (signal,))], set())
    condition = spelt(text)
    assert condition.met_by(value_of(company, condition.criterion, TODAY)) is holds
    assert bool(index.find(query_of(Search(criteria=(condition,)), TODAY))) is holds


@pytest.mark.parametrize("text", ["naf", "naf>=3", "size=4", "headcount>=many", "headcount>5", "=3", "naf="])
def test_a_condition_that_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(Invalid, match="'"):
        spelt(text)


def test_days_are_counted_with_today() -> None:
    query = query_of(Search(days=1, text="usine", territory=("25",), confidence=0.5), TODAY)
    assert query == SignalQuery(text="usine", places=frozenset({"25"}), since=TODAY, least_confidence=0.5)


def test_asked_by_age_unknown() -> None:
    assert asked(Condition(criterion="age", unknown=True), TODAY) == Asked("created_on", unknown=True)


def test_candidates_are_companies_whose_signals_may_count_for_the_offer(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path)

    def entry(number: int, kind: str, day: date | None, department: str) -> Entry:
        signal = SignalEntry(number, number, kind, (), 0.9, {"department": department, "country": "FR"})
        return Entry(number, "Titre", "Texte", "fr", day, frozenset(), (signal,))

    old = TODAY - timedelta(days=3650)
    index.write(
        [
            entry(1, "hiring", TODAY, "25"),
            entry(2, "hiring", TODAY, "39"),
            entry(3, "hiring", old, "25"),
            entry(4, "hiring", None, "25"),
            entry(5, "funding", TODAY, "25"),
            entry(6, "hiring", TODAY + timedelta(days=3), "25"),
        ],
        set(),
    )
    offer = Offer(name="o", territory=("25",), types={"funding": 0})
    assert candidates(index, offer, default_taxonomy(), TODAY) == {1, 4, 6}
