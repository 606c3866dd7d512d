"""What is new for who is signed in."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from web.access import SignedIn
from web.pages import show, words_of

today_router = APIRouter()


@today_router.get("/")
def today(request: Request, user: SignedIn) -> HTMLResponse:
    """The first page."""
    return show(request, "today", words_of(request).translations.gettext("Today"))
