"""From which confidence on a type is told to reps, as their verdicts suggest it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEAST = 20  # verdicts on a type
AIM = 0.9  # of what is told, how much is to be right
_MOST_LOST = 0.5  # of what is right, the share that may be held back for it
_FEWEST_ABOVE = 10  # verdicts above a threshold, or nothing is known of it
RIGHT = ("useful", "old", "not_for_me")
"""What a rep says of what was read rightly: whether it is of use to them is another question."""
WRONG = ("wrong_type",)
"""What is read wrongly; that the company is another says nothing of the type."""


@dataclass(frozen=True)
class Judged:
    """The verdicts on a type, and from which confidence on more of it would be right.

    So many of so many told were right. With `suggested` (None: no threshold helps, or none is needed) it would have
    been `above`, and so many right ones would have been held back (`lost`).
    """

    type: str
    right: int
    told: int
    suggested: float | None = None
    above: tuple[int, int] = (0, 0)
    lost: int = 0


def judged(given: Iterable[tuple[str, float, str]]) -> list[Judged]:
    """What verdicts (type, confidence, verdict) say of each type, the most judged first.

    Only what was told can be judged, so a threshold is suggested to be higher, never lower.
    """
    of_type: dict[str, list[tuple[float, bool]]] = {}
    for kind, confidence, verdict in given:
        if verdict in RIGHT or verdict in WRONG:
            of_type.setdefault(kind, []).append((confidence, verdict in RIGHT))
    found = [_judged(kind, those) for kind, those in of_type.items()]
    return sorted(found, key=lambda one: (-one.told, one.type))


def _judged(kind: str, those: Sequence[tuple[float, bool]]) -> Judged:
    right, told = sum(is_right for _, is_right in those), len(those)
    if told >= LEAST and right < AIM * told:
        for least in sorted({confidence for confidence, _ in those}):
            above = [is_right for confidence, is_right in those if confidence >= least]
            kept = sum(above)
            if len(above) < _FEWEST_ABOVE or kept < (1 - _MOST_LOST) * right:
                break
            if kept >= AIM * len(above):
                return Judged(kind, right, told, least, (kept, len(above)), right - kept)
    return Judged(kind, right, told)
