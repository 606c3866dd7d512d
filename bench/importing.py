"""How many rows of SIRENE a second are imported, and what memory that takes as the file grows.

    python -m bench.importing

The rows are made up. Beside it in the same run stands the peer: the same cells by `csv.DictReader` straight into two
tables of SQLite, without checks, folding or updates.
"""

from __future__ import annotations

import csv
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import xlsxwriter
from rich.console import Console
from rich.table import Table

from bench.memory import most_memory
from companies.identifiers import luhn
from companies.importing import import_file
from store.database import Database
from store.migrate import upgrade

_ROWS = (50_000, 200_000)
SMALLEST = ((500,),)
_WORDS = [
    "FORGES",
    "ATELIERS",
    "MENUISERIE",
    "TRANSPORTS",
    "GARAGE",
    "BOULANGERIE",
    "HOTEL",
    "CONSTRUCTIONS",
    "CONSEIL",
    "LOGISTIQUE",
    "PLOMBERIE",
    "RHONE",
    "LOIRE",
    "NORD",
    "SUD",
    "OUEST",
    "MARTIN",
    "DURAND",
    "BERNARD",
    "PETIT",
    "ALPES",
    "VALLEE",
    "PROVENCE",
    "BRETAGNE",
]
_LEAST = 20_000  # rows a second and core
_LIST, _LIMIT = 20_000, 5.0  # rows of a spreadsheet, seconds that they may take
_HEADINGS = ("SIRET", "Raison sociale", "Enseigne", "CP et commune", "Commune", "Code NAF", "Libellé NAF", "Site web")
_COLUMNS = (
    *("siren", "dateCreationUniteLegale", "sigleUniteLegale", "trancheEffectifsUniteLegale"),
    *("etatAdministratifUniteLegale", "denominationUniteLegale", "denominationUsuelle1UniteLegale"),
    *("categorieJuridiqueUniteLegale", "activitePrincipaleUniteLegale", "nomenclatureActivitePrincipaleUniteLegale"),
    *(f"unused{number}" for number in range(23)),  # the real file has 33 columns
)


def _write(file: Path, rows: int) -> None:
    chance = random.Random(3)  # noqa: S311 (the same rows each time)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(_COLUMNS)
        for number in range(rows):
            name = " ".join(chance.choices(_WORDS, k=3)) + f" {number}"
            cells = (
                _siren(number),
                f"{chance.randint(1970, 2025)}-03-14",
                chance.choice(["", "", "ABC"]),
                "11",
                "A",
                name,
                "",
            )
            writer.writerow((*cells, "5710", "25.50A", "NAFRev2", *[""] * 23))


def _peer(file: Path, folder: Path) -> float:
    """Seconds of processor time that plain Python takes for the same rows."""
    started = time.process_time()
    with sqlite3.connect(folder / "peer.db") as database:
        database.execute("CREATE TABLE company (id INTEGER PRIMARY KEY, siren TEXT UNIQUE, name TEXT, naf TEXT)")
        database.execute("CREATE TABLE name (company_id INTEGER, text TEXT)")
        with file.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines), start=1):
                cells = (number, row["siren"], row["denominationUniteLegale"], row["activitePrincipaleUniteLegale"])
                database.execute("INSERT INTO company VALUES (?, ?, ?, ?)", cells)
                database.execute("INSERT INTO name VALUES (?, ?)", (number, row["denominationUniteLegale"]))
    return time.process_time() - started


def _worker(file: Path, folder: Path) -> None:
    """Import a file twice and print the seconds of each, and the most memory that took, in bytes."""
    database = Database(f"sqlite:///{folder / 'vigie.db'}")
    upgrade(database)
    spent = []
    for _ in range(2):
        started = time.process_time()
        import_file(database, file)
        spent.append(time.process_time() - started)
    sys.stdout.write(f"{spent[0]} {spent[1]} {most_memory()}")


def _siren(number: int) -> str:
    stem = f"{10_000_000 + number}"
    return next(stem + digit for digit in "0123456789" if luhn(stem + digit))


def _write_list(file: Path, rows: int) -> None:
    """A list of establishments as people keep it: under a title, one to three of a company."""
    chance = random.Random(5)  # noqa: S311 (the same rows each time)
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("Liste")
        sheet.write_row(0, 0, ("Liste des établissements",))
        sheet.write_row(2, 0, _HEADINGS)
        for number in range(rows):
            stem = f"{_siren(number * 2 // 3)}{number % 3 + 1:04}"
            siret = next(stem + digit for digit in "0123456789" if luhn(stem + digit))
            name = " ".join(chance.choices(_WORDS, k=3)) + f" {number}"
            place = ("77400 LAGNY SUR MARNE", "LAGNY-SUR-MARNE", "46.74B", "Commerce de gros")
            sheet.write_row(number + 3, 0, (siret, name, "", *place, f"www.s{number}.example"))


def _measure_list(rows: int, folder: Path) -> None:
    """Import a spreadsheet and print the seconds beside the limit."""
    file = folder / "list.xlsx"
    _write_list(file, rows)
    new, again, memory = _measured(file, folder)
    limit = _LIMIT * rows / _LIST
    table = Table("rows", title=f"Import of a list, XLSX (limit: {_LIMIT:.0f} s for {_LIST:,} rows)")
    for name in ("new, s", "share of the limit", "again, s", "memory, MB"):
        table.add_column(name, justify="right")
    table.add_row(f"{rows:,}", f"{new:.1f}", f"{new / limit:.2f}", f"{again:.1f}", f"{memory / 1e6:.0f}")
    Console(width=110).print(table)


def _measured(file: Path, folder: Path) -> tuple[float, float, float]:
    """Seconds of an import and of the same again, and the most memory in bytes, in a process of its own."""
    command = [sys.executable, "-m", "bench.importing", str(file), str(folder)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 (our own command)
    new, again, memory = map(float, done.stdout.split())
    return new, again, memory


def main(sizes: tuple[int, ...] = _ROWS) -> None:
    """Measure and print."""
    table = Table("rows", title=f"Import of SIRENE, on one core (aim: {_LEAST:,} rows a second)")
    for name in ("new, rows/s", "times the aim", "again, rows/s", "times the peer's time", "memory, MB"):
        table.add_column(name, justify="right")
    for rows in sizes:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            file = folder / "StockUniteLegale.csv"
            _write(file, rows)
            new, again, memory = _measured(file, folder)
            peer = _peer(file, folder)
        figures = (f"{rows / new:,.0f}", f"{rows / new / _LEAST:.2f}", f"{rows / again:,.0f}", f"{new / peer:.1f}")
        table.add_row(f"{rows:,}", *figures, f"{memory / 1e6:.0f}")
    Console(width=110).print(table)
    with tempfile.TemporaryDirectory() as scratch:
        _measure_list(min(_LIST, max(sizes)), Path(scratch))


if __name__ == "__main__":
    _worker(Path(sys.argv[1]), Path(sys.argv[2])) if len(sys.argv) > 2 else main()
