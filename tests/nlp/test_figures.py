from __future__ import annotations

import pytest

from nlp.figures import amounts, headcounts, percentages
from nlp.numerals import in_figures


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
    assert amounts(text, "fr") == [{"value": value, "currency": currency}]


def test_a_number_without_currency_is_no_amount() -> None:
    assert amounts("12 millions d'habitants en 2026, 3 euromillions", "fr") == []


def test_the_apostrophe_may_be_dropped() -> None:
    assert amounts("leve 15 millions deuros", "fr") == [{"value": 15e6, "currency": "EUR"}]
    assert amounts("paid pound(s)3.1bn", "en") == [{"value": 3.1e9, "currency": "GBP"}]


@pytest.mark.parametrize(
    ("text", "value", "direction"),
    [
        ("+8,5 %", 8.5, "up"),
        ("-3%", 3, "down"),
        ("le bénéfice fond de 22,5 %", 22.5, "down"),
        ("1,5 % d'augmentation générale", 1.5, "up"),
        ("77 % de moins en un an", 77, "down"),
        ("sales fell 2 per cent", 2, "down"),
        ("revenue was 17bn, up 4.4 per cent", 4.4, "up"),
        ("profits were 6 per cent lower", 6, "down"),
        ("the fall came to an end: a margin of 7 per cent", 7, None),
        ("détient 18,75 % du capital", 18.75, None),
    ],
)
def test_a_percentage_has_the_direction_of_its_clause(text: str, value: float, direction: str | None) -> None:
    (found,) = percentages(text)
    assert (found["value"], found.get("direction")) == (value, direction)


def test_numbers_of_posts_and_people() -> None:
    assert headcounts("1 200 postes et 35 nouveaux emplois", "fr") == [1200, 35]


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("Elle recrutera trente-cinq techniciens.", "fr", 35),
        ("Deux cents emplois sont menacés.", "fr", 200),
        ("Vingt et un postes sont à pourvoir.", "fr", 21),
        ("Quatre-vingt-dix-sept personnes y travaillent.", "fr", 97),
        ("It will hire twenty-five people.", "en", 25),
        ("Two hundred and fifty jobs go.", "en", 250),
    ],
)
def test_people_are_counted_in_words_too(text: str, language: str, number: int) -> None:
    assert headcounts(text, language) == [number]


@pytest.mark.parametrize("digits", [20, 320, 5000])
def test_what_has_too_many_digits_is_no_figure(digits: int) -> None:
    number, grouped = "9" * digits, "9" + ".999" * digits
    for text in (number, grouped, f"{number} milliards"):
        assert amounts(f"Velmora lève {text} d'euros, puis 3 millions d'euros", "fr")[-1]["value"] == 3e6
        assert all(one["value"] < 1e15 for one in amounts(f"{text} euros", "fr"))
        assert all(one < 10**10 for one in headcounts(f"Velmora recrute {text} personnes", "fr"))
        assert percentages(f"une hausse de {text} %") == []
        in_figures(f"{text} millions de personnes", "fr")


def test_amounts_are_read_in_words_where_there_are_none_in_figures() -> None:
    assert amounts("deux millions d'euros", "fr") == [{"value": 2e6, "currency": "EUR"}]
    assert amounts("12 millions d'euros, soit trois millions de dollars", "fr") == [{"value": 12e6, "currency": "EUR"}]


@pytest.mark.parametrize(
    ("language", "text", "people", "money"),
    [
        ("fr", "Brunel recrute une douzaine de personnes.", [12], []),
        ("fr", "Brunel supprime une trentaine de postes.", [30], []),
        ("fr", "Brunel supprime deux centaines d'emplois.", [200], []),
        ("fr", "Brunel crée un millier d'emplois.", [1000], []),
        ("fr", "Brunel embauche une demi-douzaine de salariés.", [6], []),
        ("fr", "Brunel supprime des dizaines d'emplois.", [], []),
        ("fr", "Brunel supprime plusieurs centaines de postes.", [], []),
        ("fr", "Brunel lève deux millions et demi d'euros.", [], [2.5e6]),
        ("fr", "Brunel lève un demi-million d'euros.", [], [0.5e6]),
        ("fr", "Brunel investit une trentaine de millions d’euros.", [], [30e6]),
        ("fr", "Brunel investit vingt-deux millions d'euros.", [], [22e6]),
        ("en", "Brunel cuts half a dozen jobs.", [6], []),
        ("en", "Brunel hires two dozen employees.", [24], []),
        ("en", "Brunel cuts dozens of jobs.", [], []),
        ("en", "Brunel raises two and a half million dollars.", [], [2.5e6]),
        ("en", "Brunel raises half a million euros.", [], [0.5e6]),
    ],
)
def test_numbers_that_are_nouns_are_read(language: str, text: str, people: list[int], money: list[float]) -> None:
    assert headcounts(text, language) == people
    assert [one["value"] for one in amounts(text, language)] == money
