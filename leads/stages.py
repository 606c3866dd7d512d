"""The stages of a lead, and from which to which it may move on what conditions. Pure.

A lead is qualified by marketing (its score reached the threshold), accepted by sales (a rep took it), qualified by
sales (a talk confirmed the need), an opportunity, then won or lost; one that is returned is nurtured until it comes
back. What must be known of a project are the four of BANT: decision maker (authority), need, timeframe and budget,
which may be open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Stage = Literal["marketing_qualified", "sales_accepted", "sales_qualified", "opportunity", "won", "lost", "nurturing"]
Temperature = Literal["follow", "hot", "cold"]
Condition = Literal["owner", "talk", "decision_maker", "need", "timeframe", "amount", "reason"]

STAGES: tuple[str, ...] = get_args(Stage)
TEMPERATURES: tuple[Temperature, ...] = get_args(Temperature)
FIRST: Stage = "marketing_qualified"
ACCEPTED: Stage = "sales_accepted"
CLOSED: tuple[Stage, ...] = ("won", "lost")
ASKED: tuple[Stage, ...] = (FIRST, ACCEPTED)
"""The stages in which the contract asks the owner for something within a time: to accept it, and to act on it."""
RETURNED: tuple[Stage, ...] = ("nurturing", "lost")
"""The stages to which a lead is returned by those who sell."""
OF_A_PROJECT: tuple[Condition, ...] = ("decision_maker", "need", "timeframe")
"""What must be known for a tip to be a project."""

MOVES: Mapping[tuple[str, str], tuple[Condition, ...]] = {
    ("marketing_qualified", "sales_accepted"): ("owner",),
    ("sales_accepted", "sales_qualified"): ("owner", "talk", "need"),
    ("sales_qualified", "opportunity"): ("owner", *OF_A_PROJECT),
    ("opportunity", "won"): ("owner", "amount"),
    ("opportunity", "sales_qualified"): ("reason",),
    ("marketing_qualified", "lost"): ("reason",),
    ("sales_accepted", "lost"): ("reason",),
    ("sales_qualified", "lost"): ("reason",),
    ("opportunity", "lost"): ("reason",),
    ("nurturing", "lost"): ("reason",),
    ("marketing_qualified", "nurturing"): ("reason",),
    ("sales_accepted", "nurturing"): ("reason",),
    ("sales_qualified", "nurturing"): ("reason",),
    ("opportunity", "nurturing"): ("reason",),
    ("nurturing", "marketing_qualified"): (),
}
"""Every move that is allowed, with what must hold for it."""


@dataclass(frozen=True)
class Known:
    """What is known of a lead that is to move."""

    has_owner: bool = False
    has_talked: bool = False
    decision_maker: str = ""
    need: str = ""
    timeframe: str = ""
    amount: float | None = None
    reason: str = ""


_HOLDS: Mapping[Condition, Callable[[Known], bool]] = {
    "owner": lambda known: known.has_owner,
    "talk": lambda known: known.has_talked,
    "decision_maker": lambda known: bool(known.decision_maker.strip()),
    "need": lambda known: bool(known.need.strip()),
    "timeframe": lambda known: bool(known.timeframe.strip()),
    "amount": lambda known: known.amount is not None,
    "reason": lambda known: bool(known.reason.strip()),
}


def next_stages(stage: str) -> tuple[str, ...]:
    """The stages to which a lead may move from one, in the order of `MOVES`."""
    return tuple(to for start, to in MOVES if start == stage)


def missing(stage: str, to: str, known: Known) -> tuple[Condition, ...] | None:
    """The conditions of a move that do not hold; None where there is no such move."""
    asked = MOVES.get((stage, to))
    return None if asked is None else tuple(one for one in asked if not _HOLDS[one](known))


def missing_of_a_project(known: Known) -> tuple[Condition, ...]:
    """What is not known of a lead that must be known of a project."""
    return tuple(one for one in OF_A_PROJECT if not _HOLDS[one](known))
