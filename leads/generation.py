"""From the ranking to leads: hot companies become leads by themselves, and what is new joins those that are open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from leads import acceptance
from leads.assignment import give_out
from leads.lifecycle import join, move, open_lead
from leads.offers import Offer
from leads.points import lines, total
from leads.ranking import KEPT
from leads.stages import ASKED, FIRST
from store import leads, scores
from store.database import Database
from store.tables import Lead, Score, Signal


class Generated(NamedTuple):
    """How many leads were opened, how many open ones something new joined or what spoke for them left, how many that
    nobody had were given to a rep, and how many went to nurturing because their points fell too low.
    """

    opened: int
    joined: int
    retracted: int = 0
    given: int = 0
    cooled: int = 0


def generate(database: Database, offer: Offer, now: datetime) -> Generated:
    """Bring the leads of an offer up to its ranking.

    Signals that speak for a company join its open lead. Where the offer says so, a hot company without one becomes a
    lead that nobody has taken; one whose last lead was closed only when something happened since. What is nurtured
    comes back on its day, when something new joins it, or when it has enough of the offer's own points. What was denied
    since, or is about another company after all, is retracted. What nobody has is given to reps, as the offer's routing
    says. What has too few of the offer's own points goes to nurturing. Once a day the model of acceptance is learnt
    anew.
    """
    with database.session() as session:
        there = {one.company_id: one for one in leads.open_for(session, offer.name)}
        joined = 0
        for score in scores.of_companies(session, offer.name, there):
            lead = there[score.company_id]
            if join(session, lead, _speaking(score), now):
                _come_back(session, lead, now)
                joined += 1
        for lead in there.values():
            if lead.returns_on and lead.returns_on <= now.date():
                _come_back(session, lead, now)
        _warm(session, offer, there.values(), now)
        opened = _open_hot(session, offer, there, now) if offer.opens_leads else []
        retracted = leads.retract(session, offer.name, now)
        given = give_out(session, offer, [*there.values(), *opened], now)
        cooled = _cool(session, offer, there.values(), now)
        acceptance.learn(session, offer.name, now)
    return Generated(len(opened), joined, len(retracted), given, cooled)


def _open_hot(session: Session, offer: Offer, there: Collection[int], now: datetime) -> list[Lead]:
    """Make leads of the hot companies that are not `there` as one."""
    closed = leads.last_closed(session, offer.name)
    opened = []
    for score in scores.in_state(session, offer.name, "hot", limit=KEPT):
        found = _speaking(score)
        if score.company_id not in there and _is_new(found, closed.get(score.company_id)):
            lead, _ = open_lead(session, score.company, offer.name, found, origin="ranking", author="", now=now)
            opened.append(lead)
    return opened


def _cool(session: Session, offer: Offer, there: Iterable[Lead], now: datetime) -> int:
    """Let leads that nobody qualified yet go to nurturing when their points fall below the offer's minimum."""
    least = offer.scoring.minimum
    early = [] if least is None else [one for one in there if one.stage in ASKED]
    cooled = 0
    for lead, points in _points(session, offer, early, now):
        if least is not None and points < least:
            move(session, lead, "nurturing", "", now, points={"total": points, "minimum": least})
            cooled += 1
    return cooled


def _points(session: Session, offer: Offer, some: Sequence[Lead], now: datetime) -> Iterator[tuple[Lead, float]]:
    """Each of these leads with the points that the offer's own rules give it."""
    happened = leads.events(session, [one.id for one in some])
    for lead in some:
        yield lead, total(lines(offer.scoring, happened[lead.id], now))


def _warm(session: Session, offer: Offer, there: Iterable[Lead], now: datetime) -> None:
    """Let leads that are nurtured come back when their points reach what the offer asks for it."""
    enough = offer.scoring.comes_back
    nurtured = [] if enough is None else [one for one in there if one.stage == "nurturing"]
    for lead, points in _points(session, offer, nurtured, now):
        if enough is not None and points >= enough:
            _come_back(session, lead, now, {"total": points, "comes_back": enough})


def _come_back(session: Session, lead: Lead, now: datetime, points: Mapping[str, float] | None = None) -> None:
    """Let a lead that is nurtured be taken again, for its `points` maybe; who had it before keeps it."""
    if lead.stage == "nurturing":
        move(session, lead, FIRST, "", now, points=points)


def _speaking(score: Score) -> list[Signal]:
    """The signals that speak for a company, each once."""
    return list({one.signal.id: one.signal for one in score.lines if one.signal and one.points > 0}.values())


def _is_new(found: list[Signal], closed: datetime | None) -> bool:
    return closed is None or any(one.found_at > closed for one in found)
