"""A register made of public lists, against which the gold mentions are labelled: index members, SEC tickers, GLEIF."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from companies.folding import name_key
from companies.importing import import_file
from companies.names import core, without_legal_form
from store.database import Database
from store.migrate import upgrade

_COUNTRIES = {"France": "FR", "Germany": "DE", "United Kingdom": "GB", "United States": "US", "Switzerland": "CH",
              "Belgium": "BE", "Luxembourg": "LU", "Netherlands": "NL", "Italy": "IT", "Spain": "ES"}  # fmt: skip
_AMERICAN = ("S&P", "NASDAQ", "DOW")
_COLUMNS = ("name", "aliases", "ticker", "lei", "country", "city", "headcount", "listing", "site")


@dataclass
class Record:
    """A company of the lists; `keys` are where it stands in them, as labels name it."""

    name: str
    country: str
    keys: list[str]
    aliases: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)


def _members(folder: Path) -> Iterator[Record]:
    with (folder / "tickers" / "index_members.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            count = re.match(r"[\d,. ]+", row["employees"])
            facts = {
                "ticker": row["symbol"],
                "listing": row["index"],
                "site": row["website"],
                "city": row["hq"].split(",")[0].strip(),
                "headcount": re.sub(r"\D", "", count[0]) if count and len(count[0]) < len("1,000,000,0") else "",
            }
            country = _COUNTRIES.get(row["country"], "US" if row["index"].startswith(_AMERICAN) else "")
            yield Record(row["name"], country, [f"index:{row['symbol'] or row['name']}"], [], facts)


def _sec(folder: Path) -> Iterator[Record]:
    with gzip.open(folder / "tickers" / "sec_company_tickers.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            facts = {"ticker": row["ticker"], "listing": row["exchange"] or "SEC"}
            yield Record(row["name"], "US", [f"sec:{row['cik']}"], [], facts)


def _gleif(folder: Path) -> Iterator[Record]:
    for name in ("gleif_fr.csv.gz", "gleif_other_sample.csv.gz"):
        with gzip.open(folder / "gleif_names" / name, "rt", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["category"] in ("", "GENERAL"):
                    yield Record(row["legal_name"], row["country"], [f"lei:{row['LEI']}"], [], {"lei": row["LEI"]})


def records(folder: Path) -> list[Record]:
    """The companies of the lists in a folder.

    The same name, but for its legal form, in one country is one company. A listed company is one whatever its country:
    the lists of index members and of the SEC do not have it for all.
    """
    found: dict[tuple[str, str], Record] = {}
    listed: dict[str, Record] = {}
    for record in (*_members(folder), *_sec(folder), *_gleif(folder)):
        short = core(without_legal_form(name_key(record.name) or "-"))
        is_listed = "listing" in record.facts
        place = (short, record.country)
        same = listed.get(short) if is_listed else found.get(place) or found.get((short, ""))
        if same is None:
            found.setdefault(place, record)
            if is_listed:
                listed[short] = record
            continue
        same.keys += [key for key in record.keys if key not in same.keys]
        if record.name not in (same.name, *same.aliases):
            same.aliases.append(record.name)
        same.facts = {**record.facts, **{name: value for name, value in same.facts.items() if value}}
    return list({id(record): record for record in (*listed.values(), *found.values())}.values())


def write(folder: Path, file: Path) -> list[Record]:
    """Write the companies of the lists in a folder as a table that can be imported; returns them in its order."""
    companies = [record for record in records(folder) if name_key(record.name)]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, _COLUMNS)
        writer.writeheader()
        for number, one in enumerate(companies):
            facts = {name: one.facts.get(name, "") for name in _COLUMNS[2:]} | {"country": one.country}
            facts["lei"] = facts["lei"] or f"none-{number}"
            writer.writerow({"name": one.name, "aliases": "|".join(one.aliases)} | facts)
    return companies


def load(folder: Path, scratch: Path) -> tuple[Database, dict[int, list[str]]]:
    """A database in the scratch folder with that register, and where each company stands in the lists, by its id."""
    file = scratch / "register.csv"
    companies = write(folder, file)
    database = Database(f"sqlite:///{scratch / 'register.db'}")
    upgrade(database)
    outcome = import_file(database, file)
    return database, {number: one.keys for number, one in enumerate(companies, start=1)} if not outcome.refused else {}
