"""Who a request comes from, and what they may do.

A cookie holds a random token. Where somebody is signed in, the database knows its hash; every form holds a key that is
made from it, so that no other site can send a form in the user's name.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, Literal

from fastapi import Depends, Form, Request, Response
from sqlalchemy.orm import Session

from store import users
from store.base import utcnow
from store.errors import VigieError
from store.tables import User
from web.site import site_of

Role = Literal["rep", "manager", "admin"]
_COOKIE = "vigie"
_LASTS = timedelta(days=14)
_KNOWN = timedelta(days=30)  # for which the forms of a sign-in that ended are known still


class SignInNeeded(VigieError):
    """Sign in first."""

    http_status = 401


class Forbidden(VigieError):
    """This is not for your role."""

    http_status = 403


class FormTooOld(VigieError):
    """The form is not one of yours, or too old; load the page again and send it once more."""

    http_status = 403


def token_hash(token: str) -> str:
    """What is kept of a token: whoever reads the database cannot use it."""
    return sha256(token.encode()).hexdigest()


def _set_cookie(request: Request, answer: Response, token: str) -> None:
    private = site_of(request).is_private
    lasts = int((_LASTS + _KNOWN).total_seconds())
    answer.set_cookie(_COOKIE, token, max_age=lasts, httponly=True, secure=private, samesite="lax")


def form_key(request: Request) -> str:
    """The key that a form of this visitor must hold."""
    token = request.state.token if hasattr(request.state, "token") else request.cookies.get(_COOKIE, "")
    return hmac.new(site_of(request).sender.links.secret.encode(), f"form {token}".encode(), "sha256").hexdigest()


def expect_form(request: Request) -> None:
    """Let a new visitor have a form key; `with_visit` gives its token with the answer."""
    if _COOKIE not in request.cookies:
        request.state.token = secrets.token_urlsafe(32)


def with_visit(request: Request, answer: Response) -> Response:
    """The answer, with the token that a new visitor's forms are known by."""
    if hasattr(request.state, "token"):
        _set_cookie(request, answer, request.state.token)
    return answer


def _has_key(request: Request, key: str) -> bool:
    return bool(request.cookies.get(_COOKIE)) and hmac.compare_digest(key.encode(), form_key(request).encode())


def checked_form(request: Request, key: Annotated[str, Form()] = "") -> None:
    """Raises `FormTooOld` unless a form that changes something holds the visitor's key."""
    if not _has_key(request, key):
        raise FormTooOld


Checked = Depends(checked_form)


def is_from_us(request: Request, key: str) -> bool:
    """Whether a form stood on a page of ours, also where its sign-in has ended: by its key, or as the browser says.

    Browsers tell so in `Sec-Fetch-Site` (W3C Fetch Metadata), which no page can set.
    """
    return _has_key(request, key) or request.headers.get("sec-fetch-site") == "same-origin"


def place_of(request: Request) -> str:
    """Where a request comes from, as sign-ins are counted."""
    return f"ip:{request.client.host if request.client else ''}"


def sign_in(request: Request, session: Session, user: User, answer: Response, now: datetime) -> None:
    """The browser is the user's from now on, under a new token."""
    token = secrets.token_urlsafe(32)
    users.sign_in(session, user, token_hash(token), now, now + _LASTS, place_of(request))
    users.note(session, user.rep.email, "sign_in")
    _set_cookie(request, answer, token)


def sign_out(request: Request, session: Session, answer: Response) -> None:
    """The browser is nobody's any more."""
    users.sign_out(session, token_hash(request.cookies.get(_COOKIE, "")))
    answer.delete_cookie(_COOKIE)


def visitor(request: Request) -> User | None:
    """Who is signed in in the browser that asks; nobody is None."""
    token = request.cookies.get(_COOKIE)
    user = None
    if token:
        with site_of(request).database.reading() as session:
            user = users.signed_in(session, token_hash(token), utcnow())
    request.state.user = user
    return user


Visitor = Annotated[User | None, Depends(visitor)]


def signed_in(user: Visitor) -> User:
    """The user who asks. Raises `SignInNeeded`."""
    if user is None:
        raise SignInNeeded
    return user


SignedIn = Annotated[User, Depends(signed_in)]


def needs(role: Role) -> Callable[[User], None]:
    """A check that the user has this role or a higher one; it raises `Forbidden`."""

    def check(user: SignedIn) -> None:
        if users.ROLES.index(user.role) < users.ROLES.index(role):
            raise Forbidden

    return check


@contextmanager
def changing(request: Request, user: User, action: str, what: str = "") -> Iterator[Session]:
    """A transaction in which a user changes something; it is written down with it."""
    with site_of(request).database.session() as session:
        yield session
        users.note(session, user.rep.email, action, what)
