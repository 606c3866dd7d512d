"""Leads: a rep's own and those nobody has taken, each with why now, what is known of it, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel
from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from leads import acceptance, lifecycle, points
from leads.lead_wording import condition
from leads.offers import of_leads
from leads.stages import FIRST, RETURNED, STAGES, TEMPERATURES, missing, missing_of_a_project, next_stages
from leads.wording import Words
from store import companies, leads, offers, scores, signals
from store.base import utcnow
from store.errors import Conflict, Invalid, NotFound
from store.tables import Lead, User
from web.access import Checked, SignedIn, changing
from web.contacts import people_at
from web.messages import Message, redirect
from web.pages import paged, show, words_of
from web.site import Site, site_of
from web.typed import day as day_of
from web.typed import euros

_A_PAGE, _A_STAGE = 50, 20  # leads of a list, and of each stage of a board
_PEOPLE = 5
_LONGEST = 2000  # characters of what is written

leads_router = APIRouter()
TextField = Annotated[str, Form(max_length=_LONGEST)]


def _others_seen(session: Session, user: User, site: Site) -> set[int]:
    """The reps whose leads a rep sees beside their own: nobody's, or the team's where the installation says so."""
    return leads.team_of(session, user.rep_id) if site.reps_see == "team" else set()


def seen_by(session: Session, user: User, site: Site) -> ColumnElement[bool]:
    """The leads that a user may see: their own, those to be taken of what they sell, their team's; a manager all."""
    if user.role != "rep":
        return true()
    own = Lead.owner_id.in_({user.rep_id, *_others_seen(session, user, site)})
    return own | leads.to_be_taken(offers.of_rep(session, user.rep))


def seen(session: Session, user: User, site: Site, number: int, *, to_change: bool = False) -> Lead:
    """A lead that the user may see; a rep changes none of another's. Raises `NotFound`."""
    lead = leads.by_id(session, number, to_change=to_change)
    if user.role != "rep" or lead.owner_id == user.rep_id:
        return lead
    if lead.owner_id is None and lead.offer in offers.of_rep(session, user.rep):
        return lead
    if not to_change and lead.owner_id in _others_seen(session, user, site):
        return lead
    raise NotFound(f"there is no lead #{number}")


def whose_leads(session: Session, user: User, site: Site, whose: str) -> ColumnElement[bool]:
    """Which leads a page lists: the user's own, those to be taken (`nobody`), or `all` that they may see."""
    if whose == "all":
        return seen_by(session, user, site)
    if whose == "nobody":
        return leads.to_be_taken(offers.of_rep(session, user.rep) if user.role == "rep" else None)
    return leads.owned_by(user.rep_id)


class Asked(BaseModel):
    """Which leads are asked for: the user's own, those to be taken (`nobody`) or `all` that they may see."""

    whose: str = ""
    stage: str = ""
    offer: str = ""
    temperature: str = ""

    def conditions(self, session: Session, user: User, site: Site) -> list[ColumnElement[bool]]:
        """The conditions of the open leads that are asked for, or of those of a stage."""
        return leads.wanted(
            whose_leads(session, user, site, self.whose),
            stage=self.stage if self.stage in STAGES else None,
            offer=self.offer or None,
            temperature=self.temperature if self.temperature in TEMPERATURES else None,
        )


@leads_router.get("/leads")
def leads_page(
    request: Request,
    user: SignedIn,
    asked: Annotated[Asked, Depends()],
    view: Literal["list", "board"] = "list",
    page: int = 1,
) -> HTMLResponse:
    """The leads of the user's, those that nobody has taken, or for a manager all; what is late comes first."""
    words = words_of(request)
    with site_of(request).database.reading() as session:
        wanted = asked.conditions(session, user, site_of(request))
        numbers = leads.by_stage(session, *wanted)
        pages = paged(request, page, sum(numbers.values()), _A_PAGE)
        facts: dict[str, Any] = {
            "numbers": numbers,
            "pages": pages,
            "now": utcnow(),
            "chosen": {**asked.model_dump(), "view": view},
            "stages": STAGES,
            "temperatures": TEMPERATURES,
            "offers": [one.name for one in offers.current(session)],
        }
        if view == "board":
            those = {one: leads.listed(session, *wanted, Lead.stage == one, limit=_A_STAGE) for one in numbers}
            facts["board"] = [(one, those[one]) for one in STAGES if one in those]
        else:
            facts["leads"] = leads.listed(session, *wanted, limit=_A_PAGE, skip=pages.start)
        return show(request, "leads", words.translations.gettext("My leads"), **facts)


def _lacking(conditions: Iterable[str], words: Words) -> str:
    return ", ".join(condition(one, words) for one in conditions)


def _page(request: Request, user: User, number: int, error: str = "") -> HTMLResponse:
    words = words_of(request)
    with site_of(request).database.reading() as session:
        lead = seen(session, user, site_of(request), number)
        happened = leads.events(session, [number])[number]
        known = lifecycle.known_of(lead, happened, "-")  # a reason is asked by the form
        goals = next_stages(lead.stage)
        speaking = leads.signals_of(session, lead)
        called = max((one.at for one in happened if one.kind == "call"), default=None)
        offer = of_leads(session, lead.offer)
        facts: dict[str, Any] = {
            "lead": lead,
            "error": error,
            "signals": speaking,
            "called": called,
            "people": people_at(session, lead.company_id, [one for one, _ in speaking], words.taxonomy)[:_PEOPLE],
            "new": sum(bool(called and one.joined_at > called) and not one.retracted_at for _, one in speaking),
            "events": happened[::-1],
            "moves": [(to, _lacking(missing(lead.stage, to, known) or (), words)) for to in goals],
            "now": utcnow(),
            "returns": offer.contract.returns,
            "results": lifecycle.RESULTS,
            "temperatures": TEMPERATURES,
            "purchases": lifecycle.PURCHASES,
            "score": next(iter(scores.of_companies(session, lead.offer, [lead.company_id])), None),
            "points": points.lines(offer.scoring, happened, lead.closed_at or utcnow()),
            "likely": acceptance.likely(session, lead) if lead.stage == FIRST else None,
            "is_other": user.role == "rep" and lead.owner_id not in (None, user.rep_id),
            "lacking": _lacking(missing_of_a_project(known), words),
        }
        return show(request, "lead", f"{lead.company.name} · {lead.offer}", 422 if error else 200, **facts)


@leads_router.get("/leads/{number}")
def lead_page(request: Request, user: SignedIn, number: int) -> HTMLResponse:
    """A lead: why now, what is known, what to do next, and all that happened to it."""
    return _page(request, user, number)


def _changed(
    request: Request, user: User, number: int, what: str, change: Callable[[Session, Lead], object], said: str = ""
) -> Response:
    """Change a lead that the user may see and go back to its page, which says what is wrong where it cannot be."""
    words = words_of(request)
    try:
        with changing(request, user, "lead", f"#{number} {what}") as session:
            change(session, seen(session, user, site_of(request), number, to_change=True))
    except lifecycle.Lacking as error:
        missed = words.translations.gettext("Missing: {conditions}")
        return _page(request, user, number, missed.format(conditions=_lacking(error.conditions, words)))
    except (Invalid, Conflict) as error:
        return _page(request, user, number, str(error))
    return redirect(request, _to(number), Message(said) if said else None)


def _to(number: int) -> str:
    return f"/leads/{number}"


@leads_router.post("/leads/open", dependencies=[Checked])
def open_lead(
    request: Request,
    user: SignedIn,
    company: Annotated[int, Form()],
    offer: Annotated[str, Form(max_length=100)],
    signal: Annotated[list[int] | None, Form()] = None,
) -> RedirectResponse:
    """Make a lead of a company for an offer, with the signals that speak for it, and take it."""
    words, now = words_of(request), utcnow()
    with changing(request, user, "lead", f"#{company} for {offer}") as session:
        found = companies.by_ids(session, [company])
        if company not in found or offer not in [one.name for one in offers.current(session)]:
            raise NotFound
        of_it = [one for one in signals.by_ids(session, signal or ()) if one.company_id == company]
        rep = session.merge(user.rep, load=False)
        lead, is_new = lifecycle.open_lead(
            session, found[company], offer, of_it, origin="page", author=rep.email, now=now
        )
        if lead.owner_id is None:
            lifecycle.take(session, lead, rep, now)
        number = lead.id
    said = words.translations.gettext("It is your lead now.") if is_new else ""
    return redirect(request, _to(number), Message(said) if said else None)


@leads_router.post("/leads/{number}/take", dependencies=[Checked])
def take(request: Request, user: SignedIn, number: int) -> Response:
    """Take a lead."""

    def change(session: Session, lead: Lead) -> None:
        lifecycle.take(session, lead, session.merge(user.rep, load=False), utcnow())

    return _changed(request, user, number, "taken", change)


@leads_router.post("/leads/{number}/move", dependencies=[Checked])
def move(
    request: Request,
    user: SignedIn,
    number: int,
    stage: Annotated[str, Form()],
    reason: TextField = "",
    returned: Annotated[str, Form(max_length=40)] = "",
    returns_on: Annotated[str, Form()] = "",
) -> Response:
    """Move a lead to another stage. A move that is not allowed says which conditions are missing."""
    words = words_of(request)

    def change(session: Session, lead: Lead) -> None:
        back = day_of(returns_on, words) if stage == "nurturing" else None
        why = returned if stage in RETURNED else ""
        lifecycle.move(session, lead, stage, user.rep.email, utcnow(), reason=reason, returned=why, returns_on=back)

    return _changed(request, user, number, f"to {stage}", change)


@leads_router.post("/leads/{number}/call", dependencies=[Checked])
def call(
    request: Request,
    user: SignedIn,
    number: int,
    result: Annotated[str, Form()],
    text: TextField = "",
    next_on: Annotated[str, Form()] = "",
) -> Response:
    """Note a call, and when to call again."""
    words = words_of(request)

    def change(session: Session, lead: Lead) -> None:
        note_call(session, lead, user, result, text, next_on, words)

    return _changed(request, user, number, f"called: {result}", change)


def note_call(session: Session, lead: Lead, user: User, result: str, text: str, next_on: str, words: Words) -> None:
    """Note a call of the user's, and when to call again, where a day was typed."""
    lifecycle.call(session, lead, user.rep.email, result, text)
    if on := day_of(next_on, words):
        lifecycle.plan(session, lead, user.rep.email, words.translations.gettext("Call again"), on)


@leads_router.post("/leads/{number}/note", dependencies=[Checked])
def note(request: Request, user: SignedIn, number: int, text: TextField) -> Response:
    """Write a note on a lead."""
    return _changed(
        request, user, number, "noted", lambda session, lead: lifecycle.tell(session, lead, user.rep.email, text)
    )


class KnownForm(BaseModel):
    """What is known of a lead, and what is to be done next. A field that is left empty is not known."""

    decision_maker: str = ""
    need: str = ""
    timeframe: str = ""
    told_by: str = ""
    phone: str = ""
    purchase: str = "simple"
    budget: str = ""
    amount: str = ""
    temperature: str = "follow"
    next_action: str = ""
    next_on: str = ""
    project: bool = False


@leads_router.post("/leads/{number}/known", dependencies=[Checked])
def fill_in(request: Request, user: SignedIn, number: int, form: Annotated[KnownForm, Form()]) -> Response:
    """Write down what is known of a lead; a tip of which enough is known can be made a project."""
    author, words = user.rep.email, words_of(request)

    def change(session: Session, lead: Lead) -> None:
        values: dict[str, Any] = {name: getattr(form, name)[:_LONGEST] for name in lifecycle.TEXTS}
        values |= {name: euros(getattr(form, name), words) for name in lifecycle.AMOUNTS}
        values |= {"temperature": form.temperature, "purchase": form.purchase}
        lifecycle.fill_in(session, lead, author, **values)
        lifecycle.plan(session, lead, author, form.next_action[:_LONGEST], day_of(form.next_on, words))
        if form.project and lead.kind != "project":
            lifecycle.make_project(session, lead, author)

    return _changed(request, user, number, "filled in", change, words.translations.gettext("It is saved."))
