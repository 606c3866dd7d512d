"""What goes into a rep's mail: hot leads of what the rep sells, then what they follow, then potential leads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

from sqlalchemy.orm import Session

from signals import offers
from signals.telling import news_of
from signals.watchlists import content_of, held_for_all
from store import reps, scores
from store.tables import Company, Rep, Score, Signal

Part = Literal["hot", "watched", "potential"]
_LEADS = 30  # of each kind and offer are looked at, the best first
_NONE = "-"


@dataclass(frozen=True)
class Chosen:
    """A signal to be told on a company, in which part of the mail; `known` when its story was told before."""

    signal: Signal
    company: Company
    part: Part
    known: bool = False


def _leads(session: Session, rep: Rep, state: Literal["hot", "potential"]) -> list[Score]:
    if rep.offer == _NONE:
        return []
    names = [offer.name for offer in offers.current(session) if rep.offer in ("", offer.name)]
    return [score for name in names for score in scores.in_state(session, name, state, limit=_LEADS)]


def _fresh(score: Score, since: datetime) -> Iterable[Signal]:
    """The signals that make a lead timely and were published since then."""
    for line in score.lines:
        signal = line.signal
        if signal is not None and line.points > 0 and signal.published_at and signal.published_at >= since:
            yield signal


def choose(session: Session, rep: Rep, since: datetime, now: datetime) -> list[Chosen]:
    """What is new for a rep: each signal once, in the first part that has it; a company stands in one part only."""
    followed = [one for one in news_of(session, rep, since, now) if one.held is None and one.company]
    leads = {state: _leads(session, rep, state) for state in ("hot", "potential")}
    place: dict[int, Part] = {}
    in_parts: dict[Part, list[int]] = {
        "hot": [score.company_id for score in leads["hot"]],
        "watched": [one.company.id for one in followed if one.company],
        "potential": [score.company_id for score in leads["potential"]],
    }
    for part, ids in in_parts.items():
        for number in ids:
            place.setdefault(number, part)
    found = {one.signal.id: (one.signal, one.company) for one in followed if one.company}
    candidates = [
        (signal, score.company) for kind in leads.values() for score in kind for signal in _fresh(score, since)
    ]
    told = reps.told_of(session, rep, [signal for signal, _ in candidates])
    for signal, company in candidates:
        if signal.id not in told.signals and not told.has(signal) and held_for_all(signal) is None:
            found.setdefault(signal.id, (signal, company))
    earlier = reps.told_of(session, rep, [signal for signal, _ in found.values()])
    chosen = [
        Chosen(signal, company, place[company.id], signal.story_id in earlier.stories)
        for signal, company in found.values()
    ]
    return sorted(chosen, key=lambda one: _newest_first(one.signal))


def choose_urgent(session: Session, rep: Rep, since: datetime, now: datetime, local: time) -> list[Chosen]:
    """What is new on the lists that want a mail at once, and have no quiet hours at the rep's time of day."""
    found = []
    for one in news_of(session, rep, since, now):
        contents = [content_of(watchlist) for watchlist in one.lists]
        wanted = any(content.delivery == "immediate" and not content.is_quiet(local) for content in contents)
        if one.held is None and one.company and wanted:
            found.append((one.signal, one.company))
    earlier = reps.told_of(session, rep, [signal for signal, _ in found])
    return [Chosen(signal, company, "watched", signal.story_id in earlier.stories) for signal, company in found]


def _newest_first(signal: Signal) -> tuple[float, int]:
    return (-signal.published_at.timestamp() if signal.published_at else 0.0, signal.id)
