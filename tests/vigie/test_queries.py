"""What the index is asked on behalf of searches and offers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies.criteria import indexed, value_of
from index.query import Entry, SearchIndex
from index.signals import Asked, SignalEntry, SignalQuery, Value
from leads.conditions import Condition, spelt
from leads.keywords import KeywordFilter, left_out
from leads.offers import Keywords, Offer
from signals.types import default_taxonomy
from store.errors import Invalid
from store.tables import Company
from vigie.queries import asked, keyword_filter, query_of
from watch.searches import Search

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
def test_the_index_finds_the_companies_that_meet_a_condition(empty: SearchIndex, text: str, holds: bool) -> None:
    company = Company(
        name="A", naf="2841Z", headcount=75, department="25", site="a.example", created_on=date(1990, 1, 1)
    )
    described: dict[str, Value] = dict(indexed(company))
    signal = SignalEntry(1, 1, "hiring", ("growing",), 0.9, described)
    empty.write([Entry(1, "Titre", "Texte", "fr", TODAY, frozenset(), (signal,))], set())
    condition = spelt(text)
    assert condition.met_by(value_of(company, condition.criterion, TODAY)) is holds
    assert bool(empty.find(query_of(Search(criteria=(condition,)), TODAY))) is holds


@pytest.mark.parametrize("text", ["naf", "naf>=3", "size=4", "headcount>=many", "headcount>5", "=3", "naf="])
def test_a_condition_that_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(Invalid, match="'"):
        spelt(text)


def test_days_are_counted_with_today() -> None:
    query = query_of(Search(days=1, text="usine", territory=("25",), confidence=0.5), TODAY)
    assert query == SignalQuery(text="usine", places=frozenset({"25"}), since=TODAY, least_confidence=0.5)


def test_asked_by_age_unknown() -> None:
    assert asked(Condition(criterion="age", unknown=True), TODAY) == Asked("created_on", unknown=True)


TEXTS = (
    "La société installe des robots de soudage à l'arrêt.",
    "L'usine R&D d'Orvanne, AT&T et le week-end",
    "Un cobot-peintre et l’atelier d'e-commerce",
    "L'Intelligence Artificielle (IA) : 3D, 5G+ et C++",
    "Le projet X-42/7b, 12,5 % de 2026, n°12",
    "Chaudronnerie/tôlerie, naïve façade, CO2, S.A.S. Müller",
    "Robots.txt de www.robot.example, l’Œuvre et l'Oréal",
    "The company's robots, and companies' prud'hommes",
    "A. B. C. ou R et D, jusqu'à l'eau",
)
WORDS = (
    *("robot*", "robots", "robot", "usine", "R&D", "r d", "R et D", "cobot", "cobot-peintre", "l'atelier", "IA", "3D"),
    *("intelligence artificielle", "intelligence*", "5G", "C++", "à l'arrêt", "oeuvre", "œuvre", "e-commerce", "12,5"),
    *("x-42", "42", "a b c", "tôlerie", "robots.txt", "naive", "façade", "eau", "sas", "muller", "co2", "week-end"),
    *("at&t", "l'oréal", "jusqu'à", "prud'hommes", "company's", "companies", "d'o*", "rob*", "art*", "de soud*"),
)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_articles_that_have_a_word_of_an_offer_are_among_those_that_speak_of_it(
    empty: SearchIndex, language: str
) -> None:
    signal = {number: SignalEntry(number, number, "hiring", (), 0.9, {}) for number in range(len(TEXTS))}
    entries = [Entry(n, text, text, language, TODAY, frozenset(), (signal[n],)) for n, text in enumerate(TEXTS)]
    empty.write(entries, set())
    found = 0
    for word in WORDS:
        offer = Offer.model_validate({"name": "o", "keywords": {"include": [word]}})
        having = {n for n, text in enumerate(TEXTS) if left_out(offer.keywords, text) is None}
        said = keyword_filter(empty, offer, default_taxonomy(), TODAY)
        assert said is not None
        assert said.unwanted == set()
        assert said.wanted is not None
        assert having <= set(said.wanted), word
        found += len(having)
    assert found > len(WORDS)


def test_they_are_of_the_territory_of_types_that_count_and_not_too_old(empty: SearchIndex) -> None:

    def entry(number: int, kind: str, day: date | None, department: str) -> Entry:
        signal = SignalEntry(number, number, kind, (), 0.9, {"department": department, "country": "FR"})
        return Entry(number, "Titre", "Des robots", "fr", day, frozenset(), (signal,))

    entries = [
        entry(1, "hiring", TODAY, "25"),
        entry(2, "hiring", TODAY, "39"),
        entry(3, "hiring", TODAY - timedelta(days=91), "25"),
        entry(4, "hiring", None, "25"),
        entry(5, "funding", TODAY, "25"),
        entry(6, "hiring", TODAY + timedelta(days=3), "25"),
    ]
    empty.write(entries, set())
    words = {"include": ["robot*"], "exclude": ["robots", "cobots"]}
    offer = Offer.model_validate({"name": "o", "territory": ["25"], "types": {"funding": 0}, "keywords": words})
    since = TODAY - timedelta(days=90)
    assert keyword_filter(empty, offer, default_taxonomy(), since) == KeywordFilter({1, 4, 6}, {1, 4, 6})
    assert keyword_filter(empty, offer.model_copy(update={"keywords": Keywords()}), default_taxonomy(), since) is None
