"""What programs can ask: signals, companies, leads, watchlists, and what a text tells."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.orm import Session

from companies.columns import CRITERIA, source_of
from companies.folding import name_key
from companies.lookup import by_number
from leads import offers
from leads.wording import Words
from store import companies, scores, signals, users, watchlists
from store.base import utcnow
from store.errors import Conflict, Invalid, NotFound
from store.tables import Company, Score, User, Watchlist
from watch.searches import search_of
from web.api import models
from web.api.models import Page
from web.api.paging import Cursor, Limit, cursor_of, number_in, read_cursor
from web.api.service import Keeper, Reader, scope, words_for
from web.ranking import ledger
from web.site import site_of

api_router = APIRouter()


@api_router.get("/signals", tags=["signals"])
def list_signals(
    request: Request, user: Reader, asked: Annotated[models.SignalsAsked, Query()]
) -> Page[models.SignalModel]:
    """Signals on companies, those found last first."""
    site = site_of(request)
    search = search_of(asked.fields, site.taxonomy)
    before = number_in(asked.cursor) if asked.cursor else None
    page = site.jobs.look(search, utcnow().date(), "id", limit=asked.limit, after=asked.after, before=before)
    with site.database.reading() as session:
        found = sorted(signals.by_ids(session, [one.signal for one in page.found]), key=lambda one: -one.id)
    last = min((one.signal for one in page.found), default=0)
    more, words = cursor_of(str(last)) if len(page.found) == asked.limit else None, words_for(request, user)
    return Page(items=[models.SignalModel.of(one, words) for one in found], next=more)


@api_router.get("/signals/{number}", tags=["signals"])
def get_signal(request: Request, user: Reader, number: int) -> models.SignalModel:
    """A signal."""
    site = site_of(request)
    with site.database.reading() as session:
        found = signals.by_id(session, number)
    return models.SignalModel.of(found, words_for(request, user))


def _company(one: Company) -> models.CompanyModel:
    known = {}
    for name in CRITERIA:
        value = getattr(one, name)
        source, day = source_of(one, name)
        value = value.isoformat() if isinstance(value, date) else value
        known[name] = (
            models.Criterion(value=value, source=source, day=day) if value is not None else models.Criterion(value=None)
        )
    return models.CompanyModel(**models.CompanyRef.of(one).model_dump(), criteria=known, closed=one.closed)


@api_router.get("/companies", tags=["companies"])
def list_companies(
    request: Request,
    user: Reader,
    name: Annotated[str, Query(description="The beginning of a name.")] = "",
    siren: Annotated[str, Query(description="A SIREN, SIRET or French VAT number.")] = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Page[models.CompanyRef]:
    """Companies of the register: of a name or number, or all by their ids."""
    with site_of(request).database.reading() as session:
        if siren or name:
            found = (
                by_number(session, siren) if siren else companies.beginning_with(session, name_key(name), limit=limit)
            )
            return Page(items=[models.CompanyRef.of(one) for one in found])
        found = companies.after(session, number_in(cursor) if cursor else 0, limit=limit)
    more = cursor_of(str(found[-1].id)) if len(found) == limit else None
    return Page(items=[models.CompanyRef.of(one) for one in found], next=more)


@api_router.get("/companies/{number}", tags=["companies"])
def get_company(request: Request, user: Reader, number: int) -> models.CompanyModel:
    """A company with its criteria."""
    with site_of(request).database.reading() as session:
        found = companies.by_ids(session, [number])
    if not found:
        raise NotFound(f"there is no company {number}")
    return _company(found[number])


@api_router.get("/rankings", tags=["rankings"])
def list_offers(request: Request, user: Reader) -> list[models.OfferRef]:
    """The offers that companies are ranked for."""
    with site_of(request).database.reading() as session:
        counts = {one.name: scores.counts(session, one.name) for one in offers.current(session)}
    return [
        models.OfferRef(name=name, hot=of_state.get("hot", 0), potential=of_state.get("potential", 0))
        for name, of_state in counts.items()
    ]


def _lead(score: Score, words: Words) -> models.Lead:
    lines = [
        models.Line(part=one.part, points=one.points, reason=words.reason(one), signal=one.signal_id)
        for one in ledger(score)
    ]
    return models.Lead(
        company=models.CompanyRef.of(score.company),
        state=score.state,
        fit=score.fit,
        timing=score.timing,
        day=score.day,
        ledger=lines,
    )


@api_router.get("/rankings/{offer}", tags=["rankings"])
def list_leads(
    request: Request,
    user: Reader,
    offer: str,
    state: Literal["hot", "potential"] = "hot",
    cursor: Cursor = "",
    limit: Limit = 20,
) -> Page[models.Lead]:
    """The leads of an offer with their ledgers, the best first. 409 when companies were ranked anew meanwhile."""
    site = site_of(request)
    with site.database.reading() as session:
        offers.named(session, offer)
        ranked = scores.last_ranked(session)
        at, _, start = read_cursor(cursor).partition("|") if cursor else ("", "", "0")
        if cursor and not start.isdigit():
            raise Invalid("cursor: take it from `next` of the page before")
        if cursor and at != str(ranked):
            raise Conflict("companies were ranked anew: begin again without a cursor")
        found = scores.in_state(session, offer, state, limit=limit, offset=int(start))
        words = words_for(request, user)
        items = [_lead(one, words) for one in found]
    more = cursor_of(f"{ranked}|{int(start) + limit}") if len(found) == limit else None
    return Page(items=items, next=more)


def _list(one: Watchlist, size: int) -> models.WatchlistModel:
    return models.WatchlistModel(id=one.id, name=one.name, companies=size, muted=one.muted, asks=one.content)


@api_router.get("/watchlists", tags=["watchlists"])
def list_watchlists(request: Request, user: Reader) -> list[models.WatchlistModel]:
    """The lists of the token's user."""
    with site_of(request).database.reading() as session:
        found = watchlists.of_rep(session, user.rep)
        sizes = watchlists.sizes(session, found)
    return [_list(one, sizes.get(one.id, 0)) for one in found]


@api_router.post("/watchlists", tags=["watchlists"], status_code=201)
def make_watchlist(request: Request, user: Keeper, wanted: models.NewWatchlist) -> models.WatchlistModel:
    """Make a list; one that has the name is given as it is."""
    with site_of(request).database.session() as session:
        one = watchlists.save(session, user.rep, wanted.name.strip())
        size = watchlists.sizes(session, [one]).get(one.id, 0)
        users.note(session, user.rep.email, "list", f"{wanted.name} (API)")
    return _list(one, size)


@api_router.get("/watchlists/{number}/companies", tags=["watchlists"])
def list_watched(
    request: Request, user: Reader, number: int, cursor: Cursor = "", limit: Limit = 50
) -> Page[models.CompanyRef]:
    """The companies on a list, by name."""
    start = number_in(cursor) if cursor else 0
    with site_of(request).database.reading() as session:
        one = watchlists.of_id(session, user.rep, number)
        found = watchlists.on_list(session, one, limit=limit, offset=start)
    more = cursor_of(str(start + limit)) if len(found) == limit else None
    return Page(items=[models.CompanyRef.of(company) for company in found], next=more)


@api_router.get("/watchlists/{number}/signals", tags=["watchlists"])
def list_told(request: Request, user: Reader, number: int, limit: Limit = 50) -> Page[models.SignalModel]:
    """What was published last on a list's companies, or answers what it asks for."""
    site = site_of(request)
    with site.database.reading() as session:
        one = watchlists.of_id(session, user.rep, number)
        found = signals.newest_on_list(session, one.id, limit=limit)
    words = words_for(request, user)
    return Page(items=[models.SignalModel.of(signal, words) for signal in found])


def _changed(session: Session, user: User, number: int, company: int, verb: str) -> Watchlist:
    if not companies.by_ids(session, [company]):
        raise NotFound(f"there is no company {company}")
    users.note(session, user.rep.email, f"list {verb}", f"list {number}: #{company} (API)")
    return watchlists.of_id(session, user.rep, number)


@api_router.put("/watchlists/{number}/companies/{company}", tags=["watchlists"], status_code=204)
def watch(request: Request, user: Keeper, number: int, company: int) -> Response:
    """Put a company on a list."""
    with site_of(request).database.session() as session:
        watchlists.add(session, _changed(session, user, number, company, "add"), [company])
    return Response(status_code=204)


@api_router.delete("/watchlists/{number}/companies/{company}", tags=["watchlists"], status_code=204)
def unwatch(request: Request, user: Keeper, number: int, company: int) -> Response:
    """Take a company off a list."""
    with site_of(request).database.session() as session:
        watchlists.take_off(session, _changed(session, user, number, company, "drop"), [company])
    return Response(status_code=204)


@api_router.post("/classify", tags=["classify"])
def classify(
    request: Request, user: Annotated[User, Depends(scope("classify"))], wanted: models.TextToRead
) -> dict[str, Any]:
    """The events that a text tells, with their companies; nothing is kept."""
    return dict(site_of(request).jobs.classify(wanted.title, wanted.text))
