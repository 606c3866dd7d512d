"""Who holds which function, as sentences tell it."""

from __future__ import annotations

import pytest

from nlp.functions import FIELDS, field_of, holders


def told(sentence: str, language: str = "fr") -> list[tuple[str, str, str, str]]:
    return [(one.name, one.function, one.field, one.of) for one in holders(sentence, language)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "L'entreprise recrute 60 soudeurs, a précisé sa directrice des ressources humaines, Inès Chabrol.",
            ("Inès Chabrol", "directrice des ressources humaines", "people", ""),
        ),
        ("Paul Vidal, PDG de Velmora, se félicite de ce contrat.", ("Paul Vidal", "PDG", "general", "Velmora")),
        (
            "« Nous investissons », explique le président du groupe Velmora, Jean-Marc Roux.",
            ("Jean-Marc Roux", "président", "general", "Velmora"),
        ),
        (
            "Anne Leroy, directrice financière, quittera ses fonctions en mai.",
            ("Anne Leroy", "directrice financière", "finance", ""),
        ),
        (
            "Le directeur du site de Vénissieux, Karim Haddad, attend les élus.",
            ("Karim Haddad", "directeur du site", "site", "Vénissieux"),
        ),
        (
            "Selon Marie Dupont, responsable achats chez Castelor, les prix baissent.",
            ("Marie Dupont", "responsable achats", "purchasing", "Castelor"),
        ),
        (
            "Sophie Martin, directrice industrielle de la fonderie, salue les équipes.",
            ("Sophie Martin", "directrice industrielle de la fonderie", "operations", ""),
        ),
    ],
)
def test_a_function_beside_a_name_is_held_by_it(sentence: str, expected: tuple[str, str, str, str]) -> None:
    assert told(sentence) == [expected]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Demand is back, said Velmora's chief executive, Jane Roe.", ("Jane Roe", "chief executive", "general", "")),
        (
            "Peter Hall, finance director of Castelor, expects more.",
            ("Peter Hall", "finance director", "finance", "Castelor"),
        ),
        (
            "“We need welders,” human resources director Emma Clark said.",
            ("Emma Clark", "human resources director", "people", ""),
        ),
    ],
)
def test_english_ones_too(sentence: str, expected: tuple[str, str, str, str]) -> None:
    assert told(sentence, "en") == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "L'ancien directeur général, Paul Vidal, a été entendu.",
        "Paul Vidal, ex-directeur financier de Velmora, rejoint une banque.",
        "La directrice générale a présenté les comptes.",
        "Paul Vidal, maire de Lyon, a coupé le ruban.",
        "Le directeur général de Velmora Industries a signé avec Castelor Group.",
    ],
)
def test_who_holds_none_now_or_is_not_named_is_not_told(sentence: str) -> None:
    assert told(sentence) == []


@pytest.mark.parametrize(
    ("function", "field"),
    [
        ("directeur général adjoint en charge des achats", "purchasing"),
        ("DSI", "it"),
        ("directeur export", "export"),
        ("directeur d'usine", "site"),
        ("cofondateur", "general"),
        ("administrateur", None),
    ],
)
def test_a_function_is_about_what_it_says_first(function: str, field: str | None) -> None:
    assert field_of(function) == field
    assert field is None or field in FIELDS


@pytest.mark.parametrize("unit", ["Aa-", "Aa ", "De La ", "A. ", "Aa, ", "directeur de "])
def test_a_hostile_sentence_takes_no_time(unit: str) -> None:
    crowd = unit * (1500 // len(unit))
    assert len(list(holders(f"{crowd}Aa, directeur, {crowd}", "fr"))) <= 1
