"""Signing in and out, choosing a password, and the first administrator."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from digests.headers import address
from leads.wording import Words
from store import claims, users
from store.base import utcnow
from store.errors import Invalid, NotFound
from store.tables import User
from web import access, passwords
from web.access import Checked, Visitor, with_visit
from web.pages import show, words_of
from web.site import site_of

MOST_REFUSALS = 5
"""With one address from one place; then it is locked there for a quarter of an hour."""
_MOST_FROM_ONE_PLACE = 50  # a company's users share one
_MOST_OF_ONE = 20  # with one address from anywhere, but places where it is signed in: others cannot lock it there
_OWN_MACHINE, _SOON = ("ip:127.0.0.1", "ip:::1"), timedelta(minutes=1)  # who sits at it is only slowed down

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


def _limits(session: Session, email: str, place: str, now: datetime) -> list[users.Limit]:
    """What a sign-in is counted under."""
    if place in _OWN_MACHINE:
        return [users.Limit(f"{email} {place}", MOST_REFUSALS, _SOON)]
    limits = [users.Limit(f"{email} {place}", MOST_REFUSALS), users.Limit(place, _MOST_FROM_ONE_PLACE)]
    return limits if users.knows(session, email, place, now) else [*limits, users.Limit(email, _MOST_OF_ONE)]


@signing_router.post("/signin", dependencies=[Checked])
def sign_in(request: Request, email: Text = "", password: Text = "", next: Text = "/") -> Response:
    """Sign in; after some refusals in a row nobody can with this address from there, for a quarter of an hour.

    A try is counted before the password is looked at, which takes its time, outside of any transaction.
    """
    gettext = words_of(request).translations.gettext
    database, now = site_of(request).database, utcnow()
    email, key, place = email.strip(), email.strip().lower(), access.place_of(request)
    with database.session() as session:
        counts = users.attempt(session, _limits(session, key, place, now), now)
        user = users.find(session, email)
        kept = user.password if user and user.active else ""
    if counts is None:
        return _form(request, next, email, gettext("Too many attempts. Try again in a quarter of an hour."), 429)
    is_right = passwords.matches(kept, password)
    with database.session() as session:
        user = users.find(session, email)
        if is_right and user and user.active and user.password == kept:
            answer = RedirectResponse(_inside(next), 303)
            users.forgive(session, key, place)
            access.sign_in(request, session, user, answer, now)
            return answer
        if counts[f"{key} {place}"] == MOST_REFUSALS:
            users.note(session, key, "lock", place)
    return _form(request, next, email, gettext("The address or the password is not right."), 401)


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
    answer, database = RedirectResponse("/", 303), site_of(request).database
    with database.reading() as session:
        email = _invited(request, session, token).rep.email
    try:
        chosen = passwords.hashed(password, email)
    except Invalid:
        return _password_form(request, email, _password_error(words_of(request)))
    with database.session() as session:
        invited = _invited(request, session, token)
        invited.password = chosen
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
    words, email, site = words_of(request), email.strip(), site_of(request)
    answer, elsewhere = RedirectResponse("/setup", 303), RedirectResponse("/signin", 303)
    with site.database.reading() as session:
        if users.has_admin(session):
            return elsewhere
    if not hmac.compare_digest(code.encode(), site.sender.links.start_code.encode()):
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
    with site.database.session() as session:
        claims.in_turn(session, "sign_in")
        if users.has_admin(session):  # who was sooner
            return elsewhere
        user = users.invite(session, email, name.strip(), "admin", otherwise=words.language)
        user.password = password
        users.note(session, email, "start")
        access.sign_in(request, session, user, answer, utcnow())
    return answer
