import pytest

from nlp.people import english_names, is_name, titled


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Priya Raman, who joined in 1994, will lead the airline.", ["Priya Raman"]),
        ("Rob Brennan , chief executive of the retailer's UK operations , is to step down", ["Rob Brennan"]),
        ("Mr Brennan is the third director to leave since Sir Hugh Tate took over", ["Brennan", "Hugh Tate"]),
        ("Harrow Tools named Jane Poole as CFO", ["Jane Poole"]),
        ("It replaces chairman Jean van der Berg", ["Jean van der Berg"]),
        ("Tom Searle resigned on Monday", ["Tom Searle"]),
        ("Benson Bank said profit rose", []),
        ("New York said it would sue", []),
        ("The Chief Executive told investors", []),
    ],
)
def test_people_of_an_english_sentence(text: str, people: list[str]) -> None:
    assert english_names(text) == people


def test_people_with_a_title_in_a_french_sentence() -> None:
    assert titled("liquidateur SELAS Orme, prise en la personne de Me Nicolas Aubry") == ["Nicolas Aubry"]
    assert titled("M. Roux et Mme Anne Vidal") == ["Roux", "Anne Vidal"]


@pytest.mark.parametrize("name", ["Claire Vidal", "Jean-Marc Le Goff", "Thierry de la Tour d'Artaise", "yann le cun"])
def test_a_first_and_a_last_name_are_a_name(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("text", ["Vidal", "Burger King", "Hydrogen Wave", "Banque Vidal 2", "Vidal Capital"])
def test_other_words_are_none(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize("text", ["Euler Hermes", "Fonderie Lorraine", "Affaire Vidal", "Ray-Ban", "collector junior"])
def test_two_words_without_a_first_name_are_no_name(text: str) -> None:
    assert not is_name(text, f"{text} publie ses prévisions")


@pytest.mark.parametrize(
    "sentence",
    [
        "Le directeur général Pagnotin Vrelle quitte le groupe",
        "Selon Pagnotin Vrelle, directeur de l'usine, tout va bien",
        "Pagnotin Vrelle (54 ans) est nommée",
        "l'entreprise dirigée par Pagnotin Vrelle",
    ],
)
def test_an_unknown_first_name_needs_the_words_of_an_office_beside_it(sentence: str) -> None:
    assert is_name("Pagnotin Vrelle", sentence)
    assert not is_name("Pagnotin Vrelle", "Pagnotin Vrelle ouvre à Lyon")
