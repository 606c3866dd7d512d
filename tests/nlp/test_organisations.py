"""Companies that nobody knows yet, named in sentences."""

from __future__ import annotations

import pytest

from nlp.organisations import unknown_companies


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Bergamote Robotics lève 12 millions d'euros.", "Bergamote Robotics"),
        ("Nantes : Velmora annonce un nouvel atelier.", "Velmora"),
        ("À Lyon, la start-up Syloqua a levé trois millions.", "Syloqua"),
        ("Le groupe Vardane & Fils cède sa filiale.", "Vardane & Fils"),
        ("Le rachat de Tamaryl est bouclé.", "Tamaryl"),
        ("Qylora's shares fell on Monday.", "Qylora"),
        ("The firm Brightmoor Foods opened a plant.", "Brightmoor Foods"),
    ],
)
def test_a_company_is_told_by_the_words_around_its_name(sentence: str, name: str) -> None:
    assert [sentence[start:end] for start, end in unknown_companies(sentence)] == [name]


@pytest.mark.parametrize(
    "sentence",
    [
        "Paul Martin lance un appel.",
        "Nantes lance un appel d'offres.",
        "La Région annonce un plan.",
        "Lundi lance la semaine.",
        "Le Conseil Municipal annonce un budget.",
        "On a vu Vardane hier.",
        "lycée fermé, la grève continue.",
    ],
)
def test_people_places_and_plain_words_are_none(sentence: str) -> None:
    assert list(unknown_companies(sentence)) == []
