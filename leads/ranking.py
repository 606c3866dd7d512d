"""Ranks the companies for an offer and stores each score with its ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from math import log2
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from leads.board import Board, SignalColumns, leads
from leads.changes import dropped, snapshot
from leads.facts import Flags, Ints
from leads.keywords import KeywordFilter, left_out
from leads.offers import Offer
from leads.scoring import FADED, Line, fit, state, timing, total
from signals.types import Taxonomy
from store import companies, scores, signals
from store.base import in_chunks
from store.database import Database
from store.tables import Company, LedgerLine, Score, Signal

KEPT = 2000  # of the best hot and of the best potential leads of an offer the ledgers are stored


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
    there: Board,
    offer: Offer,
    taxonomy: Taxonomy,
    today: date,
    worded: KeywordFilter | None = None,
) -> Counter[str]:
    """Score all companies for the offer, and store the best leads with their ledgers in place of those it had.

    What was stored before and is no lead any more is stored as such, with what it was. `there` is what is known of all
    companies, from the first signal that counts on; `worded` tells which articles may have the offer's words; None:
    all may. Returns how many companies are hot and potential leads.
    """
    since = datetime.combine(today, time(), UTC) - horizon(offer, taxonomy)
    with database.reading() as session:
        earlier = _earlier(session, offer.name, today)
        facts, columns = there.facts, there.columns
        fits = facts.fit(offer, today)
        counted = apply_keywords(session, offer, columns, fits >= offer.thresholds.fit, worded)
        timings = columns.timing(offer, taxonomy, today, len(facts.ids), counted)
        best = leads(offer, fits, timings, KEPT)
        ids = {*facts.ids[best.hot].tolist(), *facts.ids[best.potential].tolist()}
        found = list(_scores(session, offer, taxonomy, today, since, ids, earlier))
    with database.session() as session:
        scores.replace(session, offer.name, found)
    return Counter(best.count)


def apply_keywords(
    session: Session, offer: Offer, columns: SignalColumns, fits: Flags, worded: KeywordFilter | None = None
) -> Flags | None:
    """Which signals the offer's words let count, of those on companies that fit; None where it asks for no words.

    Articles are read for it: those of `worded`, or all.
    """
    if not offer.keywords:
        return None
    found: Flags = fits[columns.company]
    read = found
    if worded:
        wanted, unwanted = _are_in(columns.id, worded.wanted or ()), _are_in(columns.id, worded.unwanted)
        found = found & wanted if worded.wanted is not None else found
        read = found & (wanted | unwanted)
    at = {int(columns.id[place]): place for place in np.flatnonzero(read)}
    for number, text in signals.texts(session, at):
        found[at[number]] = left_out(offer.keywords, text) is None
    return found


def _are_in(ids: Ints, some: Collection[int]) -> Flags:
    return np.isin(ids, np.fromiter(some, np.int64, len(some)))


def _scores(
    session: Session,
    offer: Offer,
    taxonomy: Taxonomy,
    today: date,
    since: datetime,
    ids: set[int],
    earlier: dict[int, dict[str, Any]],
) -> Iterator[Score]:
    """The scores of leads, and of what was one on the last earlier day."""
    were = {number for number, before in earlier.items() if before["state"] != "none"}
    for some in in_chunks(sorted(ids | were)):
        told = signals.of_companies(session, some, since, with_texts=bool(offer.keywords))
        for company in companies.by_ids(session, some).values():
            score = _score(offer, company, told.get(company.id, []), taxonomy, today, earlier.get(company.id))
            if company.id in ids or dropped(score):
                yield score


def _score(
    offer: Offer,
    company: Company,
    told: list[Signal],
    taxonomy: Taxonomy,
    today: date,
    before: dict[str, Any] | None,
) -> Score:
    lines: list[Line] = [*fit(offer, company, today), *timing(offer, told, taxonomy, today)]
    score = Score(
        offer=offer.name,
        company_id=company.id,
        fit=total(lines, "fit"),
        timing=total(lines, "timing"),
        state=state(offer, lines),
        day=today,
        lines=[
            LedgerLine(part=line.part, points=line.points, kind=line.kind, facts=line.values, signal_id=line.signal_id)
            for line in lines
        ],
    )
    same = before is not None and all(before[name] == getattr(score, name) for name in ("fit", "timing", "state"))
    score.before = None if same else before
    return score
