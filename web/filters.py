"""What a reader asks of companies, in the fields of a form: a field for each criterion, two where it is a number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from companies.criteria import FIGURES, Fact
from leads.conditions import Condition, spelt
from store.errors import Invalid

_BETWEEN = re.compile(r"[\s,;]+")  # departments
CRITERIA: tuple[str, ...] = get_args(Fact)


@dataclass(frozen=True)
class Filters:
    """What was asked, as it was typed, and as conditions; `wrong` are the fields that cannot be read."""

    typed: Mapping[str, str]
    conditions: tuple[Condition, ...]
    wrong: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.typed)


def expect_read(wrong: Sequence[str]) -> None:
    """Raise `Invalid` where a field cannot be read: what is left out would give more than was asked for."""
    if wrong:
        raise Invalid(f"cannot be read: {', '.join(wrong)}")


def is_figure(criterion: str) -> bool:
    """Whether a criterion has a field for the least and one for the most."""
    return criterion in FIGURES


def listed(text: object) -> list[str]:
    """The values of a field that may have several, with commas or line breaks between them."""
    return [one.strip() for one in str(text or "").replace("\n", ",").split(",") if one.strip()]


def filters_of(asked: Mapping[str, str]) -> Filters:
    """The conditions in the fields of a form: values with commas between them, numbers, `?` for what is not known."""
    typed, conditions, wrong = {}, [], []
    for criterion in CRITERIA:
        signs = {f"{criterion}_min": ">=", f"{criterion}_max": "<="} if is_figure(criterion) else {criterion: "="}
        for field, sign in signs.items():
            value = asked.get(field, "").strip()
            if not value:
                continue
            typed[field] = value
            if criterion == "department":
                value = ",".join(filter(None, _BETWEEN.split(value)))
            if is_figure(criterion):
                value = "".join(value.split()).replace(",", ".")
            try:
                conditions.append(spelt(f"{criterion}{'=' if value == '?' else sign}{value}"))
            except Invalid:
                wrong.append(criterion)
    return Filters(typed, tuple(conditions), tuple(wrong))
