"""The digest of a user: as it would be sent now, when it comes, and what is held back from it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from digests.preferences import Preferences, prefer
from digests.schedule import DAYS
from digests.send import preview
from store import mails, offers, reps, signals
from store.base import utcnow
from store.tables import Rep
from watch.news import held_of
from watch.selection import Leads
from web.access import Checked, SignedIn, changing
from web.pages import paged, show, words_of
from web.settling import candidates_of
from web.site import site_of

_HELD = 50
_MAILS = 10
_ZONES = (
    "Europe/Paris",
    "Europe/Brussels",
    "Europe/Zurich",
    "Europe/Luxembourg",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Madrid",
    "Europe/Rome",
    "Africa/Casablanca",
    "Africa/Tunis",
    "America/Montreal",
    "America/New_York",
    "Indian/Reunion",
    "America/Martinique",
    "UTC",
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

digests_router = APIRouter()


@digests_router.get("/digest")
def digest_page(request: Request, user: SignedIn) -> HTMLResponse:
    """The digest and its settings."""
    site, words, now = site_of(request), words_of(request), utcnow()
    with site.database.reading() as session:
        rep = session.get_one(Rep, user.rep_id)
        schedule = site.sender.schedule(rep)
        facts: dict[str, Any] = {
            "rep": rep,
            "next": schedule.next(now),
            "zone": schedule.zone,
            "at": rep.digest_time or site.sender.at,
            "days": schedule.days,
            "all_days": list(enumerate(DAYS)),
            "zones": sorted({*_ZONES, str(schedule.zone)}),
            "offers": offers.of_rep(session, rep),
            "held": len(held_of(session, rep, site.sender.freshness(rep, now), now)),
            "mails": mails.of_rep(session, rep, limit=_MAILS),
        }
    return show(request, "digest", words.translations.gettext("Digest"), **facts)


@digests_router.get("/digest/held")
def held_page(request: Request, user: SignedIn, page: int = 1) -> HTMLResponse:
    """What is fresh on what the user follows and no mail tells: held back, or the mail had no room for it."""
    site, words, now = site_of(request), words_of(request), utcnow()
    with site.database.reading() as session:
        rep = session.get_one(Rep, user.rep_id)
        held = held_of(session, rep, site.sender.freshness(rep, now), now)
        pages = paged(request, page, len(held), _HELD)
        shown = held[pages.start : pages.end]
        meant = candidates_of(session, [one.signal for one in shown])
        title = words.translations.gettext("Held back")
        return show(request, "held", title, held=shown, number=len(held), pages=pages, meant=meant)


@digests_router.get("/digest/preview")
def digest_preview(request: Request, user: SignedIn) -> HTMLResponse:
    """The mail as it would be sent now, to be shown in a frame of its own: its styles stand in it."""
    site, now = site_of(request), utcnow()
    with site.database.reading() as session:
        rep = session.get_one(Rep, user.rep_id)
        _, _, html = preview(session, rep, site.sender, Leads(site.database, now - reps.LONGEST), now)
    html = html.replace("<head>", '<head><base target="_blank">', 1)
    return HTMLResponse(html, headers={"Content-Security-Policy": _POLICY})


class DigestForm(BaseModel):
    """The form of a user's mails. A box that is not ticked is not sent."""

    at: str
    zone: str
    day: list[str]
    when_empty: Literal["short", "none"]
    most: int = Field(ge=1, le=200)
    language: Literal["fr", "en"]
    offer: str = ""
    subscribed: bool = False


@digests_router.post("/digest/settings", dependencies=[Checked])
def change_digest(request: Request, user: SignedIn, form: Annotated[DigestForm, Form()]) -> RedirectResponse:
    """Change when, how and in which language the user is written to."""
    wished = Preferences.model_validate({**form.model_dump(), "days": ",".join(form.day)})
    with changing(request, user, "digest", user.rep.email) as session:
        rep = session.get_one(Rep, user.rep_id)
        prefer(session, rep, wished)
        site_of(request).sender.schedule(rep).next(utcnow())
    return RedirectResponse("/digest", 303)


@digests_router.post("/digest/release", dependencies=[Checked])
def release(request: Request, user: SignedIn, signal: Annotated[int, Form()]) -> RedirectResponse:
    """Let a signal that is held back be told with the next digest."""
    with changing(request, user, "release", f"signal {signal}") as session:
        reps.release(session, user.rep, signals.by_id(session, signal).id)
    return RedirectResponse("/digest/held", 303)
