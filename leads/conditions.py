"""What is asked of a company: conditions on its criteria, in offers and searches."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from companies.criteria import FIGURES, LISTS, TREES, Fact, plain_code, several
from store.errors import Invalid

Place = Annotated[str, Field(pattern=r"^(\d{2,3}|2[AB]|[A-Z]{2})$")]
"""A department, or a country by its two letters (ISO 3166)."""
_SPELT = re.compile(r"\s*(\w+)\s*(>=|<=|=)\s*(.*\S)\s*")


def is_within(places: Collection[str], department: str | None, country: str | None) -> bool:
    """Whether one of the places is this department or country; without places, wherever it is."""
    return not places or department in places or country in places


class Strict(BaseModel):
    """Something that a person writes: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Condition(Strict):
    """A company's `criterion` is one of `in`, between `min` and `max`, or `unknown`.

    NAF codes and legal forms match by their beginning (`28` takes in 28.41Z). Amounts are in euros, `age` in years. A
    value that is unknown meets only `unknown: true`.
    """

    criterion: Fact
    values: tuple[str, ...] = Field(default=(), alias="in")
    min: float | None = None
    max: float | None = None
    unknown: bool = False

    @model_validator(mode="after")
    def _one_question(self) -> Condition:
        bounds = self.min is not None or self.max is not None
        if sum((bool(self.values), bounds, self.unknown)) != 1:
            raise ValueError("a criterion needs one of 'in', 'min'/'max' or 'unknown: true'")
        if bounds and self.criterion not in FIGURES:
            raise ValueError(f"'min' and 'max' compare numbers, and {self.criterion} is text; use 'in'")
        if self.values and self.criterion in FIGURES:
            raise ValueError(f"{self.criterion} is a number; use 'min' and 'max'")
        return self

    def met_by(self, value: object) -> bool:
        """Whether a company that has this value meets it; None is a value that is not known."""
        if value is None:
            return self.unknown
        if self.unknown:
            return False
        if isinstance(value, int | float):
            above = self.min is None or value >= self.min
            return above and (self.max is None or value <= self.max)
        text = str(value).casefold()
        if self.criterion in TREES:
            return plain_code(text).startswith(tuple(map(plain_code, self.values)))
        held = several(text) if self.criterion in LISTS else (text,)
        return not {wanted.casefold() for wanted in self.values}.isdisjoint(held)


def spelling(condition: Condition) -> str:
    """A condition as `spelt` reads it; two with a semicolon between them where it has both bounds."""
    name = condition.criterion
    if condition.unknown:
        return f"{name}=?"
    if condition.values:
        return f"{name}={','.join(condition.values)}"
    bounds = ((">=", condition.min), ("<=", condition.max))
    return "; ".join(f"{name}{sign}{value:.12g}" for sign, value in bounds if value is not None)


def spelt(text: str) -> Condition:
    """A condition in one line: `naf=28,29`, `headcount>=50`, `turnover<=2e6`, `turnover=?` for unknown.

    Raises `Invalid` that says what is wrong with it.
    """
    found = _SPELT.fullmatch(text)
    if found is None:
        raise Invalid(f"'{text}': write a condition as naf=28,29 or headcount>=50 or turnover=?")
    criterion, sign, value = found.groups()
    asked: dict[str, object]
    if value == "?" and sign == "=":
        asked = {"unknown": True}
    elif sign == "=" and criterion in FIGURES:
        asked = {"min": value, "max": value}
    elif sign == "=":
        asked = {"in": [one.strip() for one in value.split(",") if one.strip()]}
    else:
        asked = {"min" if sign == ">=" else "max": value}
    try:
        return Condition.model_validate({"criterion": criterion, **asked})
    except ValidationError as error:
        raise Invalid(f"'{text}': {error.errors()[0]['msg'].removeprefix('Value error, ')}") from None
