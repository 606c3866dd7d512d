"""The pages, as a FastAPI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from signals.localization import translations
from store.errors import Invalid, VigieError
from web.access import FormTooOld, SignInNeeded, visitor
from web.administration import administration_router
from web.api.leads import leads_api_router
from web.api.routes import api_router
from web.api.service import failed, make_api
from web.api.stories import stories_api_router
from web.calls import calls_router
from web.companies import companies_router
from web.contacts import contacts_router
from web.definitions import definitions_router
from web.digests import digests_router
from web.erasure import erasure_router
from web.exports import exports_router
from web.feeds import feeds_router
from web.imports import imports_router
from web.kept import at_its_own_address, kept_router, sent_again_at, typed
from web.lead_quality import lead_quality_router
from web.leads import leads_router
from web.limits import Limited
from web.mails import mails_router
from web.offer_leads import offer_leads_router
from web.offer_suggestions import offer_suggestions_router
from web.offers import offers_router
from web.pages import STATIC, language_of, show
from web.pipeline import pipeline_router
from web.ranking import ranking_router
from web.searching import searching_router
from web.settling import settling_router
from web.setup import setup_router
from web.signing import signing_router
from web.site import Site
from web.sources import sources_router
from web.stories import stories_router
from web.taxonomy import taxonomy_router
from web.team import team_router
from web.today import today_router
from web.tokens import tokens_router
from web.users import users_router
from web.verdicts import verdicts_router
from web.watchlists import watchlists_router

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
    " connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the addresses in mails are secrets
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


ROUTERS = (
    mails_router,
    offer_leads_router,
    offer_suggestions_router,
    signing_router,
    kept_router,
    today_router,
    exports_router,  # this and the next before that of the leads, whose numbers stand in the same place
    calls_router,
    team_router,
    pipeline_router,
    verdicts_router,
    definitions_router,
    lead_quality_router,
    leads_router,
    ranking_router,
    feeds_router,
    searching_router,
    companies_router,
    contacts_router,
    erasure_router,
    stories_router,
    settling_router,
    watchlists_router,
    imports_router,
    digests_router,
    offers_router,
    administration_router,
    sources_router,
    users_router,
    taxonomy_router,
    setup_router,
    tokens_router,
)


class _Static(StaticFiles):
    """Files that a browser keeps: their addresses change with their content."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        answer = super().file_response(*args, **kwargs)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


class _Head:
    """Answers HEAD as GET, on every page; the server leaves the body out (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = {**scope, "method": "GET"} if scope.get("method") == "HEAD" else scope
        await self.app(asked, receive, send)


def create_app(site: Site) -> FastAPI:
    """The application of an installation."""
    app = FastAPI(title="Vigie", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.site = site
    for router in ROUTERS:
        app.include_router(router)
    api = make_api(site)
    api.include_router(api_router)
    api.include_router(leads_api_router)
    api.include_router(stories_api_router)
    app.mount("/api/v1", api)
    app.mount("/static", _Static(directory=STATIC))

    app.add_middleware(Limited, refuse=_too_much)

    @app.middleware("http")
    async def guard(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        answer = await at_its_own_address(request, await go_on(request))
        for name, value in _HEADERS.items():
            answer.headers.setdefault(name, value)
        if site.is_private:
            answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return answer

    app.add_middleware(_Head)
    for kind in (SignInNeeded, FormTooOld):
        app.add_exception_handler(kind, _sign_in_first)
    for other in (VigieError, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(other, _refused)
    return app


def _too_much(request: Request, error: Exception) -> Response:
    """For a body that is too large, as the interface or the pages say it."""
    return failed(request, error) if request.url.path.startswith("/api/") else _refused(request, error)


async def _sign_in_first(request: Request, error: Exception) -> Response:
    """To the page to sign in, and from there to what was asked for, or to send again what was sent."""
    if request.method == "POST":
        goal = await sent_again_at(request)
    else:
        goal = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if not goal and isinstance(error, FormTooOld):
        return await run_in_threadpool(_refused, request, error)
    return RedirectResponse(f"/signin?{urlencode({'next': goal or '/'})}", 303)


def _refused(request: Request, error: Exception) -> Response:
    """One page for whatever goes wrong; no trace of the program reaches a reader."""
    request.state.refused = True
    if not hasattr(request.state, "user"):
        with suppress(VigieError):
            visitor(request)
    gettext = translations(language_of(request)).gettext
    status = error.status_code if isinstance(error, HTTPException) else getattr(error, "http_status", 500)
    if isinstance(error, RequestValidationError):
        status = Invalid.http_status
    titles = {
        403: gettext("This is not for you"),
        404: gettext("There is no such page"),
        413: gettext("This is too much at once"),
        422: gettext("This cannot be done so"),
    }
    details = {
        403: gettext("Your role does not allow it, or the page is too old: load it again and send it once more."),
        404: gettext("The address is not whole, or what it showed is no longer there."),
        413: gettext("Nothing of it was taken. Send less, or a file of at most 50 MB."),
        422: gettext("Go back, choose one of the answers and send it again."),
    }
    title = titles.get(status, gettext("This does not work now"))
    detail = details.get(status, gettext("Try again in some minutes; if it stays so, tell your administrator."))
    return show(request, "error", title, status, detail=detail, typed=_typed(error))


def _typed(error: Exception) -> list[str]:
    """What was typed into a form that cannot be read, but for what is secret, so that it is not lost."""
    sent = error.body if isinstance(error, RequestValidationError) else None
    return [value for _, value in typed(sent) if value.strip()] if isinstance(sent, FormData) else []
