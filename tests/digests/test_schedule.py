"""When reps are written to, through the nights when clocks are moved."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from digests.schedule import Schedule, days_of
from store.errors import Invalid
from tests.support.data import needs_case

SPANS = (
    (datetime(2027, 3, 10, tzinfo=UTC), datetime(2027, 4, 2, tzinfo=UTC)),
    (datetime(2027, 10, 28, tzinfo=UTC), datetime(2027, 11, 10, tzinfo=UTC)),
)
RESTART = datetime(2027, 10, 31, 1, tzinfo=UTC)


def sendings(schedule: Schedule, start: datetime, end: datetime) -> dict[date, list[datetime]]:
    """What is sent when the clock is looked at each minute, by local day."""
    found = defaultdict(list)
    last, now = start, start
    while now < end:
        if now == RESTART:
            schedule = Schedule(schedule.at, schedule.zone, schedule.days)
        if schedule.due(last, now):
            found[now.astimezone(schedule.zone).date()].append(now)
            last = now
        now += timedelta(minutes=1)
    return found


@pytest.mark.parametrize("number", range(5))
def test_one_sending_a_day_through_both_nights(number: int) -> None:
    case = needs_case("41-two-nights-of-the-year")
    asked = yaml.safe_load((case / "schedule.yaml").read_text("utf-8"))[number]
    days = asked["days"] if isinstance(asked["days"], str) else ",".join(asked["days"])
    schedule = Schedule.of(asked["at"], asked["zone"], days)
    expected = [json.loads(line) for line in (case / "expected.jsonl").read_text("utf-8").splitlines()]
    special = {date.fromisoformat(one["local_day"]): one for one in expected if one["rep"] == asked["rep"]}
    seen = set()
    for start, end in SPANS:
        found = sendings(schedule, start, end)
        first, last = (one.astimezone(schedule.zone).date() for one in (start, end))
        for back in range(1, (last - first).days):
            day = first + timedelta(days=back)
            times = found.get(day, [])
            if day in special:
                one = special[day]
                seen.add(day)
                assert len(times) == one["sendings"], day
                for when in times:
                    assert one["earliest"] <= when.strftime("%Y-%m-%dT%H:%M:%SZ") <= one["latest"]
            elif day.weekday() in schedule.days:
                assert [when.astimezone(schedule.zone).time() for when in times] == [schedule.at], day
            else:
                assert times == []
    assert seen == set(special)


@given(
    zone=st.sampled_from(["Europe/Paris", "America/New_York", "Pacific/Apia", "Africa/Casablanca", "Asia/Kathmandu"]),
    at=st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    after=st.integers(1_262_304_000, 2_208_988_800).map(lambda one: datetime.fromtimestamp(one, UTC)),
)
def test_the_next_time_is_later_and_on_a_chosen_day(zone: str, at: time, days: frozenset[int], after: datetime) -> None:
    schedule = Schedule(at, ZoneInfo(zone), days)
    found = schedule.next(after)
    assert after < found <= after + timedelta(days=9)
    assert schedule.due(after, found) == found
    assert schedule.due(found, found + timedelta(minutes=1)) is None


def test_what_is_more_than_half_a_day_late_is_left_out() -> None:
    schedule = Schedule.of("07:00", "Europe/Paris", "daily")
    assert schedule.due(None, datetime(2026, 3, 10, 17, tzinfo=UTC)) == datetime(2026, 3, 10, 6, tzinfo=UTC)
    assert schedule.due(None, datetime(2026, 3, 10, 19, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [("daily", {0, 1, 2, 3, 4, 5, 6}), ("mon-fri", {0, 1, 2, 3, 4}), ("fri-mon", {4, 5, 6, 0}), ("tue, sun", {1, 6})],
)
def test_days_in_words(text: str, days: set[int]) -> None:
    assert days_of(text) == days


@pytest.mark.parametrize(
    ("at", "zone", "days"),
    [
        ("7h", "Europe/Paris", "daily"),
        ("07:00:30", "UTC", "daily"),
        ("07:00", "Paris", "daily"),
        ("07:00", "../x", "mon"),
        ("07:00", "UTC", "lundi"),
        ("07:00", "UTC", ""),
        ("07:00+01:00", "UTC", "mon"),
        ("07:00", "", "mon"),
    ],
)
def test_a_schedule_that_cannot_be_is_said(at: str, zone: str, days: str) -> None:
    with pytest.raises(Invalid, match=r"write it as|write daily"):
        Schedule.of(at, zone, days)
