"""Three months of an invented team's work on leads, so that every page of the demonstration shows something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from leads import lifecycle
from leads.offers import Offer
from signals.types import default_taxonomy
from store import leads, offers, reps
from store.database import Database
from store.tables import Company, Lead, Rep, Signal

TEAM = (
    ("zoe.lambert@vigie.example", "Sud", "field", ("69", "38", "42")),
    ("karim.belhadj@vigie.example", "Sud", "inside", ()),
    ("ines.moreau@vigie.example", "Nord", "field", ()),
    ("leo.marchand@vigie.example", "Nord", "inside", ()),
    ("tom.price@vigie.example", "Export", "partner", ("GB", "DE", "US")),
)
"""Who sells: the address, the team, the channel and the territory."""
_DAYS, _LEADS = 88, 240  # tried; a company has one open lead at a time
_ENDS = ("won", "won", "lost", "lost", "lost", "refused", "refused", "returned", "returned")
_LIKELY_ENDS = _ENDS[:-3]
_TO_SELL_TO = {"growing", "new_sites"}
"""The families of signals after which most companies agree to meet, as the suggestions are to find out."""
_REASONS = ("postponed", "postponed", "no_budget", "wrong_contact", "not_our_product")
_LOST = ("équipés chez un concurrent", "budget refusé par la direction", "site fermé")
_VERDICTS = (*("useful",) * 6, *("not_for_me",) * 2, "old", "wrong_type")
_NEEDS = ("automatiser une ligne", "remplacer deux presses", "robot de palettisation", "banc de contrôle")
_WHO = ("Directeur industriel", "Responsable production", "Directrice des achats", "DAF")
_WHEN = ("avant l'été", "au prochain trimestre", "à l'ouverture du site", "cette année")


class _Work:
    """The work on one lead, with a clock of its own that never passes the present."""

    def __init__(self, session: Session, lead: Lead, owner: Rep, end: datetime, chance: Random) -> None:
        self._session, self._lead, self._owner, self._chance = session, lead, owner, chance
        self._at, self._end = lead.opened_at, end

    def wait(self, fewest: float, most: float) -> bool:
        """Let so many hours pass; False where that is still to come."""
        self._at += timedelta(hours=self._chance.uniform(fewest, most))
        return self._at < self._end

    def accept(self) -> None:
        """Take it."""
        lifecycle.take(self._session, self._lead, self._owner, self._at)

    def call(self, result: str) -> None:
        """Note a call."""
        lifecycle.call(self._session, self._lead, self._owner.email, result, now=self._at)

    def learn(self, **values: object) -> None:
        """Write down what became known."""
        lifecycle.fill_in(self._session, self._lead, self._owner.email, self._at, **values)

    def move(self, stage: str, reason: str = "", returned: str = "") -> None:
        """Move it to another stage."""
        author = self._owner.email
        lifecycle.move(self._session, self._lead, stage, author, self._at, reason=reason, returned=returned)

    def go(self, end: str, *, is_likely: bool) -> None:
        """Work on it as far as time allows, to an end; it `is_likely` that the company agrees to meet."""
        chance = self._chance
        if not self.wait(0.5, 40):
            return
        if not is_likely and chance.random() < 0.6:
            self.move("lost", reason=chance.choice(_LOST))
            return
        self.accept()
        while chance.random() < 0.55 and self.wait(1, 30):
            self.call(chance.choice(("not_reached", "not_reached", "gatekeeper", "call_back")))
        if not self.wait(1, 60):
            return
        if end in ("returned", "refused"):
            self.call(chance.choice(("refused", "talked")))
            if end == "returned":
                self.move("nurturing", returned=chance.choice(_REASONS))
            else:
                self.move("lost", reason=chance.choice(_LOST))
            return
        self.call("meeting" if chance.random() < (0.6 if is_likely else 0.15) else "talked")
        self.learn(need=chance.choice(_NEEDS), decision_maker=chance.choice(_WHO), phone="+33 4 00 00 00 00")
        if not self.wait(2, 120):
            return
        self.move("sales_qualified")
        if end == "lost" and chance.random() < 0.5:
            self.move("lost", reason=chance.choice(_LOST))
            return
        worth = float(chance.randrange(15, 180) * 1000)
        self.learn(timeframe=chance.choice(_WHEN), budget=worth)
        lifecycle.make_project(self._session, self._lead, self._owner.email, self._at)
        if not self.wait(24, 300):
            return
        self.move("opportunity")
        if not self.wait(48, 500):
            return
        if end == "won":
            self.learn(amount=worth)
            self.move("won")
        else:
            self.move("lost", reason=chance.choice(_LOST))


def _speaking(session: Session, company: Company) -> Sequence[Signal]:
    """What the press told of a company, which stands for what made its earlier leads."""
    query = select(Signal).where(Signal.company_id == company.id)
    return list(session.scalars(query.order_by(Signal.sentence, Signal.type).limit(3)))  # in no order of fetching


def _judge(session: Session, team: Sequence[Rep], now: datetime) -> None:
    """Let the team say what it thinks of signals; one of a name that two take for another company's."""
    chance = Random(9)  # noqa: S311
    query = select(Signal).where(Signal.company_id.is_not(None))
    told = list(session.scalars(query.order_by(Signal.sentence, Signal.type)))
    for number, signal in enumerate(told):
        reps.give_feedback(session, team[number % len(team)], signal.id, chance.choice(_VERDICTS), now)
    for rep in team[1:3]:
        reps.give_feedback(session, rep, told[len(told) // 2].id, "wrong_company", now, "Voltrix Formation")


def invent(database: Database, offer: Offer, now: datetime) -> int:
    """Give the team its profiles and invent its work for an offer until today; returns how many leads there were."""
    now = now.replace(hour=0, minute=0, second=0, microsecond=0)  # whatever the hour, the same story
    chance, made = Random(37), 0  # noqa: S311 (a story, no secret)
    with database.session() as session:
        team = [reps.by_email(session, email) for email, *_ in TEAM]
        for rep, (_, name, channel, territory) in zip(team, TEAM, strict=True):
            profile = leads.profile_of(session, rep.id)
            profile.team, profile.channel, profile.territory = name, channel, list(territory)
        offers.give(session, offer.name, team)
        for rep in reps.everyone(session):
            if rep not in team:
                leads.profile_of(session, rep.id).most_open = 0  # who manages is given none
        told = select(Signal.company_id).where(Signal.company_id.is_not(None))
        companies = list(session.scalars(select(Company).where(Company.id.in_(told)).order_by(Company.id)))
        for number in range(_LEADS):
            start = now - timedelta(days=_DAYS * (1 - number / _LEADS))
            start = start.replace(hour=9 + number % 8, minute=number * 7 % 60)
            company = companies[number * 7 % len(companies)]
            if start >= now or (company.id, offer.name) in leads.open_ones(session, [company.id]):
                continue
            owner = team[number % len(team)]
            speaking = _speaking(session, company)
            lead, _ = lifecycle.open_lead(
                *(session, company, offer.name, speaking), origin="ranking", author="", now=start
            )
            lifecycle.assign(session, lead, owner, "", start)
            families = {default_taxonomy().family_of(one.type).family for one in speaking[:1]}
            is_likely = bool(families & _TO_SELL_TO)
            end = chance.choice(_LIKELY_ENDS if is_likely else _ENDS)
            _Work(session, lead, owner, now, chance).go(end, is_likely=is_likely)
            made += 1
        _judge(session, team, now)
    return made
