"""What is known of all companies in files, brought up to date by what changed."""

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

from leads import board_files as module
from leads.board import Board, rows_of
from leads.board_files import open_board
from leads.conditions import Condition
from leads.facts import CRITERIA, Facts, Floats, Ints
from leads.offers import Offer
from signals.stories import assign
from signals.types import Taxonomy, default_taxonomy
from store import companies, signals
from store.database import Database
from store.migrate import upgrade
from store.tables import Company, Document, Signal, Source

TODAY = date(2026, 3, 10)
SINCE = datetime(2024, 1, 1, tzinfo=UTC)
TAXONOMY = default_taxonomy()
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FOLDERS = "board-*"
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


def opened(session: Session, folder: Path) -> Board:
    return open_board(session, folder, TAXONOMY, SINCE)


def known(there: Board) -> dict[int, tuple[float, ...]]:
    """What is known of each company that trades in the territory: points of fit and of timing, and criteria met."""
    facts = there.facts
    fit = facts.fit(OFFER, TODAY)
    timing = there.columns.timing(OFFER, TAXONOMY, TODAY, len(facts.ids))
    met = np.stack([fit, timing, *(facts.meet(one, TODAY) for one in CONDITIONS)], axis=1)
    return {int(number): tuple(row) for number, row in zip(facts.ids, met, strict=True) if row[0] > -np.inf}


def anew(session: Session) -> dict[int, tuple[float, ...]]:
    facts = Facts()
    facts.read(session)
    return known(Board(facts, rows_of(session, TAXONOMY, SINCE), tuple(TAXONOMY.types)))


def make(database: Database, count: int, seed: int = 0) -> None:
    random_ = random.Random(seed)
    with database.session() as session:
        session.add_all(Company(name="A", **some_facts(random_)) for _ in range(count))
        session.add(Source(url="http://x/feed", name="x"))
        session.flush()
        for _ in range(count):
            tell(session, random_)
    assign(database)
    age(database)


def tell(session: Session, random_: random.Random, dated: bool = False) -> None:
    """A signal on any company."""
    document = Document(source_id=1, url=f"http://x/{random_.random()}", title="t", text="")
    session.add(document)
    session.flush()
    one = Signal(document_id=document.id, company_id=random_.choice(list(session.scalars(select(Company.id)))))
    one.type, one.families, one.status = random_.choice(["hiring", "funding", "insolvency"]), [], "done"
    one.sentence, one.start, one.end, one.slots, one.version = "t", 0, 1, {}, "v"
    one.found_at = datetime(2026, 3, 9, tzinfo=UTC)
    one.published_at = (
        one.found_at - timedelta(days=random_.randint(0, 300)) if dated or random_.random() < 0.6 else None
    )
    one.confidence, one.link_confidence = random_.uniform(0.4, 1), 0.9
    session.add(one)


def age(database: Database) -> None:
    """Let all changes be old ones."""
    with database.session() as session:
        session.execute(update(Company).values(changed_at=LONG_AGO))
        session.execute(update(Signal).values(changed_at=LONG_AGO))


def change_companies(session: Session, random_: random.Random) -> None:
    everyone = list(session.scalars(select(Company)))
    for company in random_.sample(everyone, random_.randint(0, 6)):  # closed ones come back among them
        for name, value in some_facts(random_).items():
            setattr(company, name, value)
    one, other = random_.sample(everyone, 2)
    one.merged_into = None if one.merged_into else other.id
    session.add_all(Company(name="B", **some_facts(random_)) for _ in range(random_.randint(0, 3)))


def change_signals(session: Session, random_: random.Random) -> None:
    for signal in random_.sample(list(session.scalars(select(Signal))), random_.randint(0, 6)):
        companies.touch(session, [signal.company_id or 0])
        if random_.random() < 0.5:
            session.delete(signal)
        else:
            signal.company_id, signal.story_id = random_.choice(list(session.scalars(select(Company.id)))), None
            signal.status = random_.choice(["done", "planned", "denied"])
    for _ in range(random_.randint(0, 4)):
        tell(session, random_)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Of how many companies the facts, and how many signals, are read each time."""
    counts: list[tuple[int, int]] = []
    facts_of = Facts.read
    ids: list[int] = []

    def read(self: Facts, session: Session, since: datetime | None = None) -> Ints:
        found = facts_of(self, session, since)
        ids.append(len(found))
        return found

    def rows(session: Session, taxonomy: Taxonomy, since: datetime, company_ids: list[int] | None = None) -> Floats:
        found = rows_of(session, taxonomy, since, company_ids)
        counts.append((ids[-1], len(found)))
        return found

    monkeypatch.setattr(Facts, "read", read)
    monkeypatch.setattr(module, "rows_of", rows)
    return counts


@pytest.mark.parametrize("seed", range(4))
def test_all_is_as_in_the_database_whatever_changes(database: Database, tmp_path: Path, seed: int) -> None:
    make(database, 60, seed)
    random_ = random.Random(seed + 100)
    for step in range(6):
        with database.session() as session:
            assert known(opened(session, tmp_path)) == anew(session), step
            change_companies(session, random_)
            change_signals(session, random_)
        assign(database)
    assert len(list(tmp_path.glob(FOLDERS))) == 1


def test_only_what_changed_is_read(database: Database, tmp_path: Path, reads: list[tuple[int, int]]) -> None:
    make(database, 60)
    with database.session() as session:
        trading = len(list(session.scalars(select(Company).where(~Company.closed))))
        everything = len(rows_of(session, TAXONOMY, SINCE))
        opened(session, tmp_path)
        opened(session, tmp_path)
        session.get_one(Company, 7).headcount = 51
        session.flush()
        opened(session, tmp_path)
        tell(session, random.Random(5), dated=True)
        session.flush()
        (one,) = signals.companies_told_since(session, LONG_AGO + timedelta(days=1))
        of_both, of_first = (len(rows_of(session, TAXONOMY, SINCE, ids)) for ids in ([one, 7], [7]))
        opened(session, tmp_path)
    assert one != 7
    assert reads == [(trading, everything), (0, 0), (1, of_first), (1, of_both)]
    assert of_first < of_both < everything


def test_files_are_written_anew_when_much_changed(
    database: Database, tmp_path: Path, reads: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FEW", 5)
    monkeypatch.setattr(module, "_OVERLAP", timedelta())
    make(database, 60)
    with database.session() as session:
        opened(session, tmp_path)
        (first,) = tmp_path.glob(FOLDERS)
        session.execute(update(Company).where(Company.id <= 3).values(headcount=3))
        opened(session, tmp_path)
        assert list(tmp_path.glob(FOLDERS)) == [first]
        session.execute(update(Company).where(Company.id <= 6).values(headcount=4))
        then = known(opened(session, tmp_path))
        (second,) = tmp_path.glob(FOLDERS)
        assert second != first
        assert known(opened(session, tmp_path)) == then == anew(session)
    assert [companies for companies, _ in reads[1:4]] == [3, 6, 0]


def test_what_has_faded_goes_when_they_are_written_anew(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FEW", 5)
    make(database, 60)
    later = datetime(2026, 1, 1, tzinfo=UTC)
    with database.session() as session:
        rows = len(opened(session, tmp_path).rows)
        assert len(open_board(session, tmp_path, TAXONOMY, later).rows) == rows
        session.execute(update(Company).where(Company.id <= 6).values(headcount=4))
        left = open_board(session, tmp_path, TAXONOMY, later)
        again = open_board(session, tmp_path, TAXONOMY, later)
    assert 0 < len(left.rows) == len(again.rows) < rows
    assert left.rows[:, 4].min() >= later.toordinal()


def another(database: Database, folder: Path) -> Database:
    there = Database(f"sqlite:///{folder / 'other.db'}")
    upgrade(there)
    make(there, 60, seed=5)
    return there


def older(database: Database, folder: Path) -> Database:
    """The database as it was before a company changed that the files know."""
    copy = folder / "copy.db"
    with database.connection() as connection:
        connection.exec_driver_sql(f"VACUUM INTO '{copy}'")
    shutil.rmtree(next(folder.glob(FOLDERS)))
    with database.session() as session:
        session.get_one(Company, 8).headcount = 1
        session.flush()
        opened(session, folder)
    return Database(f"sqlite:///{copy}")


@pytest.mark.parametrize("change", [another, older])
def test_the_files_of_another_register_are_not_read(
    database: Database, tmp_path: Path, change: Callable[[Database, Path], Database]
) -> None:
    make(database, 60)
    with database.session() as session:
        opened(session, tmp_path)
    there = change(database, tmp_path)
    with there.session() as session:
        assert known(opened(session, tmp_path)) == anew(session)
    there.close()


def test_files_that_do_not_go_back_far_enough_are_written_anew(database: Database, tmp_path: Path) -> None:
    make(database, 60)
    with database.session() as session:
        open_board(session, tmp_path, TAXONOMY, datetime(2026, 3, 1, tzinfo=UTC))
        assert known(opened(session, tmp_path)) == anew(session)
        later = open_board(session, tmp_path, TAXONOMY, datetime(2026, 3, 1, tzinfo=UTC))
        assert known(later) == anew(session)


def test_a_register_of_no_company_has_a_board(database: Database, tmp_path: Path) -> None:
    with database.session() as session:
        assert known(opened(session, tmp_path)) == {}
    make(database, 3)
    with database.session() as session:
        assert known(opened(session, tmp_path)) == anew(session)


def test_what_is_open_stays_readable_when_another_process_writes_newer_files(
    database: Database, tmp_path: Path
) -> None:
    make(database, 60)
    with database.session() as session:
        opened(session, tmp_path)
        there = opened(session, tmp_path)
        shutil.rmtree(next(tmp_path.glob(FOLDERS)))
        assert known(there) == anew(session)
