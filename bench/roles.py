"""How often the right companies are told, in the right roles, where the register has every company of the labels."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.register import linker_of
from companies.folding import name_key
from signals.findings import Reading, Text, read
from signals.rules import default_extractor
from signals.types import default_taxonomy

_LANGUAGES = ("fr", "en")
_SHORTEST = 3  # letters of a name


@dataclass
class Told:
    """Companies told in the texts whose families were found, against those of the labels, by the label's role.

    `wrong` are companies of the register that the labels do not name there; companies of a text in which no right
    family was found are not counted.
    """

    right: Counter[str] = field(default_factory=Counter)
    other_role: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    wrong: int = 0

    def add(self, labels: Mapping[str, str], told: Mapping[str, set[str]]) -> None:
        """Count a text: names with their role, as labelled and as told."""
        for name, role in labels.items():
            roles = told.get(name)
            (self.missed if roles is None else self.right if role in roles else self.other_role)[role] += 1
        self.wrong += len(told.keys() - labels.keys())


def _told(reading: Reading, allowed: set[int], numbers: Mapping[str, int]) -> dict[str, set[str]]:
    """The companies of a text by name, with their roles in events of the families that are allowed."""
    told: dict[str, set[str]] = {}
    for one in reading.findings:
        if one.subject and allowed & {numbers[family] for family in one.event.families}:
            told.setdefault(name_key(one.subject), set()).add(one.role)
    return told


def measure(rows: Sequence[Mapping[str, Any]]) -> Told:
    """What is told of the companies of labelled rows."""
    rows = [row for row in rows if row["lang"] in _LANGUAGES]
    names = {name_key(one["name"]) for row in rows for one in row.get("companies") or ()}
    numbers = default_taxonomy().numbers
    texts = [Text(row.get("title") or "", row["text"], row["lang"]) for row in rows]
    with linker_of((name, n) for n, name in enumerate(sorted(names), start=1) if len(name) >= _SHORTEST) as linker:
        readings = read(texts, default_extractor(), linker)
    counted = Told()
    for row, reading in zip(rows, readings, strict=True):
        told = _told(reading, {*row["signals"], *(row.get("loose") or ())}, numbers)
        if told:
            counted.add({name_key(one["name"]): one["role"] for one in row.get("companies") or ()}, told)
    return counted


def rows_of(file: Path) -> list[dict[str, Any]]:
    """The rows of a labelled set, with their companies."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
