"""The pipeline: what is in each stage, what it is worth, and what stays too long."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import true

from leads.pipeline import pipeline
from store import leads, offers, reps
from store.base import utcnow
from store.tables import Lead
from web.access import SignedIn
from web.leads import seen_by
from web.pages import show, words_of
from web.site import site_of

pipeline_router = APIRouter(prefix="/leads/pipeline")


@pipeline_router.get("")
def pipeline_page(request: Request, user: SignedIn, offer: str = "", rep: int = 0) -> HTMLResponse:
    """The pipeline of all leads that the user may see, of an offer or of a rep."""
    with site_of(request).database.reading() as session:
        where = seen_by(session, user, site_of(request)) & (Lead.offer == offer if offer else true())
        where &= leads.owned_by(rep) if rep else true()
        found = pipeline(session, where, utcnow())
        return show(
            request,
            "pipeline",
            words_of(request).translations.gettext("Pipeline"),
            pipeline=found,
            most=max(one.number for one in found.rows),
            offers=[one.name for one in offers.current(session)],
            reps=reps.everyone(session) if user.role != "rep" else [],
            chosen={"offer": offer, "rep": rep},
        )
