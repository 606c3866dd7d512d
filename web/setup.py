"""The first steps of a new installation: an offer, companies, sources, mails; each can be skipped."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import ValidationError

from leads import offers
from leads.offers import Offer
from store import companies, sources
from store import offers as given
from web.access import Checked, SignedIn, changing, needs
from web.filters import listed
from web.pages import show, words_of
from web.site import site_of

Step = Literal["offer", "companies", "sources", "mail"]
STEPS: tuple[Step, ...] = get_args(Step)

setup_router = APIRouter(prefix="/setup", dependencies=[Depends(needs("admin"))])


def _page(request: Request, step: Step, error: str = "") -> HTMLResponse:
    site, words = site_of(request), words_of(request)
    with site.database.reading() as session:
        done: dict[str, int] = {
            "offer": len(offers.current(session)),
            "companies": companies.count(session),
            "sources": len(sources.active(session)),
            "mail": int(bool(site.jobs.about["mail.host"])),
        }
    at = STEPS.index(step)
    facts: dict[str, Any] = {
        "step": step,
        "steps": STEPS,
        "number": at + 1,
        "after": f"/setup?step={STEPS[at + 1]}" if at + 1 < len(STEPS) else "/",
        "done": done,
        "about": site.jobs.about,
    }
    title = words.translations.gettext("First steps")
    return show(request, "setup", title, 422 if error else 200, error=error, **facts)


@setup_router.get("")
def setup_page(request: Request, user: SignedIn, step: Step = "offer") -> HTMLResponse:
    """One of the steps."""
    return _page(request, step)


def _criteria(naf: str, place: str, least: str, most: str) -> list[dict[str, Any]]:
    """Who would buy, as the criteria of an offer: the activity counts most."""
    found: list[dict[str, Any]] = []
    if naf.strip():
        found.append({"criterion": "naf", "in": listed(naf), "points": 30})
    if least.strip() or most.strip():
        bounds = {"min": least.strip(), "max": most.strip()}
        found.append({"criterion": "headcount", "points": 20, **{key: one for key, one in bounds.items() if one}})
    if place.strip():
        found.append({"criterion": "department", "in": listed(place), "points": 10})
    return found


@setup_router.post("/offer", dependencies=[Checked])
def first_offer(
    request: Request,
    user: SignedIn,
    name: Annotated[str, Form()] = "",
    naf: Annotated[str, Form()] = "",
    place: Annotated[str, Form()] = "",
    least: Annotated[str, Form()] = "",
    most: Annotated[str, Form()] = "",
) -> Response:
    """Make an offer of a few answers; companies that meet the two that count most are potential leads."""
    gettext = words_of(request).translations.gettext
    fit = _criteria(naf, place, least, most)
    points = sorted((one["points"] for one in fit), reverse=True)
    content = {"name": name.strip(), "fit": fit, "thresholds": {"fit": sum(points[:2])}}
    try:
        offer = Offer.model_validate(content)
    except ValidationError:
        said = gettext("Give the offer a name, and write numbers of employees in digits.")
        return _page(request, "offer", said)
    with changing(request, user, "offer", offer.name) as session:
        offers.save(session, offer, user.rep.email)
        given.give(session, offer.name, [user.rep])
    return RedirectResponse("/setup?step=companies", 303)
