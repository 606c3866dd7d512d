"""Who is meant: names that are common words, namesakes, and companies that nobody knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from companies.disambiguation import Decision, disambiguate, with_reason
from companies.evidence import Bearer, Reason, Surroundings
from companies.folding import name_key
from companies.linker import Linker
from companies.name_frequency import known_words
from companies.name_index import build

NAMES = {
    "Forges Amblard": [1],
    "Amblard": [1, 2],
    "Horizon": [3],
    "Martin": [4],
    "Nantes": [5],
    "Cordelane": [6, 7, 8],
    "Jean Tavernel": [12],
    "Dupont": [13],
    "Verdane": [9],
    "Standard Assurances": [10],
    "Les Batelieres de l Orb": [11],
}
BEARERS = {
    3: Bearer(3, city="Niort"),
    1: Bearer(1, "732829320", "25", "Besançon", "FR", "2550A"),
    2: Bearer(2, "552100554", "13", "Arles", "FR", "5610A"),
    6: Bearer(6, "005650007", "35", "Rennes", "FR", "6201Z", "5599", people=frozenset({"lea vidal"})),
    7: Bearer(7, "356000000", "67", "Colmar", "FR", "1071C", "5710", site="cordelane.example"),
    8: Bearer(8, None, "06", "Nice", "FR", "5510Z", legal_form="5499"),
}


@pytest.fixture(scope="module")
def linker(tmp_path_factory: pytest.TempPathFactory) -> Linker:
    folder = tmp_path_factory.mktemp("index") / "names"
    build(((name_key(name), one) for name, ids in NAMES.items() for one in ids), folder, known_words())
    return Linker(folder)


def decided(linker: Linker, text: str, departments: tuple[str, ...] = ()) -> list[Decision]:
    bearers = {number: BEARERS.get(number, Bearer(number)) for number in range(1, 14)}
    return disambiguate(linker.find(text), Surroundings(text, 0, lambda: departments), bearers)


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("Verdane recrute cent personnes.", 9),
        ("L'an passé, Verdane a annoncé des pertes.", 9),
        ("Il vient de Cupertino. Verdane recrute.", 9),
        ("La jeune pousse de Palaiseau Verdane recrute.", 9),
        ("Hier, Standard Assurances a racheté un courtier.", 10),
        ("Près de Niort, la société Horizon ouvre un atelier.", 3),
        ("Hier, la société Jean Tavernel a ouvert un atelier.", 12),
        ("Le groupe Dupont a annoncé des pertes.", 13),
        ("Les Forges Amblard embauchent. Amblard veut doubler son chiffre.", 1),
    ],
)
def test_one_company_is_meant(linker: Linker, text: str, company: int) -> None:
    assert {one.company_id for one in decided(linker, text)} == {company}
    assert all(one.probability > 0.8 and one.reasons for one in decided(linker, text))


@pytest.mark.parametrize(
    "text",
    [
        "Horizon 2030 : la région prépare un plan.",
        "Paul Martin prend sa retraite.",
        "Il y a du monde à Nantes ce soir.",
        "Verdane Conseil ouvre un bureau.",
        "Jean-Verdane Dupuis est élu.",
        "On a gravi le Verdane en mai.",
        "Hier, Marc Verdane a chuté.",
        "Marc J. Verdane a chuté.",
        "La comtesse Alice de Verdane est morte.",
        "Dans la région de Verdane, il pleut.",
        "On a lu « Verdane » avec plaisir.",
        "La Verdane del Sur est une vallée.",
        "Il a roulé dans une Verdane jusqu'à Dole.",
        "On attendait Jean Tavernel à la fête du village.",
        "Rugby : on attendait Dupont.",
        "Marc Verdane a chuté. Hier soir, Verdane est reparti.",
    ],
)
def test_no_company_is_meant(linker: Linker, text: str) -> None:
    assert {one.outcome for one in decided(linker, text)} == {"unknown"}


@pytest.mark.parametrize(
    ("text", "departments", "company"),
    [
        ("À Rennes, Cordelane recrute.", (), 6),
        ("Cordelane, dans le Bas-Rhin, recrute.", ("67",), 7),
        ("L'hôtel Cordelane a fermé ; les hôtels voisins aussi.", ("06",), 8),
        ("Cordelane SARL recrute dans les hôtels.", (), 8),
        ("Léa Vidal quitte Cordelane.", (), 6),
        ("La SAS Cordelane recrute en Alsace.", ("67",), 7),
        ("Cordelane recrute. Voir www.cordelane.example.", (), 7),
        ("La société Cordelane (SIREN 005 650 007) recrute.", (), 6),
    ],
)
def test_of_namesakes_the_one_of_which_the_text_speaks_is_meant(
    linker: Linker, text: str, departments: tuple[str, ...], company: int
) -> None:
    (decision, *_) = decided(linker, text, departments)
    assert (decision.outcome, decision.company_id) == ("linked", company)


@pytest.mark.parametrize("known", [Bearer(7, listed=True, followed=True), Bearer(7, followed=True, headcount=20_000)])
def test_a_company_that_is_known_is_meant_sooner_than_its_namesakes(linker: Linker, known: Bearer) -> None:
    bearers = {number: Bearer(number) for number in (6, 8)} | {7: known}
    (decision,) = disambiguate(linker.find("Cordelane recrute."), Surroundings("Cordelane recrute."), bearers)
    assert decision.candidates[0][0] == 7
    assert decision.candidates[0][1] > 2 * decision.candidates[1][1]


@pytest.mark.parametrize(
    ("text", "is_a_part"),
    [
        ("Grève Verdane : les prévisions de samedi", False),
        ("Cyberattaque Verdane : ce que l'on sait", False),
        ("Tarbelle Verdane : la baguette à un euro", True),
    ],
)
def test_what_happened_before_a_name_is_no_part_of_it(linker: Linker, text: str, is_a_part: bool) -> None:
    (decision,) = decided(linker, text)
    assert decision.is_a_part is is_a_part
    party = with_reason(decision, Reason("a party to the event", 2.5))
    assert is_a_part or party.outcome == "linked"


@pytest.mark.parametrize(("text", "company"), [("La société Horizon ferme.", 3), ("Le groupe Martin licencie.", 4)])
def test_a_company_with_a_common_name_may_be_another_one(linker: Linker, text: str, company: int) -> None:
    (decision,) = decided(linker, text)
    assert (decision.outcome, decision.candidates[0][0]) == ("ambiguous", company)


def test_what_a_person_said_against_a_name_holds_in_the_texts_they_meant(linker: Linker) -> None:
    refused = {9: Bearer(9, never=frozenset({("verdane", "nouvelle aquitaine")}))}
    for text, company in (("Verdane recrute.", 9), ("Verdane recrute en Nouvelle-Aquitaine.", None)):
        (decision,) = disambiguate(linker.find(text), Surroundings(text), refused)
        assert decision.company_id == company
    refused = {9: Bearer(9, never=frozenset({("verdane", "")}))}
    (decision,) = disambiguate(linker.find("Verdane recrute."), Surroundings("Verdane recrute."), refused)
    assert decision.outcome == "unknown"


def test_what_a_person_said_of_a_text_holds_there_and_tells_of_others(linker: Linker) -> None:
    text = "Cordelane recrute cent personnes."
    bearers = {number: BEARERS[number] for number in (6, 7, 8)}
    for settled, ids in (({"cordelane": 8}, (8,)), ({"cordelane": None}, ()), ({"verdane": 9}, (8, 6, 7))):
        (decision,) = disambiguate(linker.find(text), Surroundings(text, settled=settled), bearers)
        assert set(decision.ids) == set(ids)
        assert decision.outcome == {1: "linked", 0: "unknown", 3: "ambiguous"}[len(ids)]
    sure = []
    for times in (0, 1, 2, 9):
        learned = bearers | {7: replace(BEARERS[7], confirmed={"cordelane": times, "verdane": 5})}
        (decision,) = disambiguate(linker.find(text), Surroundings(text), learned)
        sure.append(dict(decision.candidates)[7])
    assert sure[0] < sure[1] < sure[2] == sure[3] > 0.8


@pytest.mark.parametrize(
    ("headcount", "listed", "outcome"), [(None, False, "linked"), (90_000, True, "linked"), (12, False, "unknown")]
)
def test_a_name_that_the_press_knows_is_hardly_a_small_namesake(
    tmp_path: Path, headcount: int | None, listed: bool, outcome: str
) -> None:
    build([("sncf", 1), ("cordelane", 2)], tmp_path / "names", known_words())
    known = {1: Bearer(1, headcount=headcount, listed=listed), 2: Bearer(2, headcount=headcount, listed=listed)}
    text = "Les comptes de SNCF ont souffert, ceux de Cordelane aussi."
    large, other = disambiguate(Linker(tmp_path / "names").find(text), Surroundings(text), known)
    assert large.outcome == outcome
    if outcome == "unknown":
        assert other.probability > large.probability


def test_a_group_is_meant_before_the_subsidiaries_that_bear_its_name_as_a_brand(tmp_path: Path) -> None:
    names = [
        ("cordelane", 1),
        ("cordelane", 2),
        ("cordelane immobilier", 2),
        ("cordelane", 3),
        ("cordelane conseil", 3),
    ]
    build(names, tmp_path / "names", known_words())
    known = {
        1: Bearer(1, name="groupe cordelane sa"),
        2: Bearer(2, name="cordelane immobilier"),
        3: Bearer(3, name="cordelane conseil", city="Metz"),
    }
    for text, company in (
        ("Hier, Cordelane a annoncé ses résultats.", 1),
        ("Hier, Cordelane Immobilier a annoncé ses résultats.", 2),
        ("À Metz, Cordelane a annoncé ses résultats.", 3),
    ):
        (decision,) = disambiguate(Linker(tmp_path / "names").find(text), Surroundings(text), known)
        assert decision.candidates[0][0] == company
        assert with_reason(decision, Reason("a party to the event", 2.5)).company_id == company


@pytest.mark.parametrize(
    ("text", "is_product"),
    [
        ("La Verdane Tria sort en mars.", True),
        ("Une Verdane Tria hybride sort en mars.", True),
        ("La Verdane 300 sort en mars.", True),
        ("Verdane Tria sort en mars.", False),
        ("La Verdane sort en mars.", False),
        ("Jean Verdane sort en mars.", False),
    ],
)
def test_a_name_before_that_of_a_product_says_whose_it_is(linker: Linker, text: str, is_product: bool) -> None:
    (decision,) = decided(linker, text)
    assert decision.outcome != "linked"
    assert (decision.as_a_product is not None) is is_product
    if decision.as_a_product:
        made = with_reason(decision, decision.as_a_product)
        assert not made.is_a_part
        assert made.probability == pytest.approx(0.77, abs=0.01)  # that of a lone name


def test_figures_alone_are_no_name(tmp_path: Path) -> None:
    build([(name_key("1&1"), 1), (name_key("2CRSI"), 2)], tmp_path / "names")
    assert [one.text for one in Linker(tmp_path / "names").find("Entre 1 et 1,5 million pour 2CRSI.")] == ["2CRSI"]


def test_namesakes_that_cannot_be_told_apart_are_candidates(linker: Linker) -> None:
    (decision,) = decided(linker, "Cordelane recrute cent personnes.")
    assert (decision.outcome, decision.company_id) == ("ambiguous", None)
    assert {number for number, _ in decision.candidates} == {6, 7, 8}
    assert sum(chance for _, chance in decision.candidates) > 0.8


def test_the_capital_of_a_sentence_is_none_of_a_name(linker: Linker) -> None:
    assert [one.company_id for one in decided(linker, "Les Batelières de l'Orb recrutent.")] == [11]
    assert decided(linker, "Les batelières de l'orb recrutent.") == []
    assert decided(linker, "Hier. Les batelières de l'orb ont cessé le travail.") == []
