"""The facts of all companies in files, brought up to date by what changed."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from signals import facts as module
from signals.conditions import Condition
from signals.facts import CRITERIA, Facts, facts_in
from signals.offers import Offer
from store.database import Database
from store.migrate import upgrade
from store.tables import Company

TODAY = date(2026, 3, 10)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FOLDERS = "facts-*"
ASKED: list[dict[str, object]] = [
    {"criterion": "naf", "in": ["28", "25.1"]},
    {"criterion": "headcount", "min": 50},
    {"criterion": "turnover", "max": 1e6},
    {"criterion": "age", "min": 5, "max": 30},
    {"criterion": "digital_presence", "in": ["site"]},
    {"criterion": "site_type", "in": ["entrepôt"]},
    {"criterion": "department", "in": ["25", "2A"]},
]
CONDITIONS = [Condition.model_validate(one) for one in ASKED]
CONDITIONS += [Condition.model_validate({"criterion": one, "unknown": True}) for one in sorted(CRITERIA)]
OFFER = Offer.model_validate({"name": "o", "fit": [{**one, "points": 3} for one in ASKED], "territory": ["25", "DE"]})


def some_facts(random_: random.Random) -> dict[str, object]:
    one = random_.choice
    return {
        "department": one(["25", "39", "2A", None]),
        "country": one(["FR", "DE"]),
        "naf": one([None, "2841Z", "2511Z", "6201Z"]),
        "headcount": one([None, 49, 50, 900]),
        "headcount_band": one([None, "21", "11"]),
        "turnover": one([None, 1e6, 2e6, -5.0]),
        "created_on": one([None, date(1990, 3, 10), date(2021, 3, 10), date(2027, 1, 1)]),
        "site": one([None, "a.example", "b.example"]),
        "site_type": one([None, "usine; Entrepôt", "bureau"]),
        "closed": random_.random() < 0.2,
        "secondary_sites": one([None, 0, 4]),
    }


def told(facts: Facts) -> dict[int, tuple[float, ...]]:
    """What the facts say of each company that trades in the territory."""
    fit = facts.fit(OFFER, TODAY)
    met = np.stack([fit, *(facts.meet(one, TODAY) for one in CONDITIONS)], axis=1)
    return {int(number): tuple(row) for number, row in zip(facts.ids, met, strict=True) if row[0] > -np.inf}


def anew(session: Session) -> Facts:
    facts = Facts()
    facts.read(session)
    return facts


def make(database: Database, count: int, seed: int = 0) -> None:
    random_ = random.Random(seed)
    with database.session() as session:
        session.add_all(Company(name="A", **some_facts(random_)) for _ in range(count))
    age(database)


def age(database: Database) -> None:
    """Let all changes be old ones."""
    with database.session() as session:
        session.execute(update(Company).values(changed_at=LONG_AGO))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many companies are read each time."""
    counts: list[int] = []
    real = Facts.read

    def read(self: Facts, session: Session, since: datetime | None = None) -> int:
        counts.append(real(self, session, since))
        return counts[-1]

    monkeypatch.setattr(Facts, "read", read)
    return counts


@pytest.mark.parametrize("seed", range(4))
def test_they_are_those_of_the_database_whatever_changes(database: Database, tmp_path: Path, seed: int) -> None:
    make(database, 60, seed)
    random_ = random.Random(seed + 100)
    for step in range(6):
        with database.session() as session:
            assert told(facts_in(session, tmp_path)) == told(anew(session)), step
            everyone = list(session.scalars(select(Company)))
            for company in random_.sample(everyone, random_.randint(0, 6)):  # closed ones come back among them
                for name, value in some_facts(random_).items():
                    setattr(company, name, value)
            one, other = random_.sample(everyone, 2)
            one.merged_into = None if one.merged_into else other.id
            session.add_all(Company(name="B", **some_facts(random_)) for _ in range(random_.randint(0, 3)))
    assert len(list(tmp_path.glob(FOLDERS))) == 1


def test_only_what_changed_is_read(database: Database, tmp_path: Path, reads: list[int]) -> None:
    make(database, 60)
    with database.session() as session:
        trading = len(list(session.scalars(select(Company).where(~Company.closed))))
        facts_in(session, tmp_path)
        facts_in(session, tmp_path)
        session.get_one(Company, 7).headcount = 51
        session.flush()
        facts_in(session, tmp_path)
    assert reads == [trading, 0, 1]


def test_files_are_written_anew_when_much_changed(
    database: Database, tmp_path: Path, reads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FEW", 5)
    monkeypatch.setattr(module, "_OVERLAP", timedelta())
    make(database, 60)
    with database.session() as session:
        facts_in(session, tmp_path)
        (first,) = tmp_path.glob(FOLDERS)
        session.execute(update(Company).where(Company.id <= 5).values(headcount=3))
        facts_in(session, tmp_path)
        assert list(tmp_path.glob(FOLDERS)) == [first]
        session.execute(update(Company).where(Company.id <= 6).values(headcount=4))
        then = told(facts_in(session, tmp_path))
        (second,) = tmp_path.glob(FOLDERS)
        assert second != first
        assert told(facts_in(session, tmp_path)) == then == told(anew(session))
    assert reads[1:4] == [5, 6, 0]


def another(database: Database, folder: Path) -> Database:
    there = Database(f"sqlite:///{folder / 'other.db'}")
    upgrade(there)
    make(there, 60, seed=5)
    return there


def older(database: Database, folder: Path) -> Database:
    """The database as it was before companies changed that the files know."""
    copy = folder / "copy.db"
    with database.session() as session:
        session.connection().exec_driver_sql(f"VACUUM INTO '{copy}'")
    shutil.rmtree(next(folder.glob(FOLDERS)))
    with database.session() as session:
        session.get_one(Company, 8).headcount = 1
        session.flush()
        facts_in(session, folder)
    return Database(f"sqlite:///{copy}")


@pytest.mark.parametrize("change", [another, older])
def test_the_files_of_another_register_are_not_read(
    database: Database, tmp_path: Path, change: Callable[[Database, Path], Database]
) -> None:
    make(database, 60)
    with database.session() as session:
        facts_in(session, tmp_path)
    there = change(database, tmp_path)
    with there.session() as session:
        assert told(facts_in(session, tmp_path)) == told(anew(session))
    there.close()


def test_a_register_of_no_company_has_facts(database: Database, tmp_path: Path) -> None:
    with database.session() as session:
        assert told(facts_in(session, tmp_path)) == {}
    make(database, 3)
    with database.session() as session:
        assert told(facts_in(session, tmp_path)) == told(anew(session))


def test_what_is_open_stays_readable_when_another_process_writes_newer_files(
    database: Database, tmp_path: Path
) -> None:
    make(database, 60)
    with database.session() as session:
        facts_in(session, tmp_path)
        there = facts_in(session, tmp_path)
        shutil.rmtree(next(tmp_path.glob(FOLDERS)))
        assert told(there) == told(anew(session))
