"""Why a score is not what it was: the ledger of an earlier day against today's. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from store.tables import Score

_LEAST = 0.05  # points that are worth a word


@dataclass(frozen=True)
class Change:
    """A line of the ledger that has other points than before; None: it was not there, or is no more."""

    part: str
    kind: str
    facts: Mapping[str, Any]
    before: float | None
    after: float | None

    @property
    def points(self) -> float:
        """What was added to the score."""
        return (self.after or 0) - (self.before or 0)


_Line = tuple[str, str, float, Mapping[str, Any]]


def snapshot(score: Score) -> dict[str, Any]:
    """What `Score.before` keeps of a score."""
    lines = [[line.part, line.kind, line.points, line.facts] for line in score.lines]
    day = score.day.isoformat() if score.day else None
    return {"day": day, "state": score.state, "fit": score.fit, "timing": score.timing, "lines": lines}


def _keyed(lines: Iterable[_Line]) -> dict[tuple[str, Any], _Line]:
    """Lines by what they are about: a criterion, a story, silence."""
    return {(part, facts.get("story", kind)): (part, kind, points, facts) for part, kind, points, facts in lines}


def changes(score: Score) -> list[Change]:
    """What changed since the last earlier day, what counts most first; nothing where nothing is known of it."""
    if score.before is None:
        return []
    old = _keyed(tuple(line) for line in score.before["lines"])
    new = _keyed((line.part, line.kind, line.points, line.facts) for line in score.lines)
    found = []
    for key in old.keys() | new.keys():
        part, kind, _, facts = new.get(key) or old[key]
        before = old[key][2] if key in old else None
        after = new[key][2] if key in new else None
        change = Change(part, kind, facts, before, after)
        if abs(change.points) >= _LEAST:
            found.append(change)
    return sorted(found, key=lambda one: (-abs(one.points), one.kind))


def dropped(score: Score) -> bool:
    """Whether the company was a better lead on the last earlier day."""
    order: Sequence[str] = ("none", "potential", "hot")
    return score.before is not None and order.index(score.state) < order.index(score.before["state"])
