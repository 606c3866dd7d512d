"""How many people a company has, where only INSEE's band is known."""

from __future__ import annotations

from store.tables import Company

BANDS = {
    "00": (0, 0),
    "01": (1, 2),
    "02": (3, 5),
    "03": (6, 9),
    "11": (10, 19),
    "12": (20, 49),
    "21": (50, 99),
    "22": (100, 199),
    "31": (200, 249),
    "32": (250, 499),
    "41": (500, 999),
    "42": (1000, 1999),
    "51": (2000, 4999),
    "52": (5000, 9999),
    "53": (10_000, None),
}
"""INSEE's bands of headcount (`tranche d'effectifs`): from, to."""


def headcount_of(company: Company) -> int | None:
    """The number of people, or the middle of the band; None when neither is known."""
    return headcount_from(company.headcount, company.headcount_band)


def headcount_from(number: int | None, band: str | None) -> int | None:
    """The number of people, or the middle of INSEE's band; None when neither is known."""
    if number is not None or band not in BANDS:
        return number
    low, high = BANDS[band]
    return low if high is None else (low + high) // 2
