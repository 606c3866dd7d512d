"""A search for companies by what happened to them and what they are; it can be saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import Field, ValidationError

from leads.conditions import Condition, Place, Strict
from signals.types import Taxonomy
from store.errors import Invalid


class Search(Strict):
    """What must all hold of a signal; of several families, types or places, one.

    `text` is what the article must say: words, "words in a row", begin*, -without. `confidence` is the least product of
    how sure the event is and how sure it is this company; `impact` how many times a usual event of its type it must
    count; `days` how long ago it may have been published, today included, `since` and `until` the days themselves.
    """

    text: str = Field(default="", max_length=400)
    families: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    criteria: tuple[Condition, ...] = ()
    territory: tuple[Place, ...] = ()
    days: Annotated[int, Field(ge=1, le=3660)] | None = None
    since: date | None = None
    until: date | None = None
    confidence: float = Field(default=0.0, ge=0, le=1)
    impact: float = Field(default=0.0, ge=0, le=2)

    def check(self, taxonomy: Taxonomy) -> None:
        """Raises `Invalid` for a family or type that the taxonomy has not."""
        for what, asked, known in (
            ("family", self.families, taxonomy.families),
            ("type", self.types, taxonomy.types),
        ):
            for name in asked:
                if name not in known:
                    raise Invalid(f"there is no {what} '{name}'; there are {', '.join(sorted(known))}")


def search_of(fields: Mapping[str, object], taxonomy: Taxonomy) -> Search:
    """The search of what was given, without what is None. Raises `Invalid` that names the field."""
    try:
        search = Search.model_validate({name: value for name, value in fields.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        raise Invalid(f"{first['loc'][0]}: {first['msg']} (it is {first['input']!r})") from None
    search.check(taxonomy)
    return search
