"""What is in the pipeline: how many leads in each stage, what they are worth, how old they are, what stays too long."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from leads import offers
from leads.contract import Contract
from leads.quality import Share
from leads.stages import CLOSED, STAGES
from store import lead_figures
from store.lead_figures import StageTotal
from store.tables import Lead

_PAST = timedelta(days=182)  # of which what was won is counted
OPEN = tuple(one for one in STAGES if one not in CLOSED)


@dataclass(frozen=True)
class StageRow:
    """The open leads of a stage: how many, worth how many euros as far as that is known, and how likely it is won.

    `unknown` are those of whose worth nothing is known; `days` is how long they have been in the stage on average,
    `outside` how many of them for longer than their contracts say. `won` are, of the closed leads of half a year that
    reached the stage, those that were won.
    """

    stage: str
    number: int
    worth: float
    weighted: float
    unknown: int
    days: float
    outside: int
    won: Share


@dataclass(frozen=True)
class Pipeline:
    """The stages in order, and the leads that stay in theirs for too long, the longest first."""

    rows: tuple[StageRow, ...]
    outside: tuple[Lead, ...]

    @property
    def forecast(self) -> float:
        """What is to be expected of all, in euros: each stage's worth by how likely it is won."""
        return sum(one.weighted for one in self.rows)


def pipeline(session: Session, where: ColumnElement[bool], now: datetime, most: int = 50) -> Pipeline:
    """The pipeline of the leads that `where` chooses."""
    contracts = {one.name: one.contract for one in offers.current(session)}
    late = [
        (Lead.offer == name) & (Lead.stage == stage) & (Lead.stage_since < now - timedelta(days=days))
        for name, contract in contracts.items()
        for stage, days in contract.stage_days.items()
    ]
    found: defaultdict[str, list[StageTotal]] = defaultdict(list)
    for one in lead_figures.stage_totals(session, where, now, late):
        found[one.stage].append(one)

    def weighted(one: StageTotal) -> float:
        odds = contracts.get(one.offer, Contract()).odds
        return one.worth * next((likely for stage, likely in odds.items() if stage == one.stage), 0.0)

    rows, won = [], lead_figures.won_from(session, where, now - _PAST)
    for stage in OPEN:
        parts = found[stage]
        number = sum(one.number for one in parts)
        days = sum(one.days * one.number for one in parts) / number if number else 0.0
        unknown, outside = sum(one.unknown for one in parts), sum(one.late for one in parts)
        worth = sum(one.worth for one in parts)
        past = Share(*won.get(stage, (0, 0)))
        rows.append(StageRow(stage, number, worth, sum(map(weighted, parts)), unknown, days, outside, past))
    return Pipeline(tuple(rows), tuple(lead_figures.longest(session, where, late, limit=most)))
