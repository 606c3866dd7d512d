"""The taxonomy's own examples, tried as `vigie taxonomy test` tries them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from signals.examples import Tried, try_examples
from signals.rules import default_extractor
from signals.types import FOLDER, default_taxonomy
from vigie.cli import app

TRIED = try_examples(default_taxonomy(), default_extractor())


@pytest.mark.parametrize("tried", TRIED, ids=lambda tried: f"{tried.type}: {tried.text}")
def test_an_example_holds(tried: Tried) -> None:
    assert tried.error == "", f"{tried.type}: {tried.text}: {tried.error}"


def test_every_type_is_defined_with_examples_both_ways_in_both_languages() -> None:
    for name, kind in default_taxonomy().types.items():
        assert all((kind.definition.fr, kind.definition.en)), name
        for language in ("fr", "en"):
            assert kind.counted or (len(kind.examples[language]) > 1 and kind.counterexamples[language]), name


def test_the_command_says_which_example_fails_and_why(tmp_path: Path) -> None:
    folder = tmp_path / "taxonomy"
    shutil.copytree(FOLDER, folder)
    assert CliRunner().invoke(app, ["taxonomy", "test", str(folder)]).exit_code == 0
    file = folder / "2_hr_moves.yaml"
    changed = (
        file.read_text("utf-8")
        .replace('- "Le joueur quitte le club de Montlieu"', '- "Paul Guérin quitte la direction de Velmora"')
        .replace('- "Grève chez Velmora : le site de Belfort à l\'arrêt"', '- "Il pleut chez Velmora"')
        .replace('- "Velmora recrute 120 techniciens à Belfort"', '- "Velmora recrute 120 techniciens | planned"')
    )
    file.write_text(changed, "utf-8")
    answer = CliRunner().invoke(app, ["taxonomy", "test", str(folder)])
    assert answer.exit_code == 1
    told = " ".join(answer.stderr.split())
    assert "departure (fr): Paul Guérin quitte la direction de Velmora: found: the trigger" in told
    assert "labour_relations (fr): Il pleut chez Velmora: not found: no trigger matches" in told
    assert "found as done, not planned" in told
    assert "3 of them fail" in told


def test_where_types_are_not_the_models_the_phrases_are_tried_alone(tmp_path: Path) -> None:
    folder = tmp_path / "taxonomy"
    shutil.copytree(FOLDER, folder)
    file = folder / "2_hr_moves.yaml"
    file.write_text(file.read_text("utf-8").replace("\n  layoffs:", "\n  job_cuts:"), "utf-8")
    answer = CliRunner().invoke(app, ["taxonomy", "test", str(folder)])
    assert "tried by the phrases alone" in " ".join(answer.stderr.split())
