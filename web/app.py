"""The pages, as a FastAPI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from digests.links import Links
from signals.types import Taxonomy
from signals.wording import translations
from store.database import Database
from store.errors import Invalid, VigieError
from web.mails import mails_router
from web.pages import language_of, page

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the addresses in mails are secrets
    "Cache-Control": "no-store",
}


def create_app(database: Database, links: Links, taxonomy: Taxonomy) -> FastAPI:
    """The application on a database; `links` are those of its mails."""
    app = FastAPI(title="Vigie", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.database, app.state.links, app.state.taxonomy = database, links, taxonomy
    app.include_router(mails_router)

    @app.middleware("http")
    async def guard(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        answer = await go_on(request)
        for name, value in _HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    def refused(request: Request, error: Exception) -> HTMLResponse:
        """One page for whatever goes wrong; no trace of the program reaches a reader."""
        gettext = translations(language_of(request)).gettext
        status = error.status_code if isinstance(error, HTTPException) else getattr(error, "http_status", 500)
        if isinstance(error, RequestValidationError):
            status = Invalid.http_status
        titles = {404: gettext("There is no such page"), 422: gettext("This cannot be done so")}
        details = {
            404: gettext("Take the whole address from the mail; a letter may be missing."),
            422: gettext("Go back, choose one of the answers and send it again."),
        }
        title = titles.get(status, gettext("This does not work now"))
        detail = details.get(status, gettext("Try again in some minutes; if it stays so, tell your administrator."))
        return page("error", language_of(request), status, title=title, detail=detail)

    for kind in (VigieError, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, refused)
    return app
