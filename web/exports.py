"""Lists to be taken away: what a search finds, the leads of an offer, the companies of a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from leads import offers
from leads.lead_wording import happened, told
from leads.wording import Words
from store import leads, scores, signals, watchlists
from store.errors import NotFound
from store.tables import Company, Signal
from web.access import SignedIn
from web.filters import expect_read, filters_of
from web.leads import Asked
from web.pages import words_of
from web.ranking import meeting
from web.searching import asked_of
from web.site import site_of
from web.tables import MOST, Cell, Format, table

COMPANY = ("company_id", "company", "siren", "lei", "city", "department", "country", "naf", "headcount", "turnover")
SIGNAL = (
    "signal_id",
    "published",
    "type",
    "type_name",
    "status",
    "families",
    "confidence",
    "link_confidence",
    "impact",
    "sentence",
    "source",
    "url",
)

LEAD = (
    *("offer", "kind", "stage", "stage_since", "temperature", "origin", "told_by", "decision_maker", "phone", "need"),
    *("timeframe", "budget", "amount", "purchase", "next_action", "next_on", "returns_on", "due_at", "opened_at"),
    "closed_at",
)
EVENT = ("event_id", "lead_id", "at", "author", "kind", "code", "what", "text")

exports_router = APIRouter()


def company_cells(company: Company | None) -> tuple[Cell, ...]:
    """A company as the cells of `COMPANY`."""
    if company is None:
        return (None,) * len(COMPANY)
    place = company.city, company.department, company.country
    known = company.siren, company.lei, *place, company.naf, company.headcount, company.turnover
    return company.id, company.name, *known


def signal_cells(signal: Signal, words: Words) -> tuple[Cell, ...]:
    """A signal as the cells of `SIGNAL`."""
    document = signal.document
    sure = round(signal.confidence, 3), round(signal.link_confidence, 3), round(signal.impact, 2)
    what = signal.type, words.label(signal.type), signal.status, ", ".join(signal.families)
    return signal.id, document.published_on, *what, *sure, signal.sentence, document.source.name, document.url


def signals_table(name: str, kind: Format, found: Iterable[Signal], words: Words) -> Response:
    """Signals with their companies as a file."""
    rows = ((*signal_cells(one, words), *company_cells(one.company)) for one in found)
    return table(name, kind, (*SIGNAL, *COMPANY), rows)


@exports_router.get("/search/export.{kind}")
def export_search(request: Request, user: SignedIn, kind: Format) -> Response:
    """What a search finds, the newest first, ten thousand at most."""
    words, site = words_of(request), site_of(request)
    asked = asked_of(request.query_params, words)
    expect_read(asked.unread)
    found = site.jobs.look(asked.search, words.today, "date", limit=MOST, offset=0).found
    with site.database.reading() as session:
        return signals_table("vigie-signals", kind, signals.by_ids(session, [one.signal for one in found]), words)


@exports_router.get("/ranking/export.{kind}")
def export_ranking(request: Request, user: SignedIn, kind: Format, offer: str, state: str = "hot") -> Response:
    """The leads of an offer in a state, the best first, as far as they meet the filters."""
    if state not in ("hot", "potential"):
        raise NotFound
    words, filters = words_of(request), filters_of(request.query_params)
    expect_read(filters.wrong)
    with site_of(request).database.reading() as session:
        offers.named(session, offer)
        found = meeting(scores.with_companies(session, offer, state), filters, words.today)[:MOST]
    rows = ((offer, one.state, one.timing, one.fit, one.day, *company_cells(one.company)) for one in found)
    return table("vigie-leads", kind, ("offer", "state", "timing", "fit", "day", *COMPANY), rows)


@exports_router.get("/leads/export.{kind}")
def export_leads(request: Request, user: SignedIn, kind: Format, asked: Annotated[Asked, Depends()]) -> Response:
    """The leads that the page lists, what is to be done soonest first."""
    site = site_of(request)
    with site.database.reading() as session:
        found = leads.listed(session, *asked.conditions(session, user, site), limit=MOST)
    rows = (
        (
            one.id,
            *(getattr(one, name) for name in LEAD),
            one.owner.email if one.owner else None,
            *company_cells(one.company),
        )
        for one in found
    )
    return table("vigie-leads", kind, ("lead_id", *LEAD, "owner", *COMPANY), rows)


@exports_router.get("/leads/export-events.{kind}")
def export_events(request: Request, user: SignedIn, kind: Format, asked: Annotated[Asked, Depends()]) -> Response:
    """What happened to the leads that the page lists, the newest first."""
    site, words = site_of(request), words_of(request)
    with site.database.reading() as session:
        found = leads.newest_events(session, *asked.conditions(session, user, site), limit=MOST)
        rows = [
            (one.id, one.lead_id, one.at, one.author, one.kind, one.code, happened(one, words), told(one, words))
            for one in found
        ]
    return table("vigie-lead-events", kind, EVENT, rows)


@exports_router.get("/watchlists/{number}/export.{kind}")
def export_list(request: Request, user: SignedIn, number: int, kind: Format) -> Response:
    """The companies on a list of the user's, by name."""
    with site_of(request).database.reading() as session:
        one = watchlists.of_id(session, user.rep, number)
        found = watchlists.on_list(session, one, limit=MOST)
    return table("vigie-companies", kind, COMPANY, map(company_cells, found))
