"""How well headlines of one event are brought together: pairs within the same story and section, right and missed."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from bench.register import linker_of
from companies.folding import name_key
from nlp.duplicates import Fingerprint
from nlp.evaluation import Counts
from signals.findings import Text, read
from signals.rules import default_extractor

CLUSTERS = "headlines/fr_story_clusters.jsonl"
MEMBERS = "companies/tickers/index_members.csv"


@dataclass(frozen=True)
class Headline:
    """A headline, its section and story, and the events found in it: companies with types."""

    text: str
    section: str
    story: str
    told: frozenset[tuple[int, str]]
    fingerprint: Fingerprint


def _members(folder: Path) -> list[tuple[str, int]]:
    """The index members by their folded names and other names."""
    with (folder / MEMBERS).open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    names = [(row["name"], number) for number, row in enumerate(rows, start=1)]
    names += [(aka, number) for number, row in enumerate(rows, start=1) for aka in row["akas"].split("|") if aka]
    return [(name_key(name), number) for name, number in names if name_key(name)]


def _headlines(folder: Path) -> list[Headline]:
    rows = [json.loads(line) for line in (folder / CLUSTERS).read_text("utf-8").splitlines()]
    with linker_of(_members(folder)) as linker:
        readings = read([Text(row["text"], "", "fr") for row in rows], default_extractor(), linker)
    return [
        Headline(
            row["text"],
            row["category"],
            row["story"],
            frozenset((f.company_id, f.event.type) for f in reading.findings if f.company_id is not None),
            Fingerprint(row["text"]),
        )
        for row, reading in zip(rows, readings, strict=True)
    ]


def _counts(headlines: Sequence[Headline], together: Callable[[Headline, Headline], bool]) -> Counts:
    """Pairs of one section: taken together rightly, wrongly, and not though they are one story."""
    counts = Counts()
    of_section: defaultdict[str, list[Headline]] = defaultdict(list)
    for one in headlines:
        of_section[one.section].append(one)
    for members in of_section.values():
        for one, other in combinations(members, 2):
            taken, is_one = together(one, other), one.story == other.story
            counts.tp += taken and is_one
            counts.fp += taken and not is_one
            counts.fn += is_one and not taken
    return counts


def measure(folder: Path) -> tuple[int, dict[str, Counts]]:
    """How many headlines tell an event of a known company, and the pairs by each way to bring them together."""
    headlines = _headlines(folder)
    telling = [one for one in headlines if one.told]

    def is_copy(one: Headline, other: Headline) -> bool:
        return one.fingerprint.is_same(other.fingerprint)

    def is_one_event(one: Headline, other: Headline) -> bool:
        return bool(one.told & other.told) or is_copy(one, other)

    return len(telling), {
        "the same text, all headlines": _counts(headlines, is_copy),
        "the same company and type, or the same text, all headlines": _counts(headlines, is_one_event),
        "the same, among headlines that tell an event of a known company": _counts(telling, is_one_event),
    }
