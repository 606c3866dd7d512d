"""From which confidence on types are told, as verdicts suggest it."""

from __future__ import annotations

from signals.thresholds import Judged, judged


def given(kind: str, *those: tuple[float, str, int]) -> list[tuple[str, float, str]]:
    return [(kind, confidence, verdict) for confidence, verdict, number in those for _ in range(number)]


def test_the_lowest_threshold_is_suggested_above_which_nine_in_ten_are_right() -> None:
    verdicts = given("opening", (0.6, "wrong_type", 6), (0.6, "useful", 4), (0.7, "useful", 8), (0.8, "old", 8))
    verdicts += given("opening", (0.7, "wrong_type", 1), (0.9, "wrong_company", 30))
    assert judged(verdicts) == [Judged("opening", 20, 27, 0.7, (16, 17), 4)]


def test_nothing_is_suggested_where_it_would_not_help_or_too_few_said_anything() -> None:
    enough = given("hiring", (0.7, "useful", 19), (0.6, "wrong_type", 1))
    few = given("funding", (0.6, "wrong_type", 9), (0.9, "not_for_me", 10))
    hopeless = given("layoffs", (0.6, "useful", 12), (0.9, "wrong_type", 10))
    costly = given("award", (0.5, "wrong_type", 10), (0.5, "useful", 20), (0.9, "useful", 12))
    found = {one.type: (one.right, one.told, one.suggested) for one in judged(enough + few + hopeless + costly)}
    assert found == {
        "hiring": (19, 20, None),
        "funding": (10, 19, None),
        "layoffs": (12, 22, None),
        "award": (32, 42, None),
    }
