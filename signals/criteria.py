"""The criteria that an offer can ask of a company: where each stands, and what kind of value it is."""

from __future__ import annotations

from datetime import date
from typing import Literal

from companies.headcount import BANDS, headcount_of
from store.figures import YEARLY
from store.tables import Company

Fact = Literal[
    "department",
    "age",
    "naf",
    "legal_form",
    "listing",
    "headcount",
    "turnover",
    "export_turnover",
    "profit",
    "financial_score",
    "working_capital",
    "share_capital",
    "sales_channel",
    "site_type",
    "secondary_sites",
    "international_presence",
    "digital_presence",
    "social_influence",
    "city",
    "country",
]
"""The eighteen criteria, `age` in full years standing for the day of creation, and the city and country beside them."""

AMOUNTS = YEARLY - {"financial_score"}
"""In euros."""
FIGURES = AMOUNTS | {"age", "headcount", "financial_score", "secondary_sites", "social_influence"}
"""Asked by `min` and `max`; the others by their values."""
TREES = frozenset({"naf", "legal_form"})
"""Codes that match by their beginning: `28` takes in 2841Z."""
LISTS = frozenset({"international_presence", "digital_presence", "site_type", "sales_channel"})
"""Several values, separated by `;`, `,` or a bar."""

Value = str | int | float


def _age(born: date | None, today: date) -> int | None:
    if born is None or born > today:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def value_of(company: Company, criterion: str, today: date) -> Value | None:
    """What is known of a company; None when nothing is.

    A headcount known by its band only is the band's middle; a known web site is a digital presence.
    """
    if criterion == "age":
        return _age(company.created_on, today)
    value: Value | None = getattr(company, criterion)
    if criterion == "digital_presence" and value is None and company.site:
        return "site"
    return headcount_of(company) if criterion == "headcount" else value


def band_of(company: Company, criterion: str) -> tuple[int, int | None] | None:
    """From and to of a headcount that is known by its band only."""
    if criterion != "headcount" or company.headcount is not None:
        return None
    return BANDS.get(company.headcount_band or "")
