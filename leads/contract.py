"""The contract between those who find leads and those who sell: what is expected, and until when. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, model_validator

from leads.conditions import Strict

Return = Literal[
    "postponed", "wrong_contact", "no_budget", "not_our_product", "wrong_data", "wrong_company", "duplicate", "other"
]
RETURNS: tuple[Return, ...] = get_args(Return)
"""Why a lead is returned: the project is postponed, the contact does not decide, there is no budget within 12 months,
they need something else, what was known is wrong, another company is meant, it is there already, another reason."""
Worked = Literal["sales_accepted", "sales_qualified", "opportunity"]
_STAGE_DAYS: dict[Worked, int] = {"sales_accepted": 14, "sales_qualified": 30, "opportunity": 60}
_ODDS: dict[Worked, float] = {"sales_accepted": 0.1, "sales_qualified": 0.25, "opportunity": 0.5}
_WEEKEND = 5  # Saturday


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"there is no time zone '{name}'; write it as Europe/Paris")
    return name


class Contract(Strict):
    """What is asked for an offer.

    `counts` says in words what counts as a lead; `weekly` is how many are expected a week. A lead is to be accepted
    within `accept_hours` of being given to a rep and acted on within `act_hours` of being accepted; a rep who is late
    is reminded, and has `grace_hours` more before another is given it. Hours of Saturdays and Sundays do not count, and
    what would end outside the day's work (`opens` to `closes`, in the rep's zone, or `zone` where a rep has none) ends
    an hour after it begins again. `returns` are the reasons for which a lead may be returned. One that stays in a stage
    for longer than its `stage_days` is outside the standards. `odds` are how likely one is won from each stage, for the
    forecast.
    """

    counts: str = Field(default="", max_length=2000)
    weekly: int | None = Field(default=None, ge=0, le=100_000)
    accept_hours: float = Field(default=24, gt=0, le=2000)
    act_hours: float = Field(default=48, gt=0, le=2000)
    grace_hours: float = Field(default=4, gt=0, le=2000)
    opens: time = time(9)
    closes: time = time(18)
    zone: Annotated[str, AfterValidator(_zone)] = "Europe/Paris"
    returns: tuple[Return, ...] = RETURNS
    stage_days: dict[Worked, Annotated[int, Field(gt=0)]] = Field(default_factory=lambda: dict(_STAGE_DAYS))
    odds: dict[Worked, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=lambda: dict(_ODDS))

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Contract:
        if self.opens >= self.closes:
            raise ValueError("'opens' must come before 'closes'")
        return self

    def until(self, start: datetime, hours: float, zone: str = "") -> datetime:
        """When so many hours that begin at `start` end, in UTC; `zone` is that of the rep, empty: the contract's."""
        local = ZoneInfo(zone or self.zone)
        at = _workday(start.astimezone(local))
        left = timedelta(hours=hours)
        while left > (rest := _midnight(at) - at):
            left -= rest
            at = _workday(_midnight(at))
        at = _workday(at + left)
        if at.time() > self.closes:
            at = _workday(_midnight(at))
        if at.time() < self.opens:
            at = at.replace(hour=self.opens.hour, minute=self.opens.minute, second=0, microsecond=0)
            at += timedelta(hours=1)
        return at.astimezone(UTC)


def _midnight(at: datetime) -> datetime:
    """When the next day begins, by the clock on the wall."""
    return datetime.combine(at.date() + timedelta(days=1), time(), at.tzinfo)


def _workday(at: datetime) -> datetime:
    """The same moment, or the beginning of Monday where it is on a weekend."""
    while at.weekday() >= _WEEKEND:
        at = _midnight(at)
    return at
