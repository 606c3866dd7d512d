from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.schedule import Past, Visit, max_age, next_visit, per_week

NOW = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOURLY, DAILY = 168.0, 7.0  # entries a week


def known(rate: float, **facts: int) -> Past:
    return Past(NOW - HOUR, rate, facts.get("ttl"), facts.get("failures", 0))


@pytest.mark.parametrize(
    ("case", "past", "visit", "minutes"),
    [
        # how often it publishes
        ("the first visit, an entry an hour", Past(), Visit(20, 20, HOURLY), 30),
        ("the first visit, without a date", Past(), Visit(20, 20), 180),
        ("the first visit, nothing lately", Past(), Visit(20, 20, 0.1), 1440),
        ("an entry an hour, and one came", known(HOURLY), Visit(1, 20), 30),
        ("an entry a day, and none came", known(DAILY), Visit(0, 20), 724),
        ("a burst", known(DAILY), Visit(3, 20), 507),
        ("silence since a week", Past(NOW - timedelta(days=7), DAILY), Visit(0, 20), 1440),
        ("an entry every minute: the floor", known(10_000.0), Visit(60, 500), 15),
        # what was seen before
        ("nearly all is new: some may be lost", known(HOURLY), Visit(9, 10), 15),
        ("all of four entries is new", known(DAILY), Visit(4, 4), 460),
        # what is wished
        ("the feed may be kept for two hours", known(HOURLY, ttl=120), Visit(1, 20), 120),
        ("the server lets it be kept an hour", known(HOURLY), Visit(1, 20, max_age=3600), 60),
        ("a wish shorter than our own", known(HOURLY, ttl=5), Visit(1, 20, max_age=60), 30),
        ("a wish of ten years: the ceiling", known(HOURLY, ttl=5_256_000), Visit(1, 20), 1440),
        # failures
        ("the first failure", known(HOURLY), Visit(failed=True), 60),
        ("the third failure in a row", known(HOURLY, failures=2), Visit(failed=True), 240),
        ("the hundredth", known(HOURLY, failures=99), Visit(failed=True), 1440),
        ("a failure before anything is known", Past(), Visit(failed=True), 360),
        ("failed, and asked to wait two hours", known(HOURLY), Visit(failed=True, retry_after=7200), 120),
        ("failed, and asked to wait a second", known(HOURLY), Visit(failed=True, retry_after=1), 60),
        ("failed, and asked to wait for ever", known(HOURLY), Visit(failed=True, retry_after=10**9), 1440),
        # spread
        ("the latest of a spread", known(HOURLY), Visit(1, 20, spread=0.0), 30),
        ("the earliest of a spread", known(HOURLY), Visit(1, 20, spread=1.0), 24),
        ("a spread keeps to the floor", known(10_000.0), Visit(60, 500, spread=1.0), 15),
        ("a spread keeps to what is wished", known(HOURLY), Visit(1, 20, max_age=3600, spread=1.0), 60),
    ],
)
def test_when_a_source_is_due_again(case: str, past: Past, visit: Visit, minutes: int) -> None:
    assert round((next_visit(NOW, past, visit).due_at - NOW) / timedelta(minutes=1)) == minutes, case


def test_failures_are_counted_and_forgotten_and_teach_nothing_of_the_rate() -> None:
    failed = next_visit(NOW, known(DAILY, failures=1), Visit(failed=True))
    assert (failed.failures, failed.per_week) == (2, DAILY)
    assert next_visit(NOW, known(DAILY, failures=2), Visit()).failures == 0


def test_a_list_shows_how_often_entries_come_as_far_as_it_reaches() -> None:
    hourly = [NOW - HOUR * number for number in range(48)]
    assert per_week(hourly, NOW) == pytest.approx(48 * 168 / 47)
    assert per_week([NOW - timedelta(days=7 * number) for number in range(30)], NOW) == pytest.approx(5 / 4)
    assert per_week([NOW - timedelta(days=400), None], NOW) == 0.1
    assert per_week([None], NOW) is per_week([], NOW) is None
    assert per_week([NOW], NOW) == 7


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("max-age=300", 300),
        ("public, Max-Age = 60, must-revalidate", 60),
        ('max-age="9"', 9),
        ("max-age=300, no-cache", None),
        ("no-store", None),
        ("s-maxage=300", None),
        ("max-age=soon", None),
        ("", None),
    ],
)
def test_cache_control_is_read(header: str, seconds: int | None) -> None:
    assert max_age(header) == seconds


def test_a_source_is_visited_as_often_as_one_wishes_at_least() -> None:
    rarely = Past(NOW - timedelta(days=1), per_week=0.1)
    assert next_visit(NOW, rarely, Visit(listed=9), longest=120).due_at == NOW + timedelta(minutes=120)
    assert next_visit(NOW, rarely, Visit(listed=9, max_age=7200 * 2), longest=120).due_at == NOW + timedelta(hours=4)
