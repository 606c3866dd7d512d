"""The training text can be read, and a mistake in it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.corpus import BadExample, read_examples, unmark
from signals.types import default_taxonomy

KINDS = default_taxonomy().types


def test_marks_become_offsets() -> None:
    text, subjects, others = unmark("[Velmora] rachète {Castelor & Cie} au Havre.")
    assert text == "Velmora rachète Castelor & Cie au Havre."
    assert [text[start:end] for start, end in subjects] == ["Velmora"]
    assert [text[start:end] for start, end in others] == ["Castelor & Cie"]


def test_every_example_of_the_project_is_understood_and_stands_once() -> None:
    examples = list(read_examples(KINDS))
    assert len(examples) > 2500
    seen: dict[str, str] = {}
    for example in examples:
        first = seen.setdefault(example.text.casefold(), example.where)
        assert first == example.where, f"{example.where} repeats {first}"


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        ("[Velmora] grandit", "line 1"),
        ("## funding | done\nx", "line 1"),
        ("## fundraising | done | agency\nx", "fundraising"),
        ("## funding | sure | agency\nx", "sure"),
        ("## funding | done | novel\nx", "novel"),
        ("## funding | done | agency\n\n[Velmora lève", "line 3"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, lines: str, named: str) -> None:
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "x.txt").write_text(lines, "utf-8")
    with pytest.raises(BadExample, match=named):
        list(read_examples(KINDS, tmp_path))
