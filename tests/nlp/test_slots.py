from __future__ import annotations

import pytest

from nlp.slots import Candidate, amounts, headcounts, percentages, slots


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("lève 12 millions d'euros", 12e6, "EUR"),
        ("leve 12 millions d euros", 12e6, "EUR"),
        ("4 M€ de plus", 4e6, "EUR"),
        ("1,2 Md€", 1.2e9, "EUR"),
        ("400 000 € d'aides", 400_000, "EUR"),
        ("a $40m deal", 40e6, "USD"),
        ("worth £1.5bn", 1.5e9, "GBP"),
        ("EUR 13.1 million", 13.1e6, "EUR"),
        ("1,250,000 dollars", 1_250_000, "USD"),
    ],
)
def test_amounts_are_normalised(text: str, value: float, currency: str) -> None:
    assert amounts(text) == [{"value": value, "currency": currency}]


def test_a_number_without_currency_is_no_amount() -> None:
    assert amounts("12 millions d'habitants en 2026, 3 euromillions") == []


def test_percentages_and_headcounts() -> None:
    assert percentages("+8,5 % et -3%") == [8.5, -3.0]
    assert headcounts("1 200 postes et 35 nouveaux emplois") == [1200, 35]


def test_persons_and_places_of_a_french_sentence() -> None:
    said = Candidate("Forges Amblard nomme Claire Vidal directrice à Lyon", "fr", frozenset({"Forges Amblard"}))
    (found,) = slots([said])
    assert found["person"] == ["Claire Vidal"]
    assert found["place"] == ["Lyon"]


def test_persons_and_places_of_an_english_sentence() -> None:
    said = Candidate("Harrow Tools named Jane Poole as CFO in Leeds.", "en", frozenset({"Harrow Tools"}))
    (found,) = slots([said])
    assert (found["person"], found["place"]) == (["Jane Poole"], ["Leeds"])
