"""How large an event is."""

from __future__ import annotations

from typing import Any

import pytest

from signals.impact import impact


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ({}, 1.0),
        ({"amount": [{"value": 1e6, "currency": "EUR"}]}, 1.0),
        ({"amount": [{"value": 1e8, "currency": "USD"}]}, 1.5),
        ({"amount": [{"value": 1e8, "currency": "JPY"}]}, 1.0),
        ({"amount": [{"value": 1e12, "currency": "EUR"}]}, 2.0),
        ({"amount": [{"value": 0.0, "currency": "EUR"}], "headcount": [0]}, 1.0),
        ({"headcount": [5]}, 0.75),
        ({"headcount": [1]}, 0.58),
        ({"headcount": [5, 500], "amount": [{"value": 1e6, "currency": "EUR"}]}, 1.25),
    ],
)
def test_ten_times_as_much_is_a_quarter_more(slots: dict[str, Any], expected: float) -> None:
    assert impact(slots) == expected
