"""Ranks the companies for an offer and stores each score with its ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, time, timedelta
from math import log2
from typing import Any

from sqlalchemy.orm import Session

from signals.changes import snapshot
from signals.offers import Offer
from signals.scoring import FADED, Line, fit, state, timing, total
from signals.types import Taxonomy
from store import companies, scores, signals
from store.database import Database
from store.tables import Company, LedgerLine, Score, Signal

_BATCH = 500


def _score(
    offer: Offer,
    company: Company,
    told: list[Signal],
    taxonomy: Taxonomy,
    today: date,
    before: dict[str, Any] | None,
) -> Score | None:
    """The company's score, or None when there is nothing to say: no fit, no event, and no lead before."""
    lines: list[Line] = [*fit(offer, company, today), *timing(offer, told, taxonomy, today)]
    reached = state(offer, lines)
    was_a_lead = before is not None and before["state"] != "none"
    if reached == "none" and not was_a_lead and not any(line.part == "timing" for line in lines):
        return None
    score = Score(
        offer=offer.name,
        company_id=company.id,
        fit=total(lines, "fit"),
        timing=total(lines, "timing"),
        state=reached,
        day=today,
        lines=[
            LedgerLine(part=line.part, points=line.points, kind=line.kind, facts=line.values, signal_id=line.signal_id)
            for line in lines
        ],
    )
    same = before is not None and all(before[name] == getattr(score, name) for name in ("fit", "timing", "state"))
    score.before = None if same else before
    return score


def horizon(offer: Offer, taxonomy: Taxonomy) -> timedelta:
    """How long the slowest type counts."""
    return timedelta(days=max(offer.half_life(taxonomy, kind) for kind in taxonomy.types) * -log2(FADED))


def _earlier(session: Session, offer: str, today: date) -> dict[int, dict[str, Any]]:
    """What each company's score was on the last earlier day that it was ranked."""
    found = {}
    for score in scores.all_of(session, offer):
        if score.day is not None and score.day < today:
            found[score.company_id] = snapshot(score)
        elif score.before is not None:
            found[score.company_id] = score.before
    return found


def rank(
    database: Database,
    offer: Offer,
    taxonomy: Taxonomy,
    today: date,
    candidates: Collection[int] | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Counter[str]:
    """Score every company for the offer; the offer's new scores take the place of the old. Counts the states.

    `candidates` are the companies of which a signal may count; None: any may.
    """
    since = datetime.combine(today, time(), UTC) - horizon(offer, taxonomy)
    found: list[Score] = []
    done = 0
    with database.session() as session:
        earlier = _earlier(session, offer.name, today)
        for batch in companies.in_batches(session, _BATCH):
            there = [company for company in batch if offer.covers(company.department, company.country)]
            heard = [company.id for company in there if candidates is None or company.id in candidates]
            told = signals.of_companies(session, heard, since, with_texts=bool(offer.keywords))
            made = (
                _score(offer, company, told.get(company.id, []), taxonomy, today, earlier.get(company.id))
                for company in there
            )
            found += [score for score in made if score]
            done += len(batch)
            progress(done)
    with database.session() as session:
        scores.replace(session, offer.name, found)
    return Counter(score.state for score in found)
