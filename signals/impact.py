"""How large an event is, from the figures in its sentence. What it is worth to a rep is the weight of its type."""

from __future__ import annotations

from collections.abc import Mapping
from math import log10
from typing import Any

_USUAL_AMOUNT, _USUAL_HEADCOUNT = 1e6, 50  # of an event that counts once
_A_TENFOLD = 0.25  # what ten times as much adds
_LEAST, _MOST = 0.5, 2.0
_LIKE_EUROS = {"EUR", "USD", "GBP", "CHF"}  # near enough for a logarithm


def impact(slots: Mapping[str, Any]) -> float:
    """How many times a usual event of its type it counts, between 0.5 and 2; 1 where the sentence has no figure.

    A tenth or ten times of a million euros, or of fifty people, is a quarter less or more; the larger figure counts.
    """
    amounts = [one["value"] for one in slots.get("amount", ()) if one.get("currency") in _LIKE_EUROS]
    sizes = [amount / _USUAL_AMOUNT for amount in amounts]
    sizes += [count / _USUAL_HEADCOUNT for count in slots.get("headcount", ())]
    sizes = [size for size in sizes if size > 0]
    if not sizes:
        return 1.0
    return round(min(_MOST, max(_LEAST, 1 + _A_TENFOLD * log10(max(sizes)))), 2)
