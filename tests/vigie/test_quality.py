"""classify and evaluate as a user runs them: JSON lines in, JSON lines or a table out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.data import needs
from tests.vigie.support import vigie_here
from vigie.commands.quality import judged

ROWS: list[dict[str, Any]] = [
    {"id": "a", "text": "Velmora ouvre une usine à Lyon.", "signals": [3]},
    {"id": "b", "title": "Tour de table", "text": "Velmora lève 12 millions d'euros.", "signals": [5], "lang": "fr"},
    {"id": "c", "text": "Il fait beau aujourd'hui sur la côte.", "signals": [], "negative": True},
]


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A configuration whose register knows Velmora."""
    file = tmp_path / "config.yaml"
    file.write_text(f"data: {tmp_path / 'var'}", "utf-8")
    register = tmp_path / "companies.csv"
    register.write_text("name,aliases\nVelmora Industries,Velmora\n", "utf-8")
    assert vigie_here("companies", "import", str(register), "--config", str(file)).returncode == 0
    return str(file)


def test_classify_gives_events_with_offsets_slots_and_companies(config: str) -> None:
    answer = vigie_here("classify", "-", "--config", config, given="\n".join(map(json.dumps, ROWS)))
    assert answer.returncode == 0, answer.stderr
    first, second, third = map(json.loads, answer.stdout.splitlines())
    (event,) = first["events"]
    assert (event["family"], event["type"], event["status"]) == ("new_sites", "opening", "done")
    assert event["published"] is True
    assert ROWS[0]["text"][event["start"] : event["end"]] == event["sentence"]
    (company,) = event["companies"]
    assert (company["name"], company["role"], company["outcome"]) == ("Velmora", "subject", "linked")
    assert (company["known_as"], "candidates" in company) == (["Velmora Industries"], False)
    assert company["confidence"] > 0.8
    assert ROWS[0]["text"][company["start"] : company["end"]] == "Velmora"
    assert [(one["name"], one["outcome"], one["start"]) for one in first["mentions"]] == [
        ("Velmora", "linked", company["start"])
    ]
    assert all(isinstance(what, str) and points for what, points in company["reasons"])
    (event,) = second["events"]
    whole = f"{ROWS[1]['title']}\n{ROWS[1]['text']}"
    assert whole[event["start"] : event["end"]] == event["sentence"] == ROWS[1]["text"]
    assert event["slots"]["amount"] == [{"value": 12_000_000, "currency": "EUR"}]
    assert third == {"id": "c", "lang": "fr", "events": [], "mentions": []}


def test_a_bad_line_is_named_and_the_others_go_on(config: str) -> None:
    given = (
        '{"id": 1, "text": "Velmora ouvre une usine."}\nnope\n[]\n{"id": 2}\n{"text": "x"}\n{"id": 3, "text": 4}\n\n'
    )
    answer = vigie_here("classify", "-", "--config", config, given=given)
    assert answer.returncode == 2
    assert len(answer.stdout.splitlines()) == 1
    lines = answer.stderr.splitlines()
    assert len(lines) == 5
    for number, why in ((2, "not JSON"), (3, "an object"), (4, "neither"), (5, "'id' is missing"), (6, "must be text")):
        assert any(f"line {number}: " in line and why in line for line in lines), (number, why)


def test_evaluate_prints_a_table_and_the_same_as_json(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join(map(json.dumps, ROWS)), "utf-8")
    printed = vigie_here("evaluate", str(file)).stdout
    assert "3 new_sites" in printed
    assert "false alarms on 0 of 1 texts" in " ".join(printed.split())
    report = json.loads(vigie_here("evaluate", str(file), "--json").stdout)[str(file)]["all"]
    assert report["families"]["3"] == {"tp": 1, "fp": 0, "fn": 0, "precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert report["micro"]["f1"] == 1.0


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{"id": 1, "text": "x"}', "'signals' is missing"),
        (b'{"id": 1, "text": "x", "signals": [12]}', "family numbers 1 to 9"),
        (b"", "there is no row"),
        (b'{"id": 1, "text": "\xff"}', "not UTF-8"),
    ],
)
def test_labels_that_cannot_be_used_are_named(tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_bytes(content)
    answer = vigie_here("evaluate", str(file))
    assert answer.returncode == 2
    assert why in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
    assert "no such file" in vigie_here("evaluate", str(tmp_path / "none")).stderr.lower()


@pytest.mark.parametrize(
    ("folder", "name", "rows"), [("headlines", "fr_gold_dev.jsonl", 519), ("events", "fr_en_pages_gold_dev.jsonl", 194)]
)
def test_the_labelled_sets_are_read_whole(folder: str, name: str, rows: int) -> None:
    assert len(judged(str(needs(folder, name)))) == rows


def test_evaluate_can_count_only_what_is_published(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    texts = [
        "Velmora lève 12 millions d'euros",
        "Velmora place un jeton de présence",
        "Un fonds entre peut-être chez Velmora",
    ]
    rows = [{"id": str(n), "lang": "fr", "text": text, "signals": [5]} for n, text in enumerate(texts)]
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")

    def found(*options: str) -> int:
        report = json.loads(vigie_here("evaluate", str(file), "--json", *options).stdout)[str(file)]["all"]["micro"]
        return int(report["tp"] + report["fp"])

    assert 0 < found("--published") <= found()


def test_told_is_what_is_published_of_the_companies_of_the_labels(tmp_path: Path) -> None:
    lyon = {"text": "Velmora Industries ouvre une usine à Lyon.", "lang": "fr", "signals": [3]}
    rows: list[dict[str, Any]] = [
        lyon | {"id": "right", "companies": [{"name": "Velmora Industries", "role": "subject"}]},
        lyon | {"id": "of another", "companies": [{"name": "Brossac Mécanique", "role": "subject"}]},
        lyon | {"id": "of nobody", "text": "Une entreprise ouvre une usine à Lyon.", "companies": []},
        lyon | {"id": "no event", "text": "Il pleut à Lyon.", "signals": [], "negative": True},
    ]
    file, register = tmp_path / "rows.jsonl", tmp_path / "others.csv"
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    register.write_text("name\nVelmora Industries\nForges Amblard\n", "utf-8")
    answer = vigie_here("evaluate", str(file), "--told", "--register", str(register), "--json")
    assert answer.returncode == 0, answer.stderr
    report = json.loads(answer.stdout)[str(file)]["all"]
    assert (report["families"]["3"]["tp"], report["families"]["3"]["fp"], report["families"]["3"]["fn"]) == (1, 1, 2)
    assert (report["misplaced"], report["false_alarms"], report["negatives"]) == (1, 0, 1)
    shown = vigie_here("evaluate", str(file), "--told", "--register", str(register))
    assert "told of a company that the labels do not name: 1" in " ".join(shown.stdout.split())
    bad = vigie_here("evaluate", str(file), "--register", str(register))
    assert (bad.returncode, "--told" in bad.stderr) == (2, True)
    file.write_text(json.dumps(lyon | {"id": "x", "companies": ["Velmora"]}), "utf-8")
    bad = vigie_here("evaluate", str(file), "--told")
    assert (bad.returncode, f"{file}: row x: 'companies'" in " ".join(bad.stderr.split())) == (2, True)
    file.write_text("", "utf-8")
    bad = vigie_here("evaluate", str(file), "--told")
    assert (bad.returncode, "there is no row in it" in bad.stderr) == (2, True)
