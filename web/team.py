"""Who sells how, and what each has to do: the managers' page of the team, and everybody's own days away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from leads import offers
from leads.conditions import Place
from leads.routing import CHANNELS, Channel
from leads.stages import FIRST
from store import lead_figures, leads, reps
from store.base import utcnow
from store.errors import Invalid, NotFound
from store.tables import Rep, SalesProfile
from web.access import Checked, SignedIn, changing, needs
from web.filters import listed
from web.messages import Message, redirect
from web.pages import show, words_of
from web.site import site_of
from web.typed import day as day_of

DAYS = 30
_MOST = 100  # leads that are late
_WEEKS = 4  # of which the leads that came are counted
_PLACES = TypeAdapter(tuple[Place, ...])

team_router = APIRouter(prefix="/leads/team")
ByManagers = [Checked, Depends(needs("manager"))]


@team_router.get("", dependencies=[Depends(needs("manager"))])
def team_page(request: Request, user: SignedIn) -> HTMLResponse:
    """What each rep has open and late, how many they accepted in time, and how they sell."""
    now = utcnow()
    with site_of(request).database.reading() as session:
        loads = lead_figures.team_loads(session, now, now - timedelta(days=DAYS))
        facts: dict[str, Any] = {
            "reps": reps.everyone(session),
            "loads": loads,
            "nothing": lead_figures.Load(),
            "profiles": leads.profiles(session),
            "late": leads.listed(session, *leads.wanted(leads.is_late(now)), limit=_MOST),
            "waiting": leads.count(session, leads.to_be_taken(), stage=FIRST),
            "came": _weekly(session, now),
            "weeks": _WEEKS,
            "channels": CHANNELS,
            "days": DAYS,
            "today": now.date(),
        }
    return show(request, "team", words_of(request).translations.gettext("Team"), **facts)


def _weekly(session: Session, now: datetime) -> list[tuple[str, int | None, float]]:
    """For each offer how many leads a week its contract expects, and how many came on average."""
    came = lead_figures.opened(session, now - timedelta(weeks=_WEEKS))
    return [(one.name, one.contract.weekly, came.get(one.name, 0) / _WEEKS) for one in offers.current(session)]


class ProfileForm(BaseModel):
    """How a rep sells."""

    team: str = ""
    channel: Channel = "field"
    skills: str = ""
    territory: str = ""
    most_open: str = ""


@team_router.post("/{number}/profile", dependencies=ByManagers)
def change_profile(
    request: Request, user: SignedIn, number: int, form: Annotated[ProfileForm, Form()]
) -> RedirectResponse:
    """Say how a rep sells."""
    words = words_of(request)
    try:
        territory = _PLACES.validate_python([one.upper() for one in listed(form.territory)])
        most = int(form.most_open) if form.most_open.strip() else None
    except (ValidationError, ValueError):
        raise Invalid(
            words.translations.gettext("Write the territory as 69, 2A, DE and the most open leads as 40.")
        ) from None
    with changing(request, user, "profile", f"#{number}") as session:
        if session.get(Rep, number) is None:
            raise NotFound
        profile = leads.profile_of(session, number)
        profile.team, profile.channel = form.team.strip()[:100], form.channel
        profile.skills, profile.territory, profile.most_open = listed(form.skills), list(territory), most
    return redirect(request, "/leads/team", Message(words.translations.gettext("It is saved.")))


@team_router.get("/away")
def away_page(request: Request, user: SignedIn) -> HTMLResponse:
    """When the user is away, and who has their new leads then."""
    with site_of(request).database.reading() as session:
        profile = session.get(SalesProfile, user.rep_id)
        others = [one for one in reps.everyone(session) if one.id != user.rep_id]
        title = words_of(request).translations.gettext("Days away")
        return show(request, "away", title, profile=profile, others=others)


@team_router.post("/away", dependencies=[Checked])
def be_away(
    request: Request,
    user: SignedIn,
    away_from: Annotated[str, Form()] = "",
    away_until: Annotated[str, Form()] = "",
    stand_in: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Say when the user is away, and who has their new leads then; no days: not at all."""
    words = words_of(request)
    start, end = day_of(away_from, words), day_of(away_until, words)
    if start and end and start > end:
        raise Invalid(words.translations.gettext("The last day comes before the first."))
    with changing(request, user, "away", f"{away_from} - {away_until}") as session:
        other = session.get(Rep, int(stand_in)) if stand_in.isdecimal() else None
        profile = leads.profile_of(session, user.rep_id)
        profile.away_from, profile.away_until = start, end
        profile.stand_in_id = other.id if other and other.id != user.rep_id else None
    return redirect(request, "/leads/team/away", Message(words.translations.gettext("It is saved.")))
