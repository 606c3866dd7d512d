"""Charts as SVG, made on the server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

MONTHS = 12
CELL, ROW, LABEL = 28, 44, 16
"""Pixels: how wide a month is, how high a family's row, and how much of that its name takes, above the dots."""
_LARGEST = 12


@dataclass(frozen=True)
class Dot:
    """So many stories of a family in a month, as a dot of that area; `x`, `y` and `radius` in pixels."""

    x: float
    y: float
    radius: float
    stories: int
    month: date
    family: str


@dataclass(frozen=True)
class YearChart:
    """The stories of a year: a row for each family that has any, a column for each month."""

    families: tuple[str, ...]
    months: tuple[date, ...]
    dots: tuple[Dot, ...]

    @property
    def rows(self) -> list[tuple[str, int]]:
        """Each family with the baseline of its name."""
        return [(family, ROW * place + LABEL - 3) for place, family in enumerate(self.families)]

    @property
    def columns(self) -> list[tuple[date, float]]:
        """Each month with the middle of its column."""
        return [(month, CELL * (place + 0.5)) for place, month in enumerate(self.months)]

    @property
    def width(self) -> int:
        """In pixels."""
        return CELL * len(self.months)

    @property
    def height(self) -> int:
        """In pixels, the names of the months included."""
        return ROW * len(self.families) + 2 * LABEL


def months_until(today: date) -> tuple[date, ...]:
    """The first days of the last twelve months, the current one last."""
    count = today.year * 12 + today.month - 1
    return tuple(date(one // 12, one % 12 + 1, 1) for one in range(count - MONTHS + 1, count + 1))


def year_chart(stories: Iterable[tuple[str, date]], order: Sequence[str], today: date) -> YearChart:
    """The chart of stories given as (family, day); `order` is that of all families."""
    months = months_until(today)
    counts: Counter[tuple[str, date]] = Counter((family, day.replace(day=1)) for family, day in stories)
    counts = Counter({key: number for key, number in counts.items() if key[1] in months})
    shown = tuple(family for family in order if any(family == one for one, _ in counts))
    top = max(counts.values(), default=1)
    dots = tuple(
        Dot(
            x=CELL * (months.index(month) + 0.5),
            y=ROW * shown.index(family) + (LABEL + ROW) / 2,
            radius=round(max(3.0, _LARGEST * sqrt(number / top)), 1),
            stories=number,
            month=month,
            family=family,
        )
        for (family, month), number in sorted(counts.items())
    )
    return YearChart(shown, months, dots)
