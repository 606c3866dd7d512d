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
            stem = f"{10_000_000 + number}"
            siren = next(stem + digit for digit in "0123456789" if luhn(stem + digit))
            name = " ".join(chance.choices(_WORDS, k=3)) + f" {number}"
            cells = (siren, f"{chance.randint(1970, 2025)}-03-14", chance.choice(["", "", "ABC"]), "11", "A", name, "")
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
            command = [sys.executable, "-m", "bench.importing", str(file), scratch]
            done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 (our own command)
            new, again, memory = map(float, done.stdout.split())
            peer = _peer(file, folder)
        figures = (f"{rows / new:,.0f}", f"{rows / new / _LEAST:.2f}", f"{rows / again:,.0f}", f"{new / peer:.1f}")
        table.add_row(f"{rows:,}", *figures, f"{memory / 1e6:.0f}")
    Console(width=110).print(table)


if __name__ == "__main__":
    _worker(Path(sys.argv[1]), Path(sys.argv[2])) if len(sys.argv) > 2 else main()
