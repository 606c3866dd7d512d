"""What the figures say of leads: the page, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from leads import lead_wording
from leads.lifecycle import RESULTS
from leads.quality import DIMENSIONS, Dimension, Group, Quality, Share, quality
from leads.wording import Words
from store import leads, offers, reps
from store.lead_figures import STEPS
from store.tables import User
from web.access import SignedIn
from web.pages import show, words_of
from web.site import site_of
from web.tables import Cell, Format, table
from web.typed import day as day_of

_DAYS = 90
_SHOWN = 15  # groups of a dimension
_HEADING = (
    *("dimension", "key", "leads"),
    *(f"{step}{part}" for step in (*STEPS, "returned", "in_time") for part in ("", "_of", "_low", "_high")),
    *("hours_to_accept", "hours_to_act", "revenue", "revenue_per_lead"),
)

_OF_CALLS = ("author", *RESULTS, "calls", "hours", "calls_an_hour", "calls_a_meeting")

lead_quality_router = APIRouter(prefix="/leads/quality")


def key_name(dimension: Dimension, key: str, words: Words, names: dict[str, str]) -> str:
    """What a group of a dimension is called."""
    if not key:
        return words.translations.gettext("not known")
    if dimension == "rep":
        return names.get(key, key)
    if dimension == "origin":
        return lead_wording.origin(key, words)
    if dimension == "family":
        return words.family(key)
    return words.label(key) if dimension == "type" else key


def dimension_name(dimension: Dimension, words: Words) -> str:
    """What a dimension is called."""
    _ = words.translations.gettext
    return {
        "offer": _("Offer"),
        "rep": _("Rep"),
        "origin": _("Origin"),
        "source": _("Source"),
        "family": _("Family of the signal"),
        "type": _("Type of the signal"),
        "territory": _("Territory"),
        "size": _("Headcount"),
    }[dimension]


def step_name(step: str, words: Words) -> str:
    """What a lead reached."""
    _ = words.translations.gettext
    return {
        "accepted": _("accepted"),
        "contacted": _("talked to"),
        "qualified": _("qualified"),
        "opportunity": _("opportunity"),
        "won": _("customer"),
    }[step]


class _Asked:
    """The period, the offer and whose leads are asked for."""

    def __init__(self, request: Request, user: User, since: str, until: str, offer: str) -> None:
        self.words = words_of(request)
        last = day_of(until, self.words) or self.words.today
        self.until: date = last
        self.since: date = day_of(since, self.words) or last - timedelta(days=_DAYS)
        self.offer, self._user = offer, user

    def read(self, session: Session) -> Quality:
        """The figures; of a rep's own leads and calls only."""
        zone = self.words.zone
        start, end = (datetime.combine(day, time(), zone) for day in (self.since, self.until + timedelta(days=1)))
        is_rep = self._user.role == "rep"
        where = [leads.owned_by(self._user.rep_id)] if is_rep else []
        found = quality(session, self.words.taxonomy, start, end, *where, offer=self.offer)
        if not is_rep:
            return found
        return replace(found, calls=[one for one in found.calls if one.author == self._user.rep.email])


@lead_quality_router.get("")
def quality_page(request: Request, user: SignedIn, since: str = "", until: str = "", offer: str = "") -> HTMLResponse:
    """What became of the leads that were opened in a period."""
    asked = _Asked(request, user, since, until, offer)
    words = asked.words
    with site_of(request).database.reading() as session:
        found = asked.read(session)
        names = {one.email: one.name for one in reps.everyone(session)}
        facts: dict[str, Any] = {
            "found": found,
            "chosen": {"since": asked.since, "until": asked.until, "offer": offer},
            "offers": [one.name for one in offers.current(session)],
            "dimensions": [(one, dimension_name(one, words)) for one in DIMENSIONS],
            "steps": [(one, step_name(one, words)) for one in STEPS],
            "key_name": lambda dimension, key: key_name(dimension, key, words, names),
            "names": names,
            "shown": _SHOWN,
        }
        return show(request, "lead_quality", words.translations.gettext("What leads become"), **facts)


def _share(share: Share) -> tuple[Cell, ...]:
    low, high = share.interval
    return share.part, share.whole, round(low, 4), round(high, 4)


def _rounded(number: float | None) -> Cell:
    return None if number is None else round(number, 2)


def _row(dimension: str, group: Group) -> tuple[Cell, ...]:
    shares = [group.share(step) for step in STEPS] + [group.returns, group.punctual]
    figures = (_rounded(group.to_accept), _rounded(group.to_act), round(group.revenue, 2), round(group.per_lead, 2))
    return dimension, group.key, group.leads, *(cell for one in shares for cell in _share(one)), *figures


def _rows(found: Quality) -> Iterator[tuple[Cell, ...]]:
    yield _row("all", found.total)
    for dimension, groups in found.groups.items():
        for group in groups:
            yield _row(dimension, group)


@lead_quality_router.get(".{kind}")
def export_quality(
    request: Request, user: SignedIn, kind: Format, since: str = "", until: str = "", offer: str = ""
) -> Response:
    """The figures of each group as a file: shares as how many, of how many, and the ends of the interval."""
    asked = _Asked(request, user, since, until, offer)
    with site_of(request).database.reading() as session:
        return table("leads", kind, _HEADING, list(_rows(asked.read(session))))


@lead_quality_router.get("/calls.{kind}")
def export_calls(
    request: Request, user: SignedIn, kind: Format, since: str = "", until: str = "", offer: str = ""
) -> Response:
    """The calls of the period as a file: of each who made any, how many with each result, and in how many hours."""
    asked = _Asked(request, user, since, until, offer)
    with site_of(request).database.reading() as session:
        found = [one for one in asked.read(session).calls if one.author]
    rows = [
        (
            one.author,
            *(one.results.get(result, 0) for result in RESULTS),
            *(one.number, one.hours, _rounded(one.per_hour), _rounded(one.per_meeting)),
        )
        for one in found
    ]
    return table("calls", kind, _OF_CALLS, rows)
