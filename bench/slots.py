"""How often the slots of a sentence are right: persons, functions, places, amounts, percentages, people, dates, courts.

`bench/slots.jsonl` holds the labels of 200 sentences of the labelled sets, made by reading them before any program
looked for slots in them. It names each sentence by its SHA-256 and gives offsets and figures, no text. `optional`
entries may be found or not: an amount without its currency, a place within the name of a company.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from companies.folding import fold_text
from nlp.dates import moments
from nlp.evaluation import Counts
from nlp.sentences import sentences
from nlp.slots import Candidate, slots
from vigie.commands.quality import rows_in

LABELS = Path(__file__).with_name("slots.jsonl")
_PUBLISHED = date(2021, 9, 8)  # relative dates need a day; which one is not judged
Entry = dict[str, Any]


@dataclass(frozen=True)
class Labelled:
    """A sentence, the slots a reader saw in it, and whether choices may be made on it."""

    text: str
    language: str
    slots: dict[str, list[Entry]]
    seen: bool


@cache
def _sentences(file: Path) -> dict[str, str]:
    """The sentences of a set by their SHA-256."""
    found = {}
    for row in rows_in(str(file)):
        for start, end in sentences(row.whole):
            found[sha256(row.whole[start:end].encode()).hexdigest()] = row.whole[start:end]
    return found


def labelled(folder: Path) -> Iterator[Labelled]:
    """The labelled sentences; those whose set is not in the folder, or has changed, are left out."""
    for line in LABELS.read_text("utf-8").splitlines():
        row = json.loads(line)
        file = folder / row["set"]
        text = _sentences(file).get(row["sentence"]) if file.exists() else None
        if text is not None:
            yield Labelled(text, row["language"], row["slots"], int(row["sentence"][:2], 16) % 2 == 0)


def _said(entry: Entry | str, text: str) -> str:
    """The folded words of a slot that is a text."""
    if isinstance(entry, str):
        return fold_text(entry)
    if "span" in entry:
        start, end = entry["span"]
        return fold_text(text[start:end])
    return fold_text(str(entry["text"]))


def _same(kind: str, found: Any, label: Entry, text: str) -> bool:
    if kind in ("amount", "percentage", "headcount"):
        value = float(found["value"] if isinstance(found, dict) else found)
        close = abs(abs(value) - label["value"]) <= 0.005 * label["value"]
        return close and (kind != "amount" or found["currency"] == label["currency"])
    one, other = (f" {_said(entry, text).replace('-', ' ')} " for entry in (found, label))
    return one in other or other in one


def _precise(kind: str, found: Any, label: Entry) -> bool:
    """Whether a place's country and department, or a percentage's direction, are those of the label."""
    asked = ("country", "department") if kind == "place" else ("direction",)
    given = found if isinstance(found, dict) else {}
    return all(given.get(name, "") == label[name] for name in asked if name in label)


def judge(kind: str, found: list[Any], labels: list[Entry], text: str) -> tuple[Counts, int]:
    """Right, wrong and missed entries of one slot of one sentence; how many of the right ones are precise as well."""
    counts, precise, left = Counts(), 0, list(labels)
    for one in found:
        match = next((label for label in left if _same(kind, one, label, text)), None)
        if match is None:
            counts.fp += 1
            continue
        left.remove(match)
        if not match.get("optional"):
            counts.tp += 1
            precise += _precise(kind, one, match)
    counts.fn = sum(not label.get("optional") for label in left)
    return counts, precise


@dataclass
class Measured:
    """The counts of one slot, and how many of the right ones are right in country, department or direction too."""

    counts: Counts
    precise: int = 0


def measure(folder: Path) -> dict[tuple[str, str, bool], Measured]:
    """By slot, language and half (seen or not). Without the register, so that no name is known to be a company's."""
    rows = list(labelled(folder))
    found = slots(
        [Candidate(one.text, one.language, moments=tuple(moments(one.text, _PUBLISHED))) for one in rows],
    )
    measured: dict[tuple[str, str, bool], Measured] = defaultdict(lambda: Measured(Counts()))
    kinds = sorted({kind for one in rows for kind in one.slots})
    for row, filled in zip(rows, found, strict=True):
        for kind in kinds:
            counts, precise = judge(kind, filled.get(kind, []), row.slots.get(kind, []), row.text)
            into = measured[kind, row.language, row.seen]
            into.counts += counts
            into.precise += precise
    return measured
