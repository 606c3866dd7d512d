"""The interface as an application of its own: who may ask what, how often, and how errors are said."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from hashlib import sha256
from threading import Lock
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from leads.wording import Words
from store import tokens
from store.base import utcnow
from store.errors import VigieError
from store.tables import ApiToken, User
from web.access import token_hash
from web.site import Site, site_of

Scope = Literal["read", "watchlists", "classify", "leads"]
A_MINUTE = 120
"""Requests that a token may make a minute, as far as one process counts them."""
_BEARER = HTTPBearer(auto_error=False, description="A token, made on the page /tokens")


class TokenNeeded(VigieError):
    """Send a token that holds: Authorization: Bearer vigie_…"""

    http_status = 401


class ScopeNeeded(VigieError):
    """The token may not do this."""

    http_status = 403


class TooMany(VigieError):
    """Too many requests; ask again when Retry-After is over."""

    http_status = 429


class _Limit:
    """Counts the requests of each token in minutes."""

    def __init__(self) -> None:
        self._counts: dict[int, tuple[int, int]] = {}
        self._lock = Lock()

    def count(self, token: int) -> int:
        """One more request of a token; how many are left this minute, below zero when there were too many."""
        minute = int(time.time() // 60)
        with self._lock:
            last, number = self._counts.get(token, (minute, 0))
            number = number + 1 if last == minute else 1
            if len(self._counts) > 10_000:
                self._counts = {key: one for key, one in self._counts.items() if one[0] == minute}
            self._counts[token] = minute, number
        return A_MINUTE - number


def _bearer(
    request: Request, response: Response, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
) -> ApiToken:
    """The token of a request. Raises `TokenNeeded` or `TooMany`."""
    if given is None:
        raise TokenNeeded
    database, today = site_of(request).database, utcnow().date()
    with database.reading() as session:
        found = tokens.known(session, token_hash(given.credentials))
    if found is None:
        raise TokenNeeded
    if found.used_on != today:
        with database.session() as session:
            tokens.note_use(session, found, today)
    left = request.app.state.limit.count(found.id)
    response.headers["RateLimit-Limit"], response.headers["RateLimit-Remaining"] = str(A_MINUTE), str(max(0, left))
    if left < 0:
        raise TooMany
    return found


def scope(wanted: Scope) -> Callable[[ApiToken], User]:
    """The user whose token may do this. Raises `ScopeNeeded`."""

    def user(token: Annotated[ApiToken, Depends(_bearer)]) -> User:
        if wanted not in token.scopes:
            raise ScopeNeeded(f"the token may not do this: it needs the scope '{wanted}'")
        return token.user

    return user


def words_for(request: Request, user: User) -> Words:
    """How to say things to a token's user; ages count from today in their time zone."""
    return site_of(request).sender.words(user.rep, utcnow())


Reader = Annotated[User, Depends(scope("read"))]
Keeper = Annotated[User, Depends(scope("watchlists"))]
Seller = Annotated[User, Depends(scope("leads"))]


def failed(_request: Request, error: Exception) -> Response:
    """An error as JSON: its status, and what is wrong in words."""
    status, message, headers = 500, "this does not work now; try again in some minutes", {}
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        status, message = 422, f"{where}: {first['msg']}"
    elif isinstance(error, HTTPException):
        status, message = error.status_code, str(error.detail)
    elif isinstance(error, VigieError) and error.http_status < 500:
        status, message = error.http_status, str(error)
    if status == TokenNeeded.http_status:
        headers["WWW-Authenticate"] = "Bearer"
    if status == TooMany.http_status:
        headers["Retry-After"] = str(60 - int(time.time()) % 60)
    return JSONResponse({"error": {"status": status, "message": message}}, status, headers)


async def _with_tag(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
    """The answer with an ETag by its content; to who has it already, 304 without it (RFC 9110)."""
    answer = await go_on(request)
    if request.method != "GET" or answer.status_code != 200:
        return answer
    body = b"".join([part async for part in answer.body_iterator])  # type: ignore[attr-defined]
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = dict(answer.headers) | {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        kept = {
            name: value for name, value in headers.items() if name.lower() not in ("content-length", "content-type")
        }
        return Response(status_code=304, headers=kept)
    return Response(body, answer.status_code, headers)


def make_api(site: Site) -> FastAPI:
    """The interface of an installation, without its routes."""
    api = FastAPI(
        title="Vigie",
        version="1",
        description="Company signals with the sentence that proves each, companies, leads and watchlists.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    api.state.site, api.state.limit = site, _Limit()
    api.middleware("http")(_with_tag)
    for kind in (VigieError, HTTPException, RequestValidationError, Exception):
        api.add_exception_handler(kind, failed)
    return api
