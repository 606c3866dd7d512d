from __future__ import annotations

import pytest

from store.addresses import identity, number

ARTICLE = "https://www.gazette.example/eco/usine?id=5&rub=eco"


@pytest.mark.parametrize(
    "same",
    [
        "http://gazette.example/eco/usine?id=5&rub=eco",
        "https://m.gazette.example/eco/usine?rub=eco&id=5",
        "https://mobile.gazette.example/eco/usine/?id=5&rub=eco",
        "https://amp.gazette.example/eco/usine?id=5&rub=eco",
        "https://www.gazette.example/amp/eco/usine?id=5&rub=eco",
        "https://www.gazette.example/eco/usine/amp?id=5&rub=eco",
        "https://www.gazette.example/eco/usine/amp/?id=5&rub=eco",
        "https://www.gazette.example/eco/usine.amp?id=5&rub=eco",
        "https://www.gazette.example/eco/usine?id=5&amp=1&rub=eco",
        "https://www.gazette.example/eco/usine?id=5&outputType=amp&rub=eco&",
        "https://www.gazette.example:443/eco/usine?id=5&rub=eco",
        "https://www.gazette.example./eco/%75sine?id=5&rub=%65co",
        "https://www.gazette.example/eco/usine;jsessionid=A1B2?id=5&rub=eco",
        "https://www.gazette.example/eco/usine?id=5&PHPSESSID=a1b2&rub=eco",
        "https://www.gazette.example/eco/usine?id=5&rub=eco&origine=rss&ref=Twitter",
    ],
)
def test_forms_of_one_article_are_one(same: str) -> None:
    assert identity(same) == identity(ARTICLE)
    assert number(same) == number(ARTICLE)


@pytest.mark.parametrize(
    "other",
    [
        "https://www.gazette.example/eco/usine?id=6&rub=eco",
        "https://www.gazette.example/eco/usine",
        "https://www.gazette.example/eco/Usine?id=5&rub=eco",
        "https://www.gazette.example/eco/usine/ampere?id=5&rub=eco",
        "https://www.gazette.example/eco/usine?id=5&rub=eco&ampere=1",
        "https://eco.gazette.example/eco/usine?id=5&rub=eco",
        "https://www.gazette.example:8080/eco/usine?id=5&rub=eco",
        "https://m.example/eco/usine?id=5&rub=eco",
        "https://www.gazette.example/eco/usine?id=5&rub=eco&ref=37",
        "https://www.gazette.example/eco%2Fusine?id=5&rub=eco",
    ],
)
def test_other_articles_are_not(other: str) -> None:
    assert identity(other) != identity(ARTICLE)


def test_escapes_and_a_lone_suffix_of_a_host() -> None:
    assert identity("https://a.example/%c3%a9t%C3%A9") == identity("https://a.example/%C3%A9t%C3%A9")
    assert identity("https://a.example/%7Ea-b") == identity("https://a.example/~a%2Db")
    assert identity("https://électro.example/a") == identity("https://xn--lectro-9ua.example/a")
    assert identity("https://m.example/a") == "m.example/a"
    assert isinstance(number("http://[broken"), int)
