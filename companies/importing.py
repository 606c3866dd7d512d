"""Companies from the files of registers and from tables of one's own: streamed, resumable, bad lines set aside."""

from __future__ import annotations

import csv
import gc
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from companies import gleif, sirene
from companies.columns import FIELDS, ColumnMap, fitting_map, mapped, recognised
from companies.lists import OwnColumns
from companies.matching import Unsure, match
from companies.recognition import Column, Recognised, recognise
from companies.tables import Line, Table, check_archive, open_table
from store import companies, establishments, imports
from store.base import utcnow
from store.companies import EVERYTHING, CompanyRow, Register
from store.database import Database
from store.establishments import EstablishmentRow

_BATCH = 5000  # lines
_COLLECTED = 100_000  # objects that are made before the garbage collector looks at the youngest
LIST = "csv"
"""The source of what a list of one's own says."""
_EXAMPLES = 5
_SHOWN = 20  # refused lines that are kept to be shown; the file has all

_Row = tuple[int, CompanyRow | EstablishmentRow]
Reader = sirene.Companies | sirene.Establishments | gleif.Entities | OwnColumns


@dataclass
class Imported:
    """What came of a file: rows added, rows that were there before, rows left out on purpose, lines refused and why.

    `refused` is how many lines, `rejects` the first of them; all stand in the file `rejects_file`. `ids` are the
    companies of a list.
    """

    added: int = 0
    updated: int = 0
    left_out: int = 0
    refused: int = 0
    rejects: list[tuple[int, str]] = field(default_factory=list)
    rejects_file: Path | None = None
    resumed_at: int = 0
    ids: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Wishes:
    """How a person wants a file to be read.

    `chosen` is a map of the configuration, `corrected` what columns hold, by their places, `decisions` which company
    rows are whose name several bear (`companies.matching`). What a file of `only_adds` says does not take the place of
    what is known.
    """

    chosen: str = ""
    corrected: Mapping[int, str] = field(default_factory=dict)
    decisions: Mapping[int, int] = field(default_factory=dict)
    only_adds: bool = False


_NONE = Wishes()


class _Rejects:
    """The file of refused lines, begun with the first."""

    def __init__(self, file: Path | None, stack: ExitStack, outcome: Imported) -> None:
        self._file, self._stack, self._outcome = file, stack, outcome
        self._writer: Any = None

    def add(self, number: int, why: str) -> None:
        """Refuse a line."""
        self._outcome.refused += 1
        if len(self._outcome.rejects) < _SHOWN:
            self._outcome.rejects.append((number, why))
        if self._file is None:
            return
        if self._writer is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            mode = "a" if self._outcome.resumed_at else "w"
            self._writer = csv.writer(self._stack.enter_context(self._file.open(mode, encoding="utf-8", newline="")))
            if mode == "w":
                self._writer.writerow(("line", "reason"))
            self._outcome.rejects_file = self._file
        self._writer.writerow((number, why))


@dataclass(frozen=True)
class _Reading:
    """What reads the rows of a table, the name of the source, and what its columns were recognised as, if they were."""

    reader: Reader
    source: str
    found: Recognised | None = None


def _reading(file: Path, table: Table, maps: Mapping[str, ColumnMap], wishes: Wishes) -> _Reading:
    """How a table is read: as a register by its columns, by a map, or as it is recognised. Raises `Invalid`."""
    columns, today = table.columns, utcnow().date()
    if not (wishes.chosen or wishes.corrected):
        for kind in (sirene.Companies, sirene.Establishments):
            if set(kind.NEEDED) <= set(columns):
                return _Reading(kind(columns, today), sirene.SOURCE)
        if gleif.Entities.fits(columns):
            return _Reading(gleif.Entities(columns, today), gleif.SOURCE)
    where = f"{file}, line {table.head_line}"
    if not wishes.corrected and (name := fitting_map(where, columns, maps, wishes.chosen)):
        return _Reading(OwnColumns(columns, mapped(columns, maps[name]), today), name)
    found = recognise([columns, *(line.values for line in table.sample)], FIELDS)
    if found.head < 0:
        table.without_headings()
    found = found.corrected(wishes.corrected)
    return _Reading(OwnColumns(columns, recognised(where, columns, found), today), LIST, found)


def _values(line: Line, width: int) -> list[str]:
    """The values of a line, one for each column and an empty one. Raises `ValueError`."""
    if line.error:
        raise ValueError(line.error)
    values = line.values
    if len(values) > width and any(value.strip() for value in values[width:]):
        raise ValueError(f"it has {len(values)} values for {width} columns; is a value with a separator not quoted?")
    return [*values[:width], *[""] * (width + 1 - len(values))]


def _rows(table: Table, reader: Reader, refused: _Rejects, outcome: Imported) -> Iterator[_Row]:
    """The rows of a table that were not written yet, with their lines; what is refused or left out is noted."""
    width = len(table.columns)
    for line in table:
        if line.number <= outcome.resumed_at:
            continue
        try:
            values = _values(line, width)
            row, *places = reader.rows(values) if isinstance(reader, OwnColumns) else (reader.row(values),)
        except ValueError as error:
            refused.add(line.number, str(error))
            continue
        if row is None:
            outcome.left_out += 1
            continue
        yield line.number, row
        yield from ((line.number, place) for place in places if place)


def _batches(rows: Iterator[_Row]) -> Iterator[list[_Row]]:
    """The rows of so many lines at a time: what is cut off goes on after a whole line."""
    lines = (list(of_line) for _, of_line in groupby(rows, key=itemgetter(0)))
    while batch := list(chain.from_iterable(islice(lines, _BATCH))):
        yield batch


class _Written:
    """What of a file is in the database: written in batches, each with the line that it goes to."""

    def __init__(self, database: Database, file: Path, reading: _Reading, wishes: Wishes) -> None:
        facts = file.stat()
        self._database, self._wishes = database, wishes
        self._is_list = isinstance(reading.reader, OwnColumns)
        day = min(datetime.fromtimestamp(facts.st_mtime, UTC).date(), utcnow().date())
        self._register = Register(reading.source, day)
        self._key = f"{file.resolve()} {facts.st_size} {facts.st_mtime_ns}"
        with database.reading() as session:
            self.line = imports.line_of(session, self._key)

    def add(self, batch: Sequence[_Row], outcome: Imported) -> list[Unsure]:
        """Write rows, and count them; returns those that may be several companies."""
        told = [(line, row) for line, row in batch if isinstance(row, CompanyRow)]
        places = [row for _, row in batch if isinstance(row, EstablishmentRow)]
        unsure: list[Unsure] = []
        with self._database.session() as session:
            if self._is_list:
                found = match(session, told, self._wishes.decisions)
                told, unsure = found.sure, found.unsure
                outcome.left_out += found.nameless
            rows = [replace(row, weak=EVERYTHING) if self._wishes.only_adds else row for _, row in told]
            if rows:
                saved = companies.save(session, rows, self._register)
                outcome.added += saved.added
                outcome.updated += saved.known
                outcome.left_out += saved.closed
                if self._is_list:
                    outcome.ids |= saved.ids
            if places:
                kept = establishments.save(session, places, self._register, only_new=self._is_list)
                if not self._is_list:  # where each has its company beside it
                    outcome.updated += kept
                    outcome.left_out += len(places) - kept
            imports.advance(session, self._key, batch[-1][0])
        return unsure

    def finish(self) -> None:
        """The whole file is there: it would be read from its beginning again."""
        with self._database.session() as session:
            imports.finish(session, self._key)


def preview(file: Path, maps: Mapping[str, ColumnMap] | None = None, *, shown: int = 5) -> tuple[str, list[str]]:
    """Which register a file is of, or the map that its columns fit, and the first names in it, if it has names.

    Raises `Invalid` when it cannot be read.
    """
    names: list[str] = []
    with open_table(file) as table:
        reading = _reading(file, table, maps or {}, _NONE)
        for line in islice(table, _BATCH):
            with suppress(ValueError):
                row = reading.reader.row(_values(line, len(table.columns)))
                if isinstance(row, CompanyRow):
                    names.append(row.name)
            if len(names) == shown:
                break
    return reading.source, names


@dataclass(frozen=True)
class Overview:
    """What an import of a file would do: how it is read, and how many rows, companies and establishments are in it.

    `columns` is empty for a register or a map of the configuration; `known` are companies that are there already,
    `unsure` the first rows that may be several, `examples` the first companies.
    """

    source: str
    columns: tuple[Column, ...]
    rows: int
    companies: int
    known: int
    establishments: int
    outcome: Imported
    unsure: tuple[Unsure, ...]
    examples: tuple[CompanyRow, ...]


def look_over(
    database: Database, file: Path, maps: Mapping[str, ColumnMap] | None = None, wishes: Wishes = _NONE
) -> Overview:
    """Read a whole file and keep nothing of it. Raises `Invalid` when it cannot be read."""
    outcome, seen, sirets, unsure = Imported(), dict[Hashable, CompanyRow](), set[str](), list[Unsure]()
    count = known = 0
    with ExitStack() as stack:
        table = stack.enter_context(open_table(file))
        reading = _reading(file, table, maps or {}, wishes)
        rows = _rows(table, reading.reader, _Rejects(None, stack, outcome), outcome)
        for batch in _batches(rows):
            told = [(line, row) for line, row in batch if isinstance(row, CompanyRow)]
            sirets |= {row.siret for _, row in batch if isinstance(row, EstablishmentRow)}
            count += len(told) or len(batch)
            with database.reading() as session:
                if isinstance(reading.reader, OwnColumns):
                    found = match(session, told, wishes.decisions)
                    outcome.left_out += found.nameless
                    told, unsure = found.sure, unsure + found.unsure
                fresh = {row.key: row for _, row in told if row.key not in seen}
                known += companies.count_known(session, list(fresh.values()))
                seen |= fresh
    columns = reading.found.columns if reading.found else ()
    total = count + outcome.refused
    outcome.refused += len(unsure)
    examples = tuple(islice(seen.values(), _EXAMPLES))
    return Overview(reading.source, columns, total, len(seen), known, len(sirets), outcome, tuple(unsure), examples)


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """The garbage collector looks rarely: a fifth of the time of an import went into it, and rows hold no cycles."""
    before = gc.get_threshold()
    gc.set_threshold(_COLLECTED, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def import_file(
    database: Database,
    file: Path,
    maps: Mapping[str, ColumnMap] | None = None,
    wishes: Wishes = _NONE,
    *,
    rejects: Path | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Imported:
    """Add and update the companies of a file: SIRENE, GLEIF, or a list, whose columns a map names or are recognised.

    A company is known again by its SIREN, its LEI, or its name and department when it has neither; of a name alone it
    is the one that bears it. A bad line is left out and written to the file `rejects` with its reason; the others stay.
    What was cut off goes on where it was. `progress` is told the share of the file that was read. Raises `Invalid` when
    the file itself cannot be read.
    """
    outcome = Imported()
    with ExitStack() as stack:
        stack.enter_context(_rarely_collected())
        check_archive(file)
        table = stack.enter_context(open_table(file))
        reading = _reading(file, table, maps or {}, wishes)
        written = _Written(database, file, reading, wishes)
        outcome.resumed_at = written.line
        refused = _Rejects(rejects, stack, outcome)
        rows = _rows(table, reading.reader, refused, outcome)
        for batch in _batches(rows):
            for one in written.add(batch, outcome):
                refused.add(one.line, str(one))
            progress(table.share)
        progress(table.share)
    written.finish()
    return outcome
