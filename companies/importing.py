"""Companies from a CSV file: name, aliases, siren, department, naf, headcount, city, country, site."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from companies.folding import name_key
from store import companies as records
from store.companies import CompanyRow
from store.database import Database
from store.errors import Invalid

_COLUMNS = {"name", "aliases", "siren", "department", "naf", "headcount", "city", "country", "site"}
_BATCH = 1000


@dataclass
class Imported:
    """How many companies are new, how many were updated, and which lines were refused and why."""

    added: int = 0
    updated: int = 0
    rejects: list[tuple[int, str]] = field(default_factory=list)


def luhn(digits: str) -> bool:
    """Whether a number satisfies the Luhn check that SIREN numbers carry (ISO/IEC 7812-1)."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def siren(value: str) -> str | None:
    """A SIREN number of nine digits; zeros that a spreadsheet took are put back. Raises ValueError."""
    digits = "".join(value.split())
    if not digits:
        return None
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise ValueError(f"siren '{value}' is not a number of nine digits")
    digits = digits.zfill(9)
    if not luhn(digits):
        raise ValueError(f"siren '{value}' has a wrong check digit")
    return digits


def _headcount(value: str) -> int | None:
    digits = "".join(value.split())
    if not digits:
        return None
    if not digits.isascii() or not digits.isdigit():
        raise ValueError(f"headcount '{value}' is not a whole number")
    return int(digits[:9])


def parse_row(row: dict[str, str]) -> CompanyRow:
    """A company from one line's columns. Raises ValueError with the column and what is wrong."""
    name = " ".join(row.get("name", "").split())
    if not name_key(name):
        raise ValueError("name is empty")
    aliases = [" ".join(alias.split()) for alias in row.get("aliases", "").replace("|", ";").split(";")]
    department = row.get("department", "").strip().upper()
    names = {key: text for text in reversed([name, *aliases]) if (key := name_key(text))}
    facts = {
        "department": department.zfill(2) if department else None,
        "naf": row.get("naf", "").replace(".", "").strip().upper() or None,
        "headcount": _headcount(row.get("headcount", "")),
        "city": row.get("city", "").strip() or None,
        "country": row.get("country", "").strip().upper() or None,
        "site": row.get("site", "").strip().lower() or None,
    }
    known = {column: value for column, value in facts.items() if value is not None}
    return CompanyRow(name, names, siren(row.get("siren", "")), facts=known)


def _open(file: Path) -> io.StringIO:
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        raise Invalid(f"{file}: no such file") from None
    except OSError as error:
        raise Invalid(f"{file}: cannot be read ({error.strerror})") from None
    try:
        return io.StringIO(raw.decode("utf-8-sig"), newline="")
    except UnicodeDecodeError:
        return io.StringIO(raw.decode("cp1252", errors="replace"), newline="")


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    text = _open(file)
    first = text.readline()
    if not first.strip():
        raise Invalid(f"{file}: the file is empty; its first line must name the columns")
    delimiter = max(",;\t", key=first.count)
    columns = [name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter))]
    if "name" not in columns:
        raise Invalid(f"{file}, line 1: there is no column 'name'; known columns: {', '.join(sorted(_COLUMNS))}")
    reader = csv.reader(text, delimiter=delimiter)
    line = 2
    for values in reader:
        if any(value.strip() for value in values):
            yield line, dict(zip(columns, values, strict=False))
        line = reader.line_num + 2


def import_csv(database: Database, file: Path) -> Imported:
    """Add and update the companies of a CSV file, UTF-8 or Windows-1252, with commas, semicolons or tabs.

    A company is known again by its SIREN, or by its name and department when it has none. A bad line is left out and
    reported; the others stay. Raises `Invalid` when the file itself cannot be read.
    """
    outcome = Imported()
    batch: list[CompanyRow] = []

    def write(session: Session) -> None:
        added = records.save(session, batch)
        outcome.added += added
        outcome.updated += len(batch) - added
        batch.clear()

    for line, row in _rows(file):
        try:
            batch.append(parse_row(row))
        except ValueError as error:
            outcome.rejects.append((line, str(error)))
        if len(batch) >= _BATCH:
            with database.session() as session:
                write(session)
    with database.session() as session:
        write(session)
    return outcome
