from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from signals.rules import default_rules, rules_of
from signals.types import FOLDER, default_taxonomy, read_taxonomy
from store.errors import Invalid


def test_the_nine_families_have_types_with_labels_and_phrases_in_both_languages() -> None:
    taxonomy = default_taxonomy()
    assert [family.number for family in taxonomy.families.values()] == list(range(1, 10))
    for name, kind in taxonomy.types.items():
        assert all((kind.labels.fr, kind.labels.en)), name
        assert kind.derived_from or kind.counted or (kind.triggers.get("fr") and kind.triggers.get("en")), name


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        ("Forges Amblard nomme Claire Vidal directrice générale", "appointment", "done"),
        ("LES FORGES AMBLARD PLACEES EN REDRESSEMENT JUDICIAIRE", "insolvency", "done"),
        ("Amblard va ouvrir une usine de brides à Firminy", "opening", "planned"),
        ("Amblard pourrait supprimer 40 postes à Firminy", "layoffs", "rumoured"),
        ("Amblard dément la fermeture de son usine", "site_closure", "denied"),
        ("La start-up Voltrix leve 12 millions d euros", "funding", "done"),
        ("Harrow Tools opens a new plant in Leeds", "opening", "done"),
        ("Harrow Tools to cut 200 jobs after weak orders", "layoffs", "planned"),
        ("Harrow Tools acquires rival Benson Drills for £40m", "acquisition", "done"),
        ("Le chiffre d'affaires d'Amblard progresse de 8 % au premier semestre", "revenue_up", "done"),
        ("Amblard dépose un brevet sur une bride sans joint", "approval", "done"),
        ("Amblard relève ses tarifs de 4 % au 1er janvier", "pricing", "done"),
        ("Harrow Tools raises its subscription fees", "pricing", "done"),
        ("Amblard décroche un contrat de 4 millions d'euros au Maroc", "contract_won", "done"),
    ],
)
def test_an_event_is_recognised_with_its_status(text: str, kind: str, status: str) -> None:
    events = {event.type: event for event in default_rules().extract(text)}
    assert kind in events
    assert events[kind].status == status
    assert text[events[kind].start : events[kind].end] == events[kind].sentence


@pytest.mark.parametrize(
    "text",
    [
        "Le club de Montlieu recrute un nouvel entraîneur pour le championnat",
        "Offre d'emploi : soudeur en CDI à Firminy",
        "Qu'est-ce que le redressement judiciaire ?",
        "Bourse : les actions à suivre avant l'ouverture de Wall Street",
        "La recette du gâteau au chocolat de nos grands-mères",
        "Premier ministre : il nomme son gouvernement",
    ],
)
def test_what_is_no_business_event_gives_none(text: str) -> None:
    assert default_rules().extract(text) == []


def test_an_event_abroad_counts_as_international_too() -> None:
    (event,) = [
        event for event in default_rules().extract("Amblard ouvre une usine au Maroc") if event.type == "opening"
    ]
    assert event.families == ("new_sites", "international")


def test_a_german_text_gives_nothing() -> None:
    german = "Die Amblard GmbH hat am Montag in der Nähe von Köln ein neues Werk eröffnet und stellt Leute ein"
    assert default_rules().extract(german) == []


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("half_life: 45", "half_live: 45", "half_live"),
        ("number: 2", "number: 12", "number"),
        ('        - "', '        - "(nomme"\n        - "', "(nomme"),
        ("family: difficulty", "family: dificulty", "dificulty"),
        ("types:", "types: [", "2_hr_moves.yaml, line"),
    ],
)
def test_a_mistake_in_a_taxonomy_file_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    shutil.copytree(FOLDER, tmp_path / "taxonomy")
    file = tmp_path / "taxonomy" / "2_hr_moves.yaml"
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")

    def read() -> None:
        rules_of(read_taxonomy(tmp_path / "taxonomy"))

    with pytest.raises(Invalid) as caught:
        read()
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)
