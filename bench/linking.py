"""How often names in real texts are linked to the right company, on mentions labelled by hand.

`bench/gold/linking.csv` has, by data set, text id and character offsets, the company that a name stands for, as the
lists of `bench.gold_register` have it, or none. Products and places named after a company are not labelled. Half of
the texts, by the SHA-1 of their names, are development data; what is reported is the other half.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import delete

from bench import gold_register
from companies import bearers
from companies.disambiguation import Decision
from companies.folding import name_key
from companies.linker import Linker, open_linker
from companies.names import without_legal_form
from nlp.evaluation import Counts
from signals.linking import LinkRequest, disambiguate_all
from store import companies
from store.base import in_chunks
from store.database import Database
from store.tables import Company, Name

COLUMNS = ("linked by", "precision", "recall", "F1", "right", "wrong", "missed", "of none, linked")
GOLD = Path(__file__).parent / "gold" / "linking.csv"
_FOLDERS = {"en_sentifm": "events", "fr_en_pages_gold_dev": "events", "fr_funding_slugs": "events"}
_TABLES = {"fra_dev": "text"}
_LEAD = 700  # characters of an article of the tables
_ALIKE = 90  # from which likeness on a fuzzy matcher takes two names for one


@dataclass(frozen=True)
class Labelled:
    """A name in a text with the company that it stands for, as the lists have it; empty: none of them."""

    text: str
    title: int
    language: str
    start: int
    end: int
    company: str
    reported: bool


def _texts(folder: Path, name: str) -> dict[str, tuple[str, int]]:
    """The texts of a set with the length of their titles, by id."""
    if name in _TABLES:
        with (folder / _TABLES[name] / f"{name}.tsv").open(encoding="utf-8") as file:
            rows = enumerate(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
            return {str(n): (f"{row[1]}\n{row[2][:_LEAD]}", len(row[1])) for n, row in rows}
    found = {}
    with (folder / _FOLDERS.get(name, "headlines") / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            title, text = row.get("title") or "", row.get("text") or ""
            found[row["id"]] = (f"{title}\n{text}" if title else text, len(title))
    return found


def labelled(folder: Path) -> Iterator[Labelled]:
    """The labelled names with their texts from the data in a folder."""
    sets: dict[str, dict[str, tuple[str, int]]] = {}
    with GOLD.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name, number = row["set"], row["id"]
            text, title = sets.setdefault(name, _texts(folder, name))[number]
            reported = bool(hashlib.sha1(f"{name}/{number}".encode(), usedforsecurity=False).digest()[0] % 2)
            language = "en" if name.startswith("en_") or number.startswith("pe-") else "fr"
            yield Labelled(text, title, language, int(row["start"]), int(row["end"]), row["company"], reported)


Finder = Callable[[Labelled], int | None]
"""The company that is found for a labelled name, by its id."""


_Found = Mapping[tuple[str, int], Decision]
"""By text and place in it, the decision on the name there."""
_Keys = Mapping[int, list[str]]
"""Where each company stands in the lists, by its id."""


def _decisions(linker: Linker, database: Database, rows: Sequence[Labelled]) -> _Found:
    """The decision on the name that lies at the place of each labelled one."""
    found: dict[tuple[str, int], Decision] = {}
    asked = [LinkRequest(*one) for one in dict.fromkeys((row.text, row.title, row.language) for row in rows)]
    with database.reading() as session:
        for one, decisions in zip(asked, disambiguate_all(asked, linker, bearers.Register(session)), strict=True):
            for decision in decisions:
                for place in range(decision.mention.start, decision.mention.end):
                    found[one.text, place] = decision
    return found


def _by_rules(found: _Found, row: Labelled) -> int | None:
    decision = found.get((row.text, row.start))
    return decision.company_id if decision else None


def _exact(found: _Found, row: Labelled) -> int | None:
    """Exact matching: a name that one company bears is that company."""
    decision = found.get((row.text, row.start))
    ids = decision.mention.company_ids if decision else ()
    return ids[0] if len(ids) == 1 else None


def _fuzzy(names: Mapping[str, int], row: Labelled) -> int | None:
    """The company with the name that is most like, as rapidfuzz compares them; it is told where the name stands."""
    from rapidfuzz import fuzz, process

    wanted = without_legal_form(name_key(row.text[row.start : row.end]))
    best = process.extractOne(wanted, names.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE)
    return names[best[0]] if best else None


def _count(rows: Sequence[Labelled], finder: Finder, keys: _Keys) -> tuple[Counts, int, int]:
    """The counts over labelled names, and how many of those that stand for no company were linked, of how many."""
    tp = fp = fn = linked = none = 0
    for row in rows:
        company = finder(row)
        right = company is not None and row.company in keys[company]
        tp += right
        fp += company is not None and not right
        fn += bool(row.company) and not right
        none += not row.company
        linked += not row.company and company is not None
    return Counts(tp, fp, fn), linked, none


def _kind_of_error(row: Labelled, decision: Decision | None, keys: _Keys) -> str:
    company = decision.company_id if decision else None
    if company is not None and row.company in keys[company]:
        return ""
    if company is not None:
        return "linked, but stands for none" if not row.company else "linked to another company"
    if not row.company:
        return ""
    if decision is None:
        return "the register has no such name"
    return "left ambiguous" if decision.outcome == "ambiguous" else "taken for no company"


def _calibration(found: _Found, rows: Sequence[Labelled], keys: _Keys) -> dict[int, tuple[int, int]]:
    """By tenths of the probability of the first candidate, how many were right, of how many."""
    bins: defaultdict[int, list[bool]] = defaultdict(list)
    for row in rows:
        decision = found.get((row.text, row.start))
        if decision and decision.candidates:
            company, chance = decision.candidates[0]
            bins[min(int(chance * 10), 9)].append(row.company in keys[company])
    return {low: (sum(bins[low]), len(bins[low])) for low in sorted(bins)}


def _line(row: Labelled, decision: Decision | None, kind: str) -> str:
    """A labelled name with what was made of it, on one line."""
    around = row.text[max(0, row.start - 40) : row.end + 40].replace("\n", " ¶ ")
    why = ", ".join(f"{one.what} {one.points:+.1f}" for one in decision.reasons) if decision else ""
    chance = f"{decision.probability:.2f}" if decision else "-"
    return f"{kind} | {row.text[row.start : row.end]} | {row.company or 'none'} | {chance} {why} | {around}"


@dataclass(frozen=True)
class Measured:
    """The counts of each way of linking as a table's rows, with `COLUMNS`; the errors by kind; right and all by tenths
    of probability; and each error on a line."""

    rows: list[tuple[str, ...]]
    errors: Counter[str]
    calibration: dict[int, tuple[int, int]]
    lines: list[str]


def measure(folder: Path, *, reported: bool = True) -> Measured:
    """Measure on the reported half of the labels, or on that for development."""
    rows = [row for row in labelled(folder) if row.reported == reported]
    with tempfile.TemporaryDirectory() as scratch:
        database, keys = gold_register.load(folder / "companies", Path(scratch))
        found = _decisions(open_linker(database, Path(scratch)), database, rows)
        with database.session() as session:
            listed = [one for one in companies.all_names(session) if one[2] != "ticker"]
        names = {without_legal_form(name): number for name, number, _ in listed}
        database.close()
    by_vigie = partial(_by_rules, found)
    told = [_cells("Vigie", rows, by_vigie, keys)]
    for language, name in (("fr", "Vigie, in French"), ("en", "Vigie, in English")):
        told.append(_cells(name, [row for row in rows if row.language == language], by_vigie, keys))
    told.append(_cells("exact name", rows, partial(_exact, found), keys))
    told.append(_cells("rapidfuzz", rows, partial(_fuzzy, names), keys))
    wrong = [
        (kind, _line(row, decision, kind))
        for row in rows
        if (kind := _kind_of_error(row, decision := found.get((row.text, row.start)), keys))
    ]
    return Measured(
        told, Counter(kind for kind, _ in wrong), _calibration(found, rows, keys), [line for _, line in wrong]
    )


def _cells(name: str, rows: Sequence[Labelled], finder: Finder, keys: _Keys) -> tuple[str, ...]:
    counts, linked, none = _count(rows, finder, keys)
    shares = (f"{one or 0:.2f}" for one in (counts.precision, counts.recall, counts.f1))
    return (name, *shares, str(counts.tp), str(counts.fp), str(counts.fn), f"{linked} of {none}")


SIZE_COLUMNS = ("companies in the register", "precision", "recall", "right", "wrong", "of none, linked")
_SHARES = (1, 1 / 4, 1 / 16)


def measure_sizes(folder: Path, *, reported: bool = True) -> list[tuple[str, ...]]:
    """The counts as rows of a table, with `SIZE_COLUMNS`, for parts of the register.

    A name whose company is left out stands for none that the register has.
    """
    rows = [row for row in labelled(folder) if row.reported == reported]
    told = []
    for share in _SHARES:
        with tempfile.TemporaryDirectory() as scratch:
            database, keys = gold_register.load(folder / "companies", Path(scratch))
            kept = _thin_out(database, keys, share)
            there = {key for number in kept for key in keys[number]}
            of_part = [row if row.company in there else replace(row, company="") for row in rows]
            found = _decisions(open_linker(database, Path(scratch)), database, of_part)
            counts, linked, none = _count(of_part, partial(_by_rules, found), keys)
            database.close()
        shares = (f"{one or 0:.2f}" for one in (counts.precision, counts.recall))
        told.append((f"{len(kept):,}", *shares, str(counts.tp), str(counts.fp), f"{linked} of {none}"))
    return told


def _thin_out(database: Database, keys: _Keys, share: float) -> set[int]:
    """Take all but a share of the companies out, by the SHA-1 of their place in the lists; the ids of the rest."""
    limit = share * 2**32
    kept = {
        number
        for number, (key, *_) in keys.items()
        if int.from_bytes(hashlib.sha1(key.encode(), usedforsecurity=False).digest()[:4]) < limit
    }
    with database.session() as session:
        for gone in in_chunks(sorted(keys.keys() - kept)):
            session.execute(delete(Name).where(Name.company_id.in_(gone)))
            session.execute(delete(Company).where(Company.id.in_(gone)))
    return kept


def main(folder: Path) -> None:
    """Print what is measured on the development half, with every error."""
    measured = measure(folder, reported=False)
    table = Table(*COLUMNS)
    for row in measured.rows:
        table.add_row(*row)
    console = Console(width=200)
    console.print(table)
    for told in (*measured.lines, *measure_sizes(folder, reported=False), dict(measured.errors), measured.calibration):
        console.print(told, markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
