"""How long it takes to rank all companies for an offer, against the same ranking done by SQL in the same run."""

from __future__ import annotations

import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.memory import resident
from leads.board import Leads, SignalColumns, leads
from leads.facts import Facts, Floats
from leads.offers import Offer
from leads.scoring import FADED, LOST_A_DAY, MOST_LOST, QUIET_DAYS
from signals.types import default_taxonomy

TODAY = date(2026, 3, 10)
TAXONOMY = default_taxonomy()
FIRST = 100
_SIZES = [(10_000, 12_500), (100_000, 125_000), (1_000_000, 1_250_000), (4_000_000, 5_000_000)]
SMALLEST = ([(1_000, 1_250)],)
OFFER = Offer.model_validate(
    {
        "name": "bench",
        "fit": [
            {"criterion": "naf", "in": ["10", "20", "22", "25", "26", "27", "28"], "points": 30},
            {"criterion": "headcount", "min": 50, "max": 5000, "points": 20},
            {"criterion": "turnover", "min": 2e6, "points": 10},
            {"criterion": "country", "in": ["FR"], "points": 10},
        ],
        "families": {"difficulty": -1, "buzz": 0.5},
    }
)


def made(size: int, count: int) -> tuple[Facts, SignalColumns]:
    """So many companies of random facts, and so many random signals of the last two years on them."""
    random = np.random.default_rng(1)
    codes = np.array([f"{one:04d}Z" for one in range(1000, 9700, 12)], object)
    facts = Facts({one.criterion for one in OFFER.fit})
    facts.add(
        np.arange(1, size + 1),
        {
            "department": np.array([f"{one:02d}" for one in range(1, 96)], object)[random.integers(0, 95, size)],
            "country": np.full(size, "FR", object),
            "naf": codes[random.integers(0, len(codes), size)],
            "headcount": np.full(size, None, object),
            "headcount_band": np.array(["01", "11", "21", "31", None], object)[random.integers(0, 5, size)],
            "turnover": np.where(random.random(size) < 0.3, random.lognormal(14, 2, size), np.nan),
        },
    )
    company = np.sort(random.zipf(1.3, count) % size).astype(np.int64)
    story = np.cumsum((random.random(count) < 0.6) | (np.diff(company, prepend=-1) != 0))
    kinds = tuple(TAXONOMY.types)
    day = TODAY.toordinal() - random.integers(0, 730, count)
    kind = random.integers(0, len(kinds), count)[story - 1]  # one type a story
    numbers = np.arange(count)
    return facts, SignalColumns(numbers, company, story, kind, day, day, numbers, random.random(count), kinds)


def in_sql(facts: Facts, told: SignalColumns, fits: Floats) -> sqlite3.Connection:
    """The same in tables, with what each type weighs, in memory and indexed."""
    there = sqlite3.connect(":memory:")
    there.create_function("power", 2, pow, deterministic=True)
    there.execute("CREATE TABLE company (id INTEGER PRIMARY KEY, fit REAL)")
    there.execute("CREATE TABLE kind (id INTEGER PRIMARY KEY, weight REAL, half_life REAL)")
    there.execute("CREATE TABLE signal (company INTEGER, story INTEGER, kind INTEGER, day INTEGER, sure REAL)")
    there.executemany("INSERT INTO company VALUES (?, ?)", enumerate(fits.tolist()))
    for number, name in enumerate(told.kinds):
        weight = TAXONOMY.types[name].weight * OFFER.factor(TAXONOMY.family_of(name).family, name)
        there.execute("INSERT INTO kind VALUES (?, ?, ?)", (number, weight, OFFER.half_life(TAXONOMY, name)))
    columns = (one.tolist() for one in (told.company, told.story, told.kind, told.day, told.weight))
    there.executemany("INSERT INTO signal VALUES (?, ?, ?, ?, ?)", zip(*columns, strict=True))
    there.execute("CREATE INDEX by_company ON signal (company, story)")
    return there


RANKING = """
WITH weighed AS (
    SELECT company, story, day, weight * sure * power(0.5, (:today - day) / half_life) AS points
    FROM signal JOIN kind ON kind.id = kind
    WHERE power(0.5, (:today - day) / half_life) >= :faded AND weight <> 0
), told AS (
    SELECT company, CASE WHEN max(points) >= -min(points) THEN max(points) ELSE min(points) END AS best,
           max(CASE WHEN points > 0 THEN day END) AS last
    FROM weighed GROUP BY company, story
), timed AS (
    SELECT company, sum(best) - coalesce(
        min(:most, :lost * max(:today - max(last) - :quiet, 0)) * sum(max(best, 0)), 0) AS timing
    FROM told GROUP BY company
)
SELECT company, timing FROM timed JOIN company ON company.id = company
WHERE fit >= :fit AND timing >= :timing ORDER BY timing DESC, fit DESC, company LIMIT :first
"""
ASKED = {"today": TODAY.toordinal(), "faded": FADED, "most": MOST_LOST, "lost": LOST_A_DAY}
ASKED |= {"quiet": QUIET_DAYS, "first": FIRST}


def _seconds(work: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def main(sizes: list[tuple[int, int]]) -> None:
    """Print a row for each number of companies and signals."""
    table = Table("companies", "signals", "ms", "with fit anew", "by SQL", "ratio", "MB", title="ranking, limit 100 ms")
    for size, count in sizes:
        before = resident()
        facts, told = made(size, count)
        fits = facts.fit(OFFER, TODAY)
        held = resident() - before

        def ranked(facts: Facts = facts, told: SignalColumns = told, fits: Floats = fits) -> Leads:
            return leads(OFFER, fits, told.timing(OFFER, TAXONOMY, TODAY, len(facts.ids)), FIRST)

        warm = _seconds(ranked, 15)
        fit_anew = _seconds(lambda facts=facts: facts.fit(OFFER, TODAY), 5)  # type: ignore[misc]
        there = in_sql(facts, told, fits)
        asked = ASKED | {"fit": OFFER.thresholds.fit, "timing": OFFER.thresholds.timing}
        rows = there.execute(RANKING, asked).fetchall()
        timings = told.timing(OFFER, TAXONOMY, TODAY, len(facts.ids))[ranked().hot]
        if not np.allclose([timing for _, timing in rows], timings):
            raise SystemExit("SQL ranks otherwise")
        sql = _seconds(lambda there=there, asked=asked: there.execute(RANKING, asked).fetchall(), 3)  # type: ignore[misc]
        there.close()
        times = (f"{one * 1000:,.1f}" for one in (warm, warm + fit_anew, sql))
        table.add_row(f"{size:,}", f"{count:,}", *times, f"{sql / warm:.1f}", f"{held / 1e6:,.0f}")
    Console().print(table)


if __name__ == "__main__":
    main(_SIZES[: int(sys.argv[1])] if sys.argv[1:] else _SIZES)
