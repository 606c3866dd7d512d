"""A session of calls: one lead after the other, each call noted with one key."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from leads import lifecycle
from leads.stages import FIRST
from store import leads
from store.base import utcnow
from store.errors import NotFound
from web.access import Checked, SignedIn, changing
from web.contacts import people_at
from web.leads import TextField, note_call
from web.messages import Message, redirect
from web.pages import show, words_of
from web.site import site_of

calls_router = APIRouter(prefix="/leads/calls")


@calls_router.get("")
def calls_page(request: Request, user: SignedIn, skip: Annotated[list[int] | None, Query()] = None) -> HTMLResponse:
    """The next of the user's leads to be called today, with why; those to `skip` come no more."""
    words, skipped = words_of(request), list(dict.fromkeys(skip or ()))
    midnight = datetime.combine(words.today, time(), words.zone)
    with site_of(request).database.reading() as session:
        queue = leads.to_be_called(session, user.rep_id, midnight, words.today)
        left = [one for one in queue if one.id not in skipped]
        lead = left[0] if left else None
        speaking = leads.signals_of(session, lead) if lead else []
        told = [one for one, joined in speaking if not joined.retracted_at]
        facts: dict[str, Any] = {
            "lead": lead,
            "left": len(left),
            "skipped": skipped,
            "signals": told,
            "people": people_at(session, lead.company_id, told, words.taxonomy)[:1] if lead else [],
            "results": lifecycle.RESULTS,
            "called": leads.calls_since(session, user.rep.email, midnight),
        }
        return show(request, "calls", words.translations.gettext("Calls"), **facts)


@calls_router.post("/{number}", dependencies=[Checked])
def call(
    request: Request,
    user: SignedIn,
    number: int,
    result: Annotated[str, Form()],
    text: TextField = "",
    next_on: Annotated[str, Form()] = "",
    skip: Annotated[list[int] | None, Form()] = None,
) -> RedirectResponse:
    """Note a call to one of the user's leads, and go on to the next."""
    words = words_of(request)
    with changing(request, user, "lead", f"#{number} called: {result}") as session:
        lead = leads.by_id(session, number, to_change=True)
        if lead.owner_id != user.rep_id:
            raise NotFound
        if lead.stage == FIRST:
            lifecycle.take(session, lead, session.merge(user.rep, load=False), utcnow())
        note_call(session, lead, user, result, text, next_on, words)
        name = lead.company.name
    query = "&".join(f"skip={one}" for one in skip or ())
    said = words.translations.gettext("The call to {company} is noted.").format(company=name)
    return redirect(request, f"/leads/calls?{query}" if query else "/leads/calls", Message(said))
