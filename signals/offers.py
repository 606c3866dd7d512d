"""What a rep sells: who it is for (fit) and which events make it timely (timing). Read from the configuration."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator

from signals.criteria import FIGURES, Fact
from signals.types import Taxonomy
from store.errors import Invalid


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Criterion(_Strict):
    """Points for a company whose `criterion` is one of `in`, between `min` and `max`, or `unknown`.

    NAF codes and legal forms match by their beginning (`28` takes in 28.41Z). Amounts are in euros, `age` in years. A
    value that is unknown meets only `unknown: true`.
    """

    criterion: Fact
    values: tuple[str, ...] = Field(default=(), alias="in")
    min: float | None = None
    max: float | None = None
    unknown: bool = False
    points: int = Field(ge=-100, le=100)

    @model_validator(mode="after")
    def _one_question(self) -> Criterion:
        bounds = self.min is not None or self.max is not None
        if sum((bool(self.values), bounds, self.unknown)) != 1:
            raise ValueError("a criterion needs one of 'in', 'min'/'max' or 'unknown: true'")
        if bounds and self.criterion not in FIGURES:
            raise ValueError(f"'min' and 'max' compare numbers, and {self.criterion} is text; use 'in'")
        if self.values and self.criterion in FIGURES:
            raise ValueError(f"{self.criterion} is a number; use 'min' and 'max'")
        return self


class Thresholds(_Strict):
    """From which points on a company is a lead: potential by its fit, hot by its timing as well."""

    fit: int = 40
    timing: int = 5


class Offer(_Strict):
    """An offer. `families` and `types` multiply the weight of each type's signals; a type named wins over its family.

    What neither names counts once; 0 leaves it out, a negative number makes it a reason not to call.
    """

    name: str = Field(min_length=1)
    fit: tuple[Criterion, ...] = ()
    families: dict[str, float] = {}
    types: dict[str, float] = {}
    thresholds: Thresholds = Thresholds()

    def factor(self, family: str, kind: str) -> float:
        """What the weight of a type's signals is multiplied by."""
        return self.types.get(kind, self.families.get(family, 1.0))

    def check(self, taxonomy: Taxonomy) -> None:
        """Raises `Invalid` for a family or type that the taxonomy has not."""
        for key, named, known in (
            ("families", self.families, taxonomy.families),
            ("types", self.types, taxonomy.types),
        ):
            for name in named:
                if name not in known:
                    raise Invalid(f"offer '{self.name}': {key}: there is no '{name}'; there are {', '.join(known)}")
