"""What a rep would be told of labelled texts: events sure enough to be published, on a company that is linked.

It is measured against a register that has every company of the labels, among as many others as are given.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from companies import bearers
from companies.importing import import_file
from companies.linker import Linker, open_linker
from nlp.evaluation import Judged
from nlp.extract import Extractor
from signals.findings import Finding, Reading, Text, read
from signals.texts import Row, day_in, judge
from signals.types import Taxonomy
from store.database import Database
from store.errors import Invalid
from store.migrate import upgrade

NOT_TOLD = ("denied", "rumoured")
"""Status of events that no rep is told unasked."""


@dataclass(frozen=True)
class Register:
    """A register for a measurement; `meant` are the companies that each name of the labels stands for."""

    linker: Linker
    database: Database
    meant: Mapping[str, frozenset[int]]


def names_of(row: Row) -> list[str]:
    """The companies that a row's labels name. Raises `Invalid` when they are no list of objects with a `name`."""
    given: Any = row.fields.get("companies") or []
    try:
        return [name for one in given if (name := one["name"].strip())]
    except (TypeError, KeyError, AttributeError):
        raise Invalid(f"row {row.id}: 'companies' must be a list of objects with a 'name'") from None


def _bearers(linker: Linker, name: str) -> frozenset[int]:
    """The companies that a whole name stands for."""
    found = [one for one in linker.find(name) if one.end - one.start == len(name)]
    return frozenset(number for one in found for number in one.company_ids)


@contextmanager
def register_of(rows: Sequence[Row], others: Sequence[Path] = ()) -> Iterator[Register]:
    """A register of the companies of some files with those of the labels that are not in them, by their names alone."""
    names = sorted({name for row in rows for name in names_of(row)})
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        database = Database(f"sqlite:///{folder / 'register.db'}")
        try:
            upgrade(database)
            for file in others:
                import_file(database, file)
            linker = open_linker(database, folder)
            strangers = [name for name in names if not _bearers(linker, name)]
            if strangers:
                file = folder / "labels.csv"
                with file.open("w", encoding="utf-8", newline="") as out:
                    csv.writer(out).writerows([["name"], *([name] for name in strangers)])
                import_file(database, file)
                linker = open_linker(database, folder)
            yield Register(linker, database, {name: _bearers(linker, name) for name in names})
        finally:
            database.close()


def is_told(finding: Finding, extractor: Extractor) -> bool:
    """Whether a rep who follows its company is told a finding."""
    event = finding.event
    is_sure = extractor.publishes(event.type, event.confidence)
    return finding.company_id is not None and is_sure and event.status not in NOT_TOLD


def _judged(row: Row, reading: Reading, meant: frozenset[int], extractor: Extractor, taxonomy: Taxonomy) -> Judged:
    """A row with the families that are told of its companies, and those that are told of others."""
    right: dict[int, float] = {}
    of_others: dict[int, float] = {}
    for finding in reading.findings:
        if is_told(finding, extractor):
            for number in (taxonomy.numbers[family] for family in finding.event.families):
                found = right if finding.company_id in meant else of_others
                found[number] = max(found.get(number, 0.0), finding.event.confidence)
    return replace(judge(row, right), misplaced=of_others)


def judge_told(
    rows: Sequence[Row], register: Register, extractor: Extractor, taxonomy: Taxonomy
) -> list[tuple[Row, Judged]]:
    """Labelled rows with the families that a rep would be told in them, and how sure that is."""
    meant = [frozenset().union(*(register.meant[name] for name in names_of(row))) for row in rows]
    texts = [Text(row.title, row.text, row.language, day_in(row.date)) for row in rows]
    with register.database.reading() as session:
        readings = read(texts, extractor, register.linker, bearers.Register(session))
    return [
        (row, _judged(row, reading, of_labels, extractor, taxonomy))
        for row, reading, of_labels in zip(rows, readings, meant, strict=True)
    ]
