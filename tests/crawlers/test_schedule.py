from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crawlers.schedule import LONGEST, SHORTEST, Visit, next_visit

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_news_shortens_the_interval_and_silence_lengthens_it() -> None:
    assert next_visit(NOW, 60, 2, Visit(new_entries=3)).interval_minutes == 30
    quiet = next_visit(NOW, 60, 2, Visit())
    assert (quiet.interval_minutes, quiet.failures, quiet.due_at) == (90, 0, NOW + timedelta(minutes=90))
    assert next_visit(NOW, SHORTEST, 0, Visit(new_entries=1)).interval_minutes == SHORTEST
    assert next_visit(NOW, LONGEST, 0, Visit()).interval_minutes == LONGEST


def test_each_failure_doubles_the_wait_up_to_a_day_and_keeps_the_interval() -> None:
    first = next_visit(NOW, 60, 0, Visit(failed=True))
    second = next_visit(NOW, 60, first.failures, Visit(failed=True))
    assert (first.due_at - NOW, second.due_at - NOW) == (timedelta(hours=2), timedelta(hours=4))
    assert next_visit(NOW, 60, 99, Visit(failed=True)).due_at == NOW + timedelta(days=1)
    assert second.interval_minutes == 60


def test_the_servers_wish_is_respected_up_to_a_day() -> None:
    def wait(seconds: int) -> timedelta:
        return next_visit(NOW, 15, 0, Visit(failed=True, retry_after=seconds)).due_at - NOW

    assert wait(7200) == timedelta(hours=2)
    assert wait(10**9) == timedelta(days=1)
    assert wait(1) == timedelta(minutes=30)
