"""The rules and the model together: what the model adds, what it takes back, and that training gives the same twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from nlp.corpus import read_examples
from nlp.extract import VERSION, Extractor, Passage
from nlp.model import load
from nlp.train import train
from signals.rules import default_extractor, default_rules
from signals.types import default_taxonomy
from vigie.prepare.training import digest

NUMBERS = default_taxonomy().numbers


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two models trained on a part of the English text, the second after the first."""
    english = [one for one in read_examples(default_taxonomy().types) if one.language == "en"]
    examples = english[::4]  # among them are all types
    files = [tmp_path_factory.mktemp("model") / f"{name}.npz" for name in ("first", "second")]
    for file in files:
        train(examples, default_rules(), NUMBERS, {}).save(file)
    return files


def test_training_twice_gives_the_same_model(trained: list[Path]) -> None:
    first, second = map(load, trained)
    for name in ("weights", "bias", "type_weights", "word_idf", "char_idf"):
        assert np.array_equal(getattr(first, name), getattr(second, name)), name
    assert list(first.types) == list(default_taxonomy().types)


def test_the_models_in_the_package_are_those_of_the_text_and_the_taxonomy() -> None:
    extractor, by_words = default_extractor(), default_extractor(embedding=False)
    assert set(extractor.models) == {"fr", "en"}
    for language, model in extractor.models.items():
        assert list(model.types) == default_rules().types, language
        assert str(model.made_of) == digest(), f"{language}: text or taxonomy changed since; run make train"
    assert extractor.whole is not None
    assert str(extractor.whole.made_of) == digest(), "text or taxonomy changed since; run make train"
    assert extractor.confidence.made_of == digest(), "the models changed since; run make calibrate"
    assert by_words.confidence.made_of == digest(), "the models changed since; run make calibrate"
    assert by_words.embedding is None


@pytest.mark.parametrize(
    ("text", "language", "family"),
    [
        ("Amblard tombe dans l'escarcelle d'un fonds", "fr", "growing"),
        ("Velmora dans le rouge", "fr", "difficulty"),
        ("Nouvelle usine en vue pour les Forges Amblard", "fr", "new_sites"),
        ("Harrow Tools scoops schools cleaning deal", "en", "growing"),
        ("Harrow Tools loses London metro deal", "en", "difficulty"),
    ],
)
def test_a_family_is_told_with_a_type_of_it(text: str, language: str, family: str) -> None:
    events = [event for event in default_extractor().extract(text, language) if family in event.families]
    assert events
    for event in events:
        assert text[event.start : event.end] == event.sentence
        assert event.family in event.families or event.family in {"growing", "financial_publications", "hr_moves"}
        assert (0.4 <= event.confidence <= 1, event.version) == (True, VERSION)


@pytest.mark.parametrize(
    "text",
    [
        "Redressement judiciaire : mode d'emploi\nLe tribunal ouvre une procédure quand l'entreprise ne paie plus.",
        "S'implanter au Maroc, les étapes\nOuvrir une filiale au Maroc prend trois mois.",
        "Fondé en 1962, le groupe emploie 4 000 personnes dans douze pays.",
        "Tribune : nos usines ferment et l'État regarde",
    ],
)
def test_guides_background_and_opinion_tell_nothing(text: str) -> None:
    assert default_extractor().extract(text, "fr") == []


def test_many_texts_at_once_give_what_each_gives_alone() -> None:
    texts = [
        ("Velmora lève 12 millions d'euros. Il pleut à Brest.", "fr"),
        ("", None),
        ("Harrow Tools names new CEO", "en"),
        ("Die Firma Sodelac baut in Freiburg vierzig Stellen ab und schließt ihr Lager.", None),
    ]
    extractor = default_extractor()
    together = extractor.extract_all([Passage(*one) for one in texts])
    alone = [extractor.extract(*one) for one in texts]
    assert [[(e.type, e.families, e.start) for e in one] for one in together] == [
        [(e.type, e.families, e.start) for e in one] for one in alone
    ]
    assert [len(one) > 0 for one in together] == [True, False, True, False]


def test_without_a_model_the_rules_speak_alone() -> None:
    rules = default_rules()
    text = "Velmora lève 12 millions d'euros"
    assert Extractor(rules, NUMBERS, {}).extract(text, "fr") == rules.extract(text, "fr")


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("Nomination chez Velmora", "fr", "appointment"),
        ("Incendie chez Velmora", "fr", "incident"),
        ("Liquidation de Velmora", "fr", "insolvency"),
        ("Implantation de Velmora au Maroc", "fr", "foreign_expansion"),
        ("New plant for Harrow Tools", "en", "opening"),
        ("Loss at Harrow Tools", "en", "results_down"),
    ],
)
def test_a_headline_without_a_verb_tells_its_event(text: str, language: str, kind: str) -> None:
    assert kind in {event.type for event in default_extractor().extract(text, language)}


def test_a_text_in_another_language_than_its_source_says_is_read_all_the_same() -> None:
    extractor = default_extractor()
    assert {event.type for event in extractor.extract("Harrow Tools CEO resigns", "fr")} == {"departure"}
    assert {
        event.language for event in extractor.extract("Velmora supprime 40 postes dans son usine de Dole", "en")
    } == {"fr"}
    assert extractor.extract("Die Firma Sodelac schließt ihr Lager in Freiburg und baut Stellen ab.", "fr") == []


def test_figures_of_a_period_are_dated_by_their_publication() -> None:
    text = "Velmora : chiffre d'affaires en hausse de 11 % au premier semestre"
    events = default_extractor().extract(text, "fr", date(2026, 11, 25))
    assert {event.moment for event in events if event.family == "financial_growth"} == {None}


def test_a_family_whose_phrases_are_taken_back_is_not_told_by_the_model_alone() -> None:
    text = "La hausse du prix de l'électricité a eu raison de la trésorerie du groupe Velmora"
    assert "buzz" not in {event.family for event in default_extractor().extract(text, "fr")}
