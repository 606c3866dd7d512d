"""What goes into a rep's mail: hot leads of what the rep sells, then what they follow, then potential leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal, get_args

from sqlalchemy.orm import Session

from leads import offers
from leads.offers import Offer
from store import offers as given
from store import reps, scores
from store.database import Database
from store.reps import Fresh, ToldBefore
from store.tables import Company, Rep, Signal
from watch.news import News, news_of, recent_news_of
from watch.watchlists import held_for_all

Part = Literal["hot", "watched", "potential"]
State = Literal["hot", "potential"]
STATES: tuple[State, ...] = get_args(State)
_LEADS = 30  # of each kind and offer are looked at, the best first


@dataclass(frozen=True)
class Chosen:
    """A signal to be told on a company, in which part of the mail.

    `told_as` is how its story was told before, `offer` for which one the company is a lead, where it is.
    """

    signal: Signal
    company: Company
    part: Part
    told_as: frozenset[str] = frozenset()
    offer: Offer | None = None


@dataclass(frozen=True)
class Lead:
    """A company that is a lead for an offer, with the news of the last month that makes it one."""

    offer: Offer
    company: Company
    news: tuple[Signal, ...]


class Leads:
    """The leads of each offer with their news, read once for the mails of all reps, when the first needs them."""

    def __init__(self, database: Database, since: datetime) -> None:
        self._database, self._since = database, since
        self._read: dict[State, dict[str, list[Lead]]] = {}

    def _in_state(self, state: State) -> dict[str, list[Lead]]:
        """The leads in a state, by offer."""
        if state not in self._read:
            with self._database.reading() as session:
                self._read[state] = {
                    offer.name: [
                        Lead(offer, company, tuple(news))
                        for company, news in scores.with_news(session, offer.name, state, self._since, limit=_LEADS)
                    ]
                    for offer in offers.current(session)
                }
        return self._read[state]

    def of(self, names: Iterable[str], state: State) -> list[Lead]:
        """The leads in a state of the offers of these names."""
        return [one for name in names for one in self._in_state(state).get(name, ())]


def _wished(session: Session, rep: Rep) -> list[str]:
    """The offers whose leads a rep is told: of those that were given to them, the ones they wish for."""
    return [name for name in given.of_rep(session, rep) if rep.offer in ("", name)]


def choose(session: Session, rep: Rep, leads: Leads, fresh: Fresh, now: datetime) -> list[Chosen]:
    """What is new for a rep: each signal once, in the first part that has it; a company stands in one part only."""
    news = news_of(session, rep, fresh, now, with_held=False)
    wished = _wished(session, rep)
    known = {state: leads.of(wished, state) for state in STATES}
    candidates = _candidates(session, rep, known, fresh)
    told = reps.told_of(session, rep, [*(one.signal for one in news), *(signal for signal, _ in candidates)])
    untold = [(one, company) for one, company in candidates if one.id not in told.signals and not told.has(one)]
    return _placed(known, news, untold, told)


def choose_recent(session: Session, rep: Rep, leads: Leads, since: datetime, now: datetime) -> list[Chosen]:
    """What was published since then for a rep, told before or not: as in a digest, without the potential leads."""
    known: dict[State, list[Lead]] = {"hot": leads.of(_wished(session, rep), "hot")}
    candidates = _candidates(session, rep, known, Fresh(since))
    return _placed(known, recent_news_of(session, rep, since, now), candidates, ToldBefore())


def _candidates(
    session: Session, rep: Rep, known: Mapping[State, Sequence[Lead]], fresh: Fresh
) -> list[tuple[Signal, Company]]:
    """The fresh news of what a rep could sell to, and did not mute."""
    muted = reps.muted(session, rep)
    of_leads = (lead for leads in known.values() for lead in leads if lead.company.id not in muted)
    return [(signal, lead.company) for lead in of_leads for signal in lead.news if fresh.has(signal)]


def _placed(
    known: Mapping[State, Sequence[Lead]],
    news: Iterable[News],
    candidates: Iterable[tuple[Signal, Company]],
    told: ToldBefore,
) -> list[Chosen]:
    followed = [(one.signal, one.company) for one in news if one.company]
    place: dict[int, Part] = {}
    in_parts: dict[Part, list[int]] = {
        "hot": [lead.company.id for lead in known.get("hot", ())],
        "watched": [company.id for _, company in followed],
        "potential": [lead.company.id for lead in known.get("potential", ())],
    }
    for part, ids in in_parts.items():
        for number in ids:
            place.setdefault(number, part)
    found = {signal.id: (signal, company) for signal, company in followed}
    for signal, company in candidates:
        if held_for_all(signal) is None:
            found.setdefault(signal.id, (signal, company))
    sold: dict[int, Offer] = {}
    for lead in (lead for leads in known.values() for lead in leads):
        sold.setdefault(lead.company.id, lead.offer)
    chosen = [
        Chosen(one, company, place[company.id], told.standings(one), sold.get(company.id))
        for one, company in found.values()
    ]
    return sorted(chosen, key=lambda one: _newest_first(one.signal))


def choose_urgent(session: Session, rep: Rep, fresh: Fresh, now: datetime, local: time) -> list[Chosen]:
    """What is new on the lists that want a mail at once, and have no quiet hours at the rep's time of day."""
    found = []
    for one in news_of(session, rep, fresh, now, with_held=False):
        wanted = any(
            following.content.delivery == "immediate" and not following.content.is_quiet(local)
            for following in one.lists
        )
        if one.company and wanted:
            found.append((one.signal, one.company))
    earlier = reps.told_of(session, rep, [signal for signal, _ in found])
    return [Chosen(signal, company, "watched", earlier.standings(signal)) for signal, company in found]


def _newest_first(signal: Signal) -> tuple[float, int]:
    return (-signal.published_at.timestamp() if signal.published_at else 0.0, signal.id)
