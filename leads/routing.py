"""Whose a lead becomes, and why: rules in order, and a choice among those whom the first that fits leaves. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal, get_args

from pydantic import Field

from companies.criteria import value_of
from leads.conditions import Condition, Place, Strict, is_within
from store.tables import Company

Channel = Literal["field", "inside", "partner", "web"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
Customer = Literal["simple", "repeat", "framework"]
CUSTOMERS: tuple[Customer, ...] = get_args(Customer)
Origin = Literal["ranking", "page", "mail", "import", "api"]
ORIGINS: tuple[Origin, ...] = get_args(Origin)
Choice = Literal["load", "turn", "cost"]
_NEVER = datetime.min.replace(tzinfo=UTC)


class Rule(Strict):
    """Which leads it is for, and to whom they go. What is left out asks for nothing.

    For leads of companies in one of the places of `territory` that meet all conditions of `company`, of a `kind` (`tip`
    or `project`) and an `origin`, with at least `min_points` of fit and timing together, and of a `customer` who bought
    nothing yet (`simple`), bought before (`repeat`) or has a framework contract (`framework`).

    They go to one of the `reps` (addresses) who sell through one of the `channels`, in the `team`, and have all of the
    `skills`. Among these `choose` takes whoever has the fewest open leads (`load`), had none for longest (`turn`), or
    sells through the channel that costs least (`cost`).
    """

    name: str = Field(default="", max_length=100)
    territory: tuple[Place, ...] = ()
    company: tuple[Condition, ...] = ()
    kind: Literal["tip", "project"] | None = None
    origin: Origin | None = None
    min_points: float | None = None
    customer: Customer | None = None
    channels: tuple[Channel, ...] = ()
    team: str = ""
    skills: tuple[str, ...] = ()
    reps: tuple[str, ...] = ()
    choose: Choice = "load"


@dataclass(frozen=True)
class Case:
    """What is known of a lead that is to be given to somebody; `points` are those of fit and timing together."""

    company: Company
    kind: str
    origin: str
    points: float = 0.0
    customer: str = "simple"


@dataclass(frozen=True)
class Seller:
    """A rep who sells an offer: how, where, how many open leads they have, and when they were last given one."""

    id: int
    name: str
    email: str
    team: str = ""
    channel: str = "field"
    skills: tuple[str, ...] = ()
    territory: tuple[str, ...] = ()
    most_open: int | None = None
    open: int = 0
    last_given: datetime | None = None
    away: tuple[date | None, date | None] = (None, None)
    stand_in: int | None = None

    def is_away(self, day: date) -> bool:
        """Whether they are away on a day; both ends are meant, and one that is not known is open."""
        start, end = self.away
        return (start is not None or end is not None) and (start or day) <= day <= (end or day)

    def has_room(self) -> bool:
        """Whether they may be given one more."""
        return self.most_open is None or self.open < self.most_open


@dataclass(frozen=True)
class Routed:
    """To whom a lead goes by which rule (its number from 1, and its name), chosen how `among` so many.

    `instead_of` is the name of whom it would have gone to, had they not been away.
    """

    seller: Seller
    number: int
    rule: str
    choose: Choice
    among: int
    instead_of: str = ""

    @property
    def facts(self) -> dict[str, str | int]:
        """What an event keeps of it."""
        return {
            "number": self.number,
            "rule": self.rule,
            "choose": self.choose,
            "among": self.among,
            "open": self.seller.open,
            "instead_of": self.instead_of,
        }


def fits(rule: Rule, case: Case, today: date) -> bool:
    """Whether a rule is for a lead."""
    return (
        is_within(rule.territory, case.company.department, case.company.country)
        and all(one.met_by(value_of(case.company, one.criterion, today)) for one in rule.company)
        and rule.kind in (None, case.kind)
        and rule.origin in (None, case.origin)
        and (rule.min_points is None or case.points >= rule.min_points)
        and rule.customer in (None, case.customer)
    )


def _may(rule: Rule, seller: Seller, company: Company) -> bool:
    return (
        (not rule.channels or seller.channel in rule.channels)
        and rule.team in ("", seller.team)
        and {one.casefold() for one in rule.skills} <= {one.casefold() for one in seller.skills}
        and (not rule.reps or seller.email in rule.reps)
        and is_within(seller.territory, company.department, company.country)
    )


class Sellers:
    """Those who sell an offer, and how much each has to do, which grows with what they are given."""

    def __init__(self, sellers: Iterable[Seller], costs: Mapping[Channel, float] | None = None) -> None:
        self._all = {one.id: one for one in sellers}
        self._costs = {str(channel): cost for channel, cost in (costs or {}).items()}

    def route(self, rules: Sequence[Rule], case: Case, now: datetime, without: Collection[int] = ()) -> Routed | None:
        """Whose a lead becomes: by the first rule that is for it and finds somebody; None where none does.

        Who is away is stood in for, where that is said and the other has room. Those `without` are passed over.
        """
        today = now.date()
        for number, rule in enumerate(rules, 1):
            if not fits(rule, case, today):
                continue
            found: dict[int, tuple[Seller, str]] = {}
            for seller in self._all.values():
                if not _may(rule, seller, case.company):
                    continue
                there, name = self._there(seller, today)
                if there and there.has_room() and there.id not in without and (there.id not in found or not name):
                    found[there.id] = there, name
            if found:
                seller, name = min(found.values(), key=lambda one: self._order(rule.choose, one[0]))
                return Routed(seller, number, rule.name, rule.choose, len(found), name)
        return None

    def give(self, seller: Seller, now: datetime) -> None:
        """Note that somebody was given one more."""
        there = self._all[seller.id]
        self._all[seller.id] = replace(there, open=there.open + 1, last_given=now)

    def _there(self, seller: Seller, today: date) -> tuple[Seller | None, str]:
        """Who does what a seller is to do on a day, and the seller's name where that is another."""
        if not seller.is_away(today):
            return seller, ""
        other = self._all.get(seller.stand_in) if seller.stand_in is not None else None
        return (other, seller.name) if other and not other.is_away(today) else (None, "")

    def _order(self, choose: Choice, seller: Seller) -> tuple[float, float, datetime, int]:
        given = seller.last_given or _NEVER
        cost = self._costs.get(seller.channel, 0.0) if choose == "cost" else 0.0
        return cost, 0 if choose == "turn" else seller.open, given, seller.id
