"""Signing in and out, choosing a password, and the first administrator."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from digests.headers import address
from leads.wording import Words
from store import users
from store.base import utcnow
from store.errors import Invalid, NotFound
from store.tables import User
from web import access, passwords
from web.access import Checked, Visitor, with_visit
from web.pages import show, words_of
from web.site import site_of

MOST_REFUSALS = 5  # then the address is locked for a quarter of an hour
_MOST_FROM_ONE_PLACE = 50  # a company's users share one

signing_router = APIRouter()
Text = Annotated[str, Form()]


def _inside(path: str) -> str:
    """The path when it is one of ours, so that no link sends a user elsewhere after signing in."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def _form(request: Request, goal: str, email: str = "", error: str = "", status: int = 200) -> HTMLResponse:
    access.expect_form(request)
    title = words_of(request).translations.gettext("Sign in")
    return show(request, "signin", title, status, goal=_inside(goal), email=email, error=error)


@signing_router.get("/signin")
def ask_to_sign_in(request: Request, user: Visitor, next: str = "/") -> Response:
    """The page to sign in; who is signed in goes on, and the first who comes makes themselves administrator."""
    if user:
        return RedirectResponse(_inside(next), 303)
    with site_of(request).database.reading() as session:
        if not users.has_admin(session):
            return RedirectResponse("/start", 303)
    return with_visit(request, _form(request, next))


def _checked(session: Session, email: str, password: str, keys: list[str]) -> User | None:
    """The user, when the password is right; refusals are counted."""
    now = utcnow()
    try:
        user: User | None = users.by_email(session, email)
    except NotFound:
        user = None
    if passwords.matches(user.password if user else "", password) and user and user.active:
        users.forgive(session, keys[0])
        return user
    for key in keys:
        users.refused(session, key, now)
    if users.refusals(session, keys[0], now) == MOST_REFUSALS:
        users.note(session, keys[0], "lock")
    return None


@signing_router.post("/signin", dependencies=[Checked])
def sign_in(request: Request, email: Text = "", password: Text = "", next: Text = "/") -> Response:
    """Sign in; after some refusals in a row nobody can with this address, for a quarter of an hour."""
    gettext = words_of(request).translations.gettext
    email, place = email.strip(), f"ip:{request.client.host if request.client else ''}"
    answer = RedirectResponse(_inside(next), 303)
    with site_of(request).database.session() as session:
        now, key = utcnow(), email.lower()
        tries = users.refusals(session, key, now), users.refusals(session, place, now)
        if tries[0] >= MOST_REFUSALS or tries[1] >= _MOST_FROM_ONE_PLACE:
            error = gettext("Too many attempts. Try again in a quarter of an hour.")
            return _form(request, next, email, error, 429)
        user = _checked(session, email, password, [key, place])
        if user:
            access.sign_in(request, session, user, answer, now)
            return answer
    error = gettext("The address or the password is not right.")
    return _form(request, next, email, error, 401)


@signing_router.post("/signout", dependencies=[Checked])
def sign_out(request: Request) -> Response:
    """Sign out of this browser."""
    answer = RedirectResponse("/signin", 303)
    with site_of(request).database.session() as session:
        access.sign_out(request, session, answer)
    return answer


def _password_error(words: Words) -> str:
    said = words.translations.gettext("Choose {shortest} characters or more, and do not use the name of your address.")
    return said.format(shortest=passwords.SHORTEST)


def _password_form(request: Request, email: str, error: str = "") -> HTMLResponse:
    access.expect_form(request)
    title = words_of(request).translations.gettext("Choose a password")
    return show(request, "password", title, 422 if error else 200, email=email, error=error)


def _invited(request: Request, session: Session, token: str) -> User:
    rep_id, kept = site_of(request).sender.links.invited(token)
    user = session.get(User, rep_id)
    if user is None or not user.active or kept != user.password[-8:]:
        raise NotFound("this address was used already; ask your administrator for another one")
    return user


@signing_router.get("/password/{token}")
def ask_for_password(request: Request, user: Visitor, token: str) -> Response:
    """Where an invited user chooses a password: once."""
    with site_of(request).database.reading() as session:
        return with_visit(request, _password_form(request, _invited(request, session, token).rep.email))


@signing_router.post("/password/{token}", dependencies=[Checked])
def choose_password(request: Request, user: Visitor, token: str, password: Text = "") -> Response:
    """Take the new password; the user is signed in here, and nowhere else."""
    answer = RedirectResponse("/", 303)
    with site_of(request).database.session() as session:
        invited = _invited(request, session, token)
        try:
            invited.password = passwords.hashed(password, invited.rep.email)
        except Invalid:
            return _password_form(request, invited.rep.email, _password_error(words_of(request)))
        users.sign_out_everywhere(session, invited)
        users.note(session, invited.rep.email, "password")
        access.sign_in(request, session, invited, answer, utcnow())
    return answer


def _start_form(request: Request, code: str, email: str = "", name: str = "", error: str = "") -> HTMLResponse:
    access.expect_form(request)
    title = words_of(request).translations.gettext("Welcome to Vigie")
    return show(request, "start", title, 422 if error else 200, code=code, email=email, name=name, error=error)


@signing_router.get("/start")
def ask_for_administrator(request: Request, user: Visitor, code: str = "") -> Response:
    """The first page of a new installation."""
    with site_of(request).database.reading() as session:
        if users.has_admin(session):
            return RedirectResponse("/signin", 303)
    return with_visit(request, _start_form(request, code))


@signing_router.post("/start", dependencies=[Checked])
def make_administrator(
    request: Request, email: Text = "", name: Text = "", password: Text = "", code: Text = ""
) -> Response:
    """Make the first administrator, who is signed in at once; afterwards nobody can."""
    words, email = words_of(request), email.strip()
    answer = RedirectResponse("/setup", 303)
    with site_of(request).database.session() as session:
        if users.has_admin(session):
            return RedirectResponse("/signin", 303)
        if not hmac.compare_digest(code.encode(), site_of(request).sender.links.start_code.encode()):
            said = words.translations.gettext("Take the whole address that the service printed when it started.")
            return _start_form(request, code, email, name, said)
        try:
            address(email, name)
        except Invalid:
            said = words.translations.gettext("Write the mail address as name@company.com, without accents.")
            return _start_form(request, code, email, name, said)
        try:
            password = passwords.hashed(password, email)
        except Invalid:
            return _start_form(request, code, email, name, _password_error(words))
        user = users.invite(session, email, name.strip(), "admin", otherwise=words.language)
        user.password = password
        users.note(session, email, "start")
        access.sign_in(request, session, user, answer, utcnow())
    return answer
