"""Companies from the files of registers and from tables of one's own: streamed, resumable, bad lines set aside."""

from __future__ import annotations

import csv
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from companies import gleif, sirene
from companies.columns import FIELDS, ColumnMap, fitting_map, mapped, recognised
from companies.lists import OwnColumns
from companies.recognition import Column, Recognised, recognise
from companies.tables import Line, Table, open_table
from store import companies, establishments, imports
from store.base import utcnow
from store.companies import CompanyRow, Register
from store.database import Database
from store.establishments import EstablishmentRow

_BATCH = 5000
LIST = "csv"
"""The source of what a list of one's own says."""
_EXAMPLES = 5
_SHOWN = 20  # refused lines that are kept to be shown; the file has all

Reader = sirene.Companies | sirene.Establishments | gleif.Entities | OwnColumns


@dataclass
class Imported:
    """What came of a file: rows added, rows that were there before, rows left out on purpose, lines refused and why.

    `refused` is how many lines, `rejects` the first of them; all stand in the file `rejects_file`.
    """

    added: int = 0
    updated: int = 0
    left_out: int = 0
    refused: int = 0
    rejects: list[tuple[int, str]] = field(default_factory=list)
    rejects_file: Path | None = None
    resumed_at: int = 0


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


def _reading(
    file: Path, table: Table, maps: Mapping[str, ColumnMap], chosen: str, today: date, corrected: Mapping[int, str]
) -> _Reading:
    """How a table is read: as a register by its columns, by a map, or as it is recognised. Raises `Invalid`."""
    columns = table.columns
    if not (chosen or corrected):
        for kind in (sirene.Companies, sirene.Establishments):
            if set(kind.NEEDED) <= set(columns):
                return _Reading(kind(columns, today), sirene.SOURCE)
        if gleif.Entities.fits(columns):
            return _Reading(gleif.Entities(columns, today), gleif.SOURCE)
    where = f"{file}, line {table.head_line}"
    if not corrected and (name := fitting_map(where, columns, maps, chosen)):
        return _Reading(OwnColumns(columns, mapped(columns, maps[name]), today), name)
    found = recognise([columns, *(line.values for line in table.sample)], FIELDS)
    if found.head < 0:
        table.without_headings()
    found = found.corrected(corrected)
    return _Reading(OwnColumns(columns, recognised(where, columns, found), today), LIST, found)


def _values(line: Line, width: int) -> list[str]:
    """The values of a line, one for each column and an empty one. Raises `ValueError`."""
    if line.error:
        raise ValueError(line.error)
    values = line.values
    if len(values) > width and any(value.strip() for value in values[width:]):
        raise ValueError(f"it has {len(values)} values for {width} columns; is a value with a separator not quoted?")
    return [*values[:width], *[""] * (width + 1 - len(values))]


def _rows(
    table: Table, reader: Reader, refused: _Rejects, outcome: Imported
) -> Iterator[tuple[int, CompanyRow | EstablishmentRow]]:
    """The rows of a table that were not written yet, with their lines; what is refused or left out is noted."""
    width = len(table.columns)
    for line in table:
        if line.number <= outcome.resumed_at:
            continue
        try:
            values = _values(line, width)
            row, *places = (reader.rows(values) or (None,)) if isinstance(reader, OwnColumns) else (reader.row(values),)
        except ValueError as error:
            refused.add(line.number, str(error))
            continue
        if row is None:
            outcome.left_out += 1
            continue
        yield line.number, row
        yield from ((line.number, place) for place in places if place)


class _Written:
    """What of a file is in the database: written in batches, each with the line that it goes to."""

    def __init__(self, database: Database, file: Path, source: str, today: date, is_list: bool) -> None:
        facts = file.stat()
        self._is_list = is_list
        self._database = database
        self._register = Register(source, min(datetime.fromtimestamp(facts.st_mtime, UTC).date(), today))
        self._key = f"{file.resolve()} {facts.st_size} {facts.st_mtime_ns}"
        with database.session() as session:
            self.line = imports.line_of(session, self._key)

    def add(self, batch: Sequence[tuple[int, CompanyRow | EstablishmentRow]], outcome: Imported) -> None:
        """Write rows, and count them."""
        rows = [row for _, row in batch if isinstance(row, CompanyRow)]
        places = [row for _, row in batch if isinstance(row, EstablishmentRow)]
        with self._database.session() as session:
            if rows:
                saved = companies.save(session, rows, self._register)
                outcome.added += saved.added
                outcome.updated += saved.known
                outcome.left_out += saved.closed
            if places:
                kept = establishments.save(session, places, self._register, only_new=self._is_list)
                if not self._is_list:  # where each has its company beside it
                    outcome.updated += kept
                    outcome.left_out += len(places) - kept
            imports.advance(session, self._key, batch[-1][0])

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
        reading = _reading(file, table, maps or {}, "", utcnow().date(), {})
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
    `examples` the first ones.
    """

    source: str
    columns: tuple[Column, ...]
    rows: int
    companies: int
    known: int
    establishments: int
    outcome: Imported
    examples: tuple[CompanyRow, ...]


def look_over(
    database: Database,
    file: Path,
    maps: Mapping[str, ColumnMap] | None = None,
    *,
    chosen: str = "",
    corrected: Mapping[int, str] | None = None,
) -> Overview:
    """Read a whole file and keep nothing of it. Raises `Invalid` when it cannot be read."""
    outcome, keys, sirets, count = Imported(), dict[Hashable, CompanyRow](), set[str](), 0
    with ExitStack() as stack:
        table = stack.enter_context(open_table(file))
        reading = _reading(file, table, maps or {}, chosen, utcnow().date(), corrected or {})
        rows = _rows(table, reading.reader, _Rejects(None, stack, outcome), outcome)
        known = 0
        while batch := list(islice(rows, _BATCH)):
            fresh = {row.key: row for _, row in batch if isinstance(row, CompanyRow) and row.key not in keys}
            with database.session() as session:
                known += companies.count_known(session, list(fresh.values()))
            keys |= fresh
            sirets |= {row.siret for _, row in batch if isinstance(row, EstablishmentRow)}
            count += sum(isinstance(row, CompanyRow) or not reading.found for _, row in batch)
    found = reading.found.columns if reading.found else ()
    total = count + outcome.left_out + outcome.refused
    examples = tuple(islice(keys.values(), _EXAMPLES))
    return Overview(reading.source, found, total, len(keys), known, len(sirets), outcome, examples)


def import_file(
    database: Database,
    file: Path,
    maps: Mapping[str, ColumnMap] | None = None,
    *,
    chosen: str = "",
    corrected: Mapping[int, str] | None = None,
    rejects: Path | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Imported:
    """Add and update the companies of a file: SIRENE, GLEIF, or a list, whose columns a map names or are recognised.

    A company is known again by its SIREN, its LEI, or its name and department when it has neither. A bad line is left
    out and written to the file `rejects` with its reason; the others stay. What was cut off goes on where it was.
    `corrected` says what columns hold, by their places, where a person knows better. `progress` is told the share of
    the file that was read. Raises `Invalid` when the file itself cannot be read.
    """
    outcome, today = Imported(), utcnow().date()
    with ExitStack() as stack:
        table = stack.enter_context(open_table(file))
        reading = _reading(file, table, maps or {}, chosen, today, corrected or {})
        written = _Written(database, file, reading.source, today, isinstance(reading.reader, OwnColumns))
        outcome.resumed_at = written.line
        refused = _Rejects(rejects, stack, outcome)
        rows = _rows(table, reading.reader, refused, outcome)
        while batch := list(islice(rows, _BATCH)):
            written.add(batch, outcome)
            progress(table.share)
        progress(table.share)
    written.finish()
    return outcome
