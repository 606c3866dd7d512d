"""Until when a lead is to be accepted and acted on."""

from __future__ import annotations

from datetime import datetime

import pytest
from pydantic import ValidationError

from leads.contract import Contract


def at(text: str, zone: str = "+01:00") -> datetime:
    return datetime.fromisoformat(f"2026-{text}{zone}")


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("03-03T10:00", 24, "03-04T10:00"),  # Tuesday
        ("03-06T15:00", 24, "03-09T15:00"),  # Friday: the weekend does not count
        ("03-06T15:00", 2, "03-06T17:00"),
        ("03-06T17:00", 2, "03-09T10:00"),  # after work: an hour into Monday
        ("03-03T20:00", 24, "03-05T10:00"),
        ("03-03T05:00", 24, "03-04T10:00"),
        ("03-07T11:00", 24, "03-10T10:00"),  # a Saturday begins on Monday
        ("03-03T10:00", 0.5, "03-03T10:30"),
        ("03-02T12:00", 120, "03-09T12:00"),
    ],
)
def test_hours_of_weekends_do_not_count_and_nothing_ends_at_night(start: str, hours: float, end: str) -> None:
    assert Contract().until(at(start), hours) == at(end)


def test_the_hours_are_those_of_the_reps_zone_whose_clocks_change() -> None:
    assert Contract().until(at("03-27T12:00"), 24) == at("03-30T12:00", "+02:00")  # clocks went forward on the 29th
    assert Contract().until(at("03-03T23:00"), 24, "America/Montreal") == at("03-04T23:00")  # 17:00 there
    assert Contract(zone="Indian/Reunion").until(at("03-03T15:00"), 1) == at("03-04T07:00")  # 18:00 there, then 10:00


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"zone": "Europe/Lyon"}, "no time zone 'Europe/Lyon'"),
        ({"opens": "18:00", "closes": "09:00"}, "must come before"),
        ({"accept_hours": 0}, "greater than 0"),
        ({"returns": ["bof"]}, "postponed"),
    ],
)
def test_what_cannot_be_asked_is_refused(content: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Contract.model_validate(content)
