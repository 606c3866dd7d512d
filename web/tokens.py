"""The tokens by which a user's programs ask the interface."""

from __future__ import annotations

import secrets
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from store import tokens
from web.access import Checked, SignedIn, changing, token_hash
from web.api.service import A_MINUTE, Scope
from web.messages import Message, redirect
from web.pages import show, words_of
from web.site import site_of

tokens_router = APIRouter()


def _page(request: Request, user: SignedIn) -> HTMLResponse:
    with site_of(request).database.reading() as session:
        found = tokens.of_user(session, user)
    title = words_of(request).translations.gettext("Programs")
    facts: dict[str, Any] = {"tokens": found, "scopes": get_args(Scope), "a_minute": A_MINUTE}
    return show(request, "tokens", title, base=site_of(request).sender.links.base, **facts)


@tokens_router.get("/tokens")
def tokens_page(request: Request, user: SignedIn) -> HTMLResponse:
    """The user's tokens."""
    return _page(request, user)


@tokens_router.post("/tokens", dependencies=[Checked])
def make_token(
    request: Request,
    user: SignedIn,
    name: Annotated[str, Form(min_length=1, max_length=100)],
    scope: Annotated[list[Scope], Form()],
) -> RedirectResponse:
    """Make a token; it is shown this once."""
    made = f"vigie_{secrets.token_urlsafe(32)}"
    with changing(request, user, "token", f"{name}: {', '.join(scope)}") as session:
        tokens.add(session, user, name.strip(), token_hash(made), scope)
    said = words_of(request).translations.gettext("Copy the token now, it is not shown again:")
    return redirect(request, "/tokens", Message(said, made))


@tokens_router.post("/tokens/remove", dependencies=[Checked])
def remove_token(request: Request, user: SignedIn, number: Annotated[int, Form()]) -> RedirectResponse:
    """Let a token hold no more."""
    with changing(request, user, "token remove", f"#{number}") as session:
        tokens.remove(session, user, number)
    return RedirectResponse("/tokens", 303)
