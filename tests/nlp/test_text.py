from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies.folding import fold, words
from nlp.events import names_in
from nlp.language import detect
from nlp.patterns import BadPattern, PatternSet
from nlp.sentences import sentences


def matches(pattern: str, text: str) -> bool:
    folded = fold(text)
    return bool(PatternSet({"": [("x", pattern)]}).find(folded.text, words(folded.text), names_in(folded))[""])


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("levee de fonds", "Une Levée de fonds record", True),
        ("recrut* # personnes", "Elle recrutera 1 200 personnes", True),
        ("(ouvre|inaugure) ... usine", "Il inaugure sa toute nouvelle usine", True),
        ("(ouvre|inaugure) ... usine", "Il ouvre un deux trois quatre cinq six sept usine", False),
        ("chiffre d'affaires", "chiffre d affaires en hausse", True),
        ("chiffre d'affaires", "CHIFFRE D’AFFAIRES", True),
        ("nomme", "il est renommé, nommément", False),
        ("^recherche", "Recherche : un soudeur", True),
        ("^recherche", "La recherche avance", False),
        ("# recrutements", "Soit 1 200 recrutements", True),
        ("(appoint|name)* ceo", "She appoints CEO", True),
        ("(depose* (le|son) bilan|faillite)", "elle dépose son bilan", True),
        ("a _ nomme", "Elle a enfin nommé", True),
        ("le (nouveau patron|pdg) ... arrive", "Le PDG, dit-on, arrive", True),
        ("form (10|20)", "a form 20 was filed", True),
        ("(10|20) k", "the 10-K is late", True),
        ("# (postes|emplois)* supprim*", "Soit 80 postes supprimés", True),
        ("lance (le|la|l') ~", "Elle lance l’Halo", True),
        ("lance (le|la|l') ~", "Elle lance le débat", False),
        ("lance (le|la) ~", "Il lance le débat, elle lance la Halo", True),
        ("lance (le|la|l') ~", "Elle lance le s30", True),
        ("lance (le|la|l') ~", "ELLE LANCE LE DÉBAT", False),
        ("(lance ~|sort un ~)", "Elle sort un Halo", True),
    ],
)
def test_a_phrase_pattern_matches(pattern: str, text: str, found: bool) -> None:
    assert matches(pattern, text) is found


@pytest.mark.parametrize("pattern", ["", "(a|b", "a)", "a|b", "()", "* fin", "... x", "_ x", "a*b", "~ sort"])
def test_a_bad_pattern_is_named(pattern: str) -> None:
    with pytest.raises(BadPattern, match="pattern '"):
        PatternSet({"": [("x", pattern)]})


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Un. Deux ! Trois", ["Un.", "Deux !", "Trois"]),
        (
            "« Une usine ouvre ! Elle a 30 postes. », indique le p.-d.g. Jean Vial. Fin.",
            ["« Une usine ouvre !", "Elle a 30 postes. », indique le p.-d.g. Jean Vial.", "Fin."],
        ),
        ("« Une usine ouvre. » Le P.-D.G. part.", ["« Une usine ouvre. »", "Le P.-D.G. part."]),
        ("Le p.-d.g. de M. Martin part. Il a env. 60 ans.", ["Le p.-d.g. de M. Martin part.", "Il a env. 60 ans."]),
        ("Il dit : « C'est fait. » Puis il part.", ["Il dit : « C'est fait. »", "Puis il part."]),
        ("Titre sans point\nTexte à la ligne.", ["Titre sans point", "Texte à la ligne."]),
        ("Il a 3.5 M€. J. R. Dupont rit.", ["Il a 3.5 M€.", "J. R. Dupont rit."]),
    ],
)
def test_sentences_end_where_a_reader_sees_it(text: str, cut: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == cut


@given(st.text(max_size=4000))
def test_sentences_keep_every_visible_character_in_order(text: str) -> None:
    spans = list(sentences(text))
    joined = "".join(text[start:end] for start, end in spans)
    assert "".join(joined.split()) == "".join(text.split())
    assert all(end <= following for (_, end), (following, _) in pairwise(spans))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Delmas Robotics lève 3 millions d'euros pour son usine", "fr"),
        ("Delmas Robotics raises 3 million euros for its plant", "en"),
        ("Die Firma hat am Montag ein neues Werk in der Nähe von Köln eröffnet und stellt Leute ein", "de"),
        ("42", None),
        (
            "Il personale della fabbrica di Torino ha votato la chiusura e le sei settimane di cassa, una novità per "
            "il gruppo che non era mai successa",
            "it",
        ),
        (
            "Les salariés de la fonderie ont voté la reprise du travail mardi soir, et la direction du groupe a "
            "promis une prime pour les équipes de nuit",
            "fr",
        ),
        (
            "Workers at the foundry voted to go back to their posts on Tuesday, and the board has said that a bonus "
            "will be paid for the night shifts",
            "en",
        ),
    ],
)
def test_the_language_of_a_headline(text: str, language: str | None) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    "number",
    ["12", "1 200", "douze", "trente-cinq", "vingt et une", "deux cents", "quatre-vingt-dix", "soixante et onze"],
)
def test_a_number_stands_in_figures_or_in_words(number: str) -> None:
    assert matches("recrute # personnes", f"Elle recrute {number} personnes.")
    assert not matches("recrute # personnes", f"Elle recrute {number} autres personnes.")
