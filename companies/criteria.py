"""The criteria that an offer can ask of a company: where each stands, and what kind of value it is."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, get_args

from companies.headcount import BANDS, headcount_of
from companies.values import naf
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
_SEPARATORS = re.compile(r"[;,|]")


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


def indexed(company: Company) -> dict[str, Value | tuple[str, ...] | None]:
    """What the search index keeps of a company, by criterion; None is unknown. The day of creation is an ordinal.

    Codes come with all their beginnings, since a beginning is what is asked for.
    """
    found: dict[str, Value | tuple[str, ...] | None] = {}
    for criterion in get_args(Fact):
        if criterion == "age":
            found["created_on"] = company.created_on.toordinal() if company.created_on else None
            continue
        value = value_of(company, criterion, date.min)  # none but age depends on the day
        found[criterion] = value
        if value is not None and criterion in TREES:
            code = plain_code(str(value))
            found[criterion] = tuple(code[:end] for end in range(1, len(code) + 1))
        elif value is not None and criterion in LISTS:
            found[criterion] = several(str(value))
    return found


def plain_code(code: str) -> str:
    """A NAF code or legal form, or the beginning of one, as codes are compared: `28.41Z` is `2841z`."""
    return (naf(code) or "").casefold()


def several(text: str) -> tuple[str, ...]:
    """The values of a criterion that may have several."""
    return tuple(part.strip().casefold() for part in _SEPARATORS.split(text) if part.strip())
