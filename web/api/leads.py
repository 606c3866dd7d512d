"""Leads for programs: read, opened, taken, worked on and moved, as their user may on the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session

from leads import lifecycle
from leads.wording import Words
from store import companies, leads, offers, signals, tables, users
from store.base import utcnow
from store.errors import NotFound
from store.tables import User
from web.api.lead_models import (
    Activity,
    Called,
    EventModel,
    Known,
    LeadDetail,
    LeadModel,
    Moved,
    NewLead,
    Noted,
    Task,
)
from web.api.models import Page
from web.api.paging import Cursor, Limit, cursor_of, number_in
from web.api.service import Seller, words_for
from web.leads import seen, seen_by, whose_leads
from web.site import site_of

leads_api_router = APIRouter(prefix="/leads", tags=["leads"])
Whose = Literal["mine", "nobody", "all"]
_Change = Callable[[Session, tables.Lead], object]


@leads_api_router.get("")
def list_leads(
    request: Request,
    user: Seller,
    whose: Whose = "all",
    stage: str = "",
    offer: str = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Page[LeadModel]:
    """The leads that the user may see, open or closed, those opened last first."""
    with site_of(request).database.reading() as session:
        where = [whose_leads(session, user, site_of(request), whose)]
        where += [tables.Lead.stage == stage] if stage else []
        where += [tables.Lead.offer == offer] if offer else []
        found = leads.before(session, number_in(cursor) if cursor else None, *where, limit=limit)
        items = [LeadModel.of(one) for one in found]
    return Page(items=items, next=cursor_of(str(items[-1].id)) if len(items) == limit else None)


@leads_api_router.get("/events")
def list_events(
    request: Request,
    user: Seller,
    after: Annotated[int, Query(ge=0, description="Only events with a higher id: what is new since.")] = 0,
    limit: Limit = 50,
) -> list[EventModel]:
    """What happened to the leads that the user may see, the oldest first."""
    words = words_for(request, user)
    with site_of(request).database.reading() as session:
        found = leads.events_after(session, after, seen_by(session, user, site_of(request)), limit=limit)
        return [EventModel.of(one, words) for one in found]


@leads_api_router.get("/tasks")
def list_tasks(request: Request, user: Seller, whose: Whose = "mine", limit: Limit = 50) -> list[Task]:
    """What is to be done on open leads, what is late first, then what is to be done soonest."""
    now = utcnow()
    with site_of(request).database.reading() as session:
        where = leads.wanted(whose_leads(session, user, site_of(request), whose), leads.is_to_be_done())
        return [Task.of(one, now) for one in leads.listed(session, *where, limit=limit)]


def _detail(session: Session, number: int, words: Words) -> LeadDetail:
    lead = leads.by_id(session, number)
    speaking = leads.signals_of(session, lead)
    return LeadDetail(
        **dict(LeadModel.of(lead)),
        signals=[one.id for one, joined in speaking if not joined.retracted_at],
        retracted=[one.id for one, joined in speaking if joined.retracted_at],
        events=[EventModel.of(one, words) for one in leads.events(session, [number])[number]],
    )


@leads_api_router.get("/{number}")
def get_lead(request: Request, user: Seller, number: int) -> LeadDetail:
    """A lead with its signals and all that happened to it."""
    with site_of(request).database.reading() as session:
        seen(session, user, site_of(request), number)
        return _detail(session, number, words_for(request, user))


def _changed(request: Request, user: User, number: int, what: str, change: _Change) -> LeadDetail:
    """Change a lead that the user may change, and give it as it is then."""
    site = site_of(request)
    with site.database.session() as session:
        change(session, seen(session, user, site, number, to_change=True))
        users.note(session, user.rep.email, "lead", f"#{number} {what} (API)")
        session.flush()
        return _detail(session, number, words_for(request, user))


@leads_api_router.post("", status_code=201)
def open_lead(request: Request, user: Seller, wanted: NewLead) -> LeadDetail:
    """Make a lead of a company, to be taken or given out; the open one where there is one already."""
    with site_of(request).database.session() as session:
        company = companies.by_ids(session, [wanted.company]).get(wanted.company)
        sold = offers.of_rep(session, user.rep) if user.role == "rep" else [one.name for one in offers.current(session)]
        if company is None or wanted.offer not in sold:
            raise NotFound(f"there is no company {wanted.company}, or no offer '{wanted.offer}' that you sell")
        of_it = [one for one in signals.by_ids(session, wanted.signals) if one.company_id == company.id]
        author, now = user.rep.email, utcnow()
        lead, _ = lifecycle.open_lead(
            session, company, wanted.offer, of_it, origin="api", author=author, now=now, told_by=wanted.told_by
        )
        seen(session, user, site_of(request), lead.id)
        users.note(session, user.rep.email, "lead", f"#{company.id} for {wanted.offer} (API)")
        return _detail(session, lead.id, words_for(request, user))


@leads_api_router.post("/{number}/take")
def take(request: Request, user: Seller, number: int) -> LeadDetail:
    """Take a lead: it is the user's, and accepted."""

    def change(session: Session, lead: tables.Lead) -> None:
        lifecycle.take(session, lead, session.merge(user.rep, load=False), utcnow())

    return _changed(request, user, number, "taken", change)


@leads_api_router.post("/{number}/moves")
def move(request: Request, user: Seller, number: int, wanted: Moved) -> LeadDetail:
    """Move a lead to another stage. 422 says which conditions are missing."""

    def change(session: Session, lead: tables.Lead) -> None:
        lifecycle.move(
            session,
            lead,
            wanted.stage,
            user.rep.email,
            utcnow(),
            reason=wanted.reason,
            returned=wanted.returned,
            returns_on=wanted.returns_on,
        )

    return _changed(request, user, number, f"to {wanted.stage}", change)


@leads_api_router.post("/{number}/calls")
def call(request: Request, user: Seller, number: int, wanted: Called) -> LeadDetail:
    """Note a call."""

    def change(session: Session, lead: tables.Lead) -> None:
        lifecycle.call(session, lead, user.rep.email, wanted.result, wanted.text)

    return _changed(request, user, number, f"called: {wanted.result}", change)


@leads_api_router.post("/{number}/notes")
def note(request: Request, user: Seller, number: int, wanted: Noted) -> LeadDetail:
    """Write a note on a lead."""

    def change(session: Session, lead: tables.Lead) -> None:
        lifecycle.tell(session, lead, user.rep.email, wanted.text)

    return _changed(request, user, number, "noted", change)


@leads_api_router.post("/{number}/activities")
def activity(request: Request, user: Seller, number: int, wanted: Activity) -> LeadDetail:
    """Note what another system knows of a lead: a mail that was opened, a page that was visited."""

    def change(session: Session, lead: tables.Lead) -> None:
        lifecycle.activity(session, lead, user.rep.email, wanted.name, wanted.text)

    return _changed(request, user, number, wanted.name, change)


@leads_api_router.patch("/{number}")
def fill_in(request: Request, user: Seller, number: int, wanted: Known) -> LeadDetail:
    """Write down what became known of a lead, or what is to be done next."""
    given = wanted.model_dump(exclude_unset=True)

    def change(session: Session, lead: tables.Lead) -> None:
        author = user.rep.email
        is_project = given.pop("project", False)
        action, on = given.pop("next_action", lead.next_action), given.pop("next_on", lead.next_on)
        lifecycle.fill_in(session, lead, author, **{name: one for name, one in given.items() if _is_said(name, one)})
        lifecycle.plan(session, lead, author, action or "", on)
        if is_project and lead.kind != "project":
            lifecycle.make_project(session, lead, author)

    return _changed(request, user, number, "filled in", change)


def _is_said(name: str, value: object) -> bool:
    """Whether a field says something: only an amount can be said not to be known."""
    return value is not None or name in lifecycle.AMOUNTS
