"""What a watchlist asks for beside its companies, what it lets through, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from leads.conditions import Strict
from signals.types import Taxonomy
from store.errors import Invalid
from store.tables import Signal, Watchlist
from watch.searches import Search

Words = Annotated[str, Field(min_length=2, max_length=100, pattern=r"\w")]
Reason = Literal["mute", "company_mute", "snooze", "confidence", "impact", "unsure", "rumour", "company", "quota"]
"""Why something is held back: the list's own settings, a company that the rep muted, the list's minimum, a story
that is not sure enough, a rumour, doubt which company is meant, or a mail that is full."""


class Content(Strict):
    """What a list asks for.

    Of the signals on its companies, those that name its `people` or whose article has one of its `keywords`, and those
    that its `search` finds, it lets through those of its `families` or `types` (none named: all) that are at least as
    sure and as large as it says. `immediate` ones are mailed when they are found, outside the `quiet` hours
    (`20:00-07:00`, in the rep's time zone). A list that `grows` puts every company that its search finds on itself.
    """

    families: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    confidence: float = Field(default=0.0, ge=0, le=1)
    impact: float = Field(default=0.0, ge=0, le=2)
    delivery: Literal["digest", "immediate"] = "digest"
    quiet: str = Field(default="", pattern=r"^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?$")
    people: tuple[Words, ...] = ()
    keywords: tuple[Words, ...] = ()
    search: Search | None = None
    grows: bool = False

    def check(self, taxonomy: Taxonomy) -> None:
        """Raises `Invalid` for a family or type that the taxonomy has not, or growth without a search."""
        Search(families=self.families, types=self.types).check(taxonomy)
        if self.search:
            self.search.check(taxonomy)
        elif self.grows:
            raise Invalid("a list grows by its search: give it one")

    @property
    def asks(self) -> bool:
        """Whether it finds signals on companies that are not on it."""
        return bool(self.people or self.keywords or self.search)

    @property
    def written(self) -> dict[str, Any]:
        """What of it is not as it is when nothing is said."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    def wants(self, signal: Signal) -> bool:
        """Whether a signal is of its families or types."""
        if not (self.families or self.types):
            return True
        return signal.type in self.types or not set(self.families).isdisjoint(signal.families)

    def is_quiet(self, local: time) -> bool:
        """Whether a time of day is in the quiet hours; they may go over midnight."""
        if not self.quiet:
            return False
        start, end = (time.fromisoformat(one) for one in self.quiet.split("-"))
        return start <= local < end if start <= end else local >= start or local < end


def changed(content: Content, changes: Mapping[str, object]) -> Content:
    """The content with some keys changed. Raises `Invalid` that names the key."""
    try:
        return Content.model_validate(content.written | dict(changes))
    except ValidationError as error:
        first = error.errors()[0]
        raise Invalid(f"{first['loc'][0]}: {first['msg'].removeprefix('Value error, ')}") from None


def content_of(watchlist: Watchlist) -> Content:
    """The content of a stored list."""
    return Content.model_validate(watchlist.content)


def held_by(watchlist: Watchlist, content: Content, signal: Signal, now: datetime) -> Reason | None:
    """Why a list holds a signal back that it wants; None when it lets it through."""
    if watchlist.muted:
        return "mute"
    if watchlist.snoozed_until and watchlist.snoozed_until > now:
        return "snooze"
    if signal.confidence * signal.link_confidence < content.confidence:
        return "confidence"
    return "impact" if signal.impact < content.impact else None


def held_for_all(signal: Signal) -> Reason | None:
    """Why a signal is told to nobody unasked; None when nothing speaks against it."""
    if signal.company_id is None:
        return "company"
    if signal.status == "rumoured":
        return "rumour"
    return "unsure" if signal.story and not signal.story.published else None
