"""Who may sign in: invited, given a role or a new password and let go by the administrator, each an act of its own."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from digests.headers import address
from leads.wording import Words
from store import users
from store.errors import Invalid, NotFound
from store.tables import User
from web.access import Checked, SignedIn, changing, needs
from web.messages import Message, redirect
from web.pages import show, words_of
from web.site import site_of

users_router = APIRouter(prefix="/admin/users", dependencies=[Depends(needs("admin"))])
RoleField = Annotated[Literal["rep", "manager", "admin"], Form()]
Number = Annotated[int, Form(ge=1)]
Sure = Annotated[str, Form()]
_AT = "/admin/users"


def role_name(role: str, words: Words) -> str:
    """What a role is called."""
    _ = words.translations.gettext
    return {"rep": _("rep"), "manager": _("manager"), "admin": _("administrator")}[role]


def _page(request: Request, error: str = "", **typed: str) -> HTMLResponse:
    words = words_of(request)
    with site_of(request).database.reading() as session:
        found = users.everyone(session)
    typed = {"email": "", "name": "", "role": "rep", "language": words.language} | typed
    facts = {"users": found, "roles": {one: role_name(one, words) for one in users.ROLES}, "typed": typed}
    return show(request, "users", words.translations.gettext("Users"), 422 if error else 200, error=error, **facts)


@users_router.get("")
def users_page(request: Request, user: SignedIn) -> HTMLResponse:
    """All users."""
    return _page(request)


def _invitation(request: Request, user: User) -> Message:
    said = words_of(request).translations.gettext(
        "Send this address to {email}; within three days they choose a password there:"
    )
    code = site_of(request).sender.links.invitation(user.rep_id, user.password)
    return Message(said.format(email=user.rep.email), code)


@users_router.post("", dependencies=[Checked])
def invite(
    request: Request,
    user: SignedIn,
    email: Annotated[str, Form(max_length=200)],
    role: RoleField,
    language: Annotated[Literal["fr", "en"], Form()],
    name: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Let somebody sign in who is no user yet; gives the address where they choose a password."""
    email, words = email.strip(), words_of(request)
    gettext = words.translations.gettext
    typed = {"email": email, "role": role, "name": name, "language": language}
    try:
        address(email, name)
    except Invalid:
        return _page(request, gettext("Write the mail address as name@company.com, without accents."), **typed)
    with site_of(request).database.reading() as session:
        there = users.find(session, email)
        known = (there.rep.email, role_name(there.role, words)) if there else None
    if known:
        said = gettext(
            "{email} is a user already ({role}): nothing was changed. Change the role or the password below."
        )
        return _page(request, said.format(email=known[0], role=known[1]), **typed)
    with changing(request, user, "invite", f"{email}: {role}") as session:
        made = users.invite(session, email, name.strip(), role, otherwise=language)
        return redirect(request, _AT, _invitation(request, made))


def _other(session: Session, user: User, number: int) -> User:
    """Another user than the one who asks, who cannot be without their administration. Raises `NotFound`, `Invalid`."""
    other = session.get(User, number)
    if other is None:
        raise NotFound
    if number == user.rep_id:
        raise Invalid("you cannot take the administration from yourself")
    return other


def _asked(request: Request, number: int, act: str, title: str, consequence: str, **fields: str) -> HTMLResponse:
    """The page that asks whether one is sure."""
    told: dict[str, Any] = {"action": f"{_AT}/{act}", "fields": {"number": number, **fields}, "back": _AT, "yes": title}
    return show(request, "confirm", title, consequence=consequence, **told)


@users_router.post("/role", dependencies=[Checked])
def change_role(request: Request, user: SignedIn, number: Number, role: RoleField, sure: Sure = "") -> Response:
    """Change what a user may do, when it was confirmed."""
    words = words_of(request)
    gettext = words.translations.gettext
    with site_of(request).database.reading() as session:
        other = _other(session, user, number)
        name, before = other.rep.name, other.role
    facts = {"name": name, "before": role_name(before, words), "after": role_name(role, words)}
    if before == role:
        return redirect(request, _AT)
    if not sure:
        said = gettext("{name} is {before} and would be {after}: what they see and may change is another then.")
        title = gettext("Make {name} {after}").format(**facts)
        return _asked(request, number, "role", title, said.format(**facts), role=role)
    with changing(request, user, "role", f"{name}: {before} -> {role}") as session:
        _other(session, user, number).role = role
    undo = {"number": number, "role": before, "sure": "yes"}
    return redirect(
        request, _AT, Message(gettext("{name} is {after} now.").format(**facts), undo=f"{_AT}/role", fields=undo)
    )


@users_router.post("/reset", dependencies=[Checked])
def reset_password(request: Request, user: SignedIn, number: Number, sure: Sure = "") -> Response:
    """Let a user choose another password, when it was confirmed: the old one is worth nothing then."""
    gettext = words_of(request).translations.gettext
    with site_of(request).database.reading() as session:
        other = _other(session, user, number)
        name, is_new = other.rep.name, not other.password
    if not sure and not is_new:
        said = gettext("The password of {name} is worth nothing then, and they are signed out everywhere.")
        title = gettext("Reset the password of {name}").format(name=name)
        return _asked(request, number, "reset", title, said.format(name=name))
    with changing(request, user, "reset", name) as session:
        other = _other(session, user, number)
        other.password = ""
        users.sign_out_everywhere(session, other)
        return redirect(request, _AT, _invitation(request, other))


@users_router.post("/disable", dependencies=[Checked])
def disable(request: Request, user: SignedIn, number: Number, sure: Sure = "") -> Response:
    """Let a user sign in no more, when it was confirmed; what they follow and their mails stay."""
    gettext = words_of(request).translations.gettext
    with site_of(request).database.reading() as session:
        name = _other(session, user, number).rep.name
    if not sure:
        said = gettext("{name} can sign in no more then; what they follow and their mails stay.").format(name=name)
        return _asked(request, number, "disable", gettext("Let {name} sign in no more").format(name=name), said)
    with changing(request, user, "disable", name) as session:
        other = _other(session, user, number)
        other.active = False
        users.sign_out_everywhere(session, other)
    said = gettext("{name} can sign in no more.").format(name=name)
    return redirect(request, _AT, Message(said, undo=f"{_AT}/enable", fields={"number": number}))


@users_router.post("/enable", dependencies=[Checked])
def enable(request: Request, user: SignedIn, number: Number) -> Response:
    """Let a user sign in again, with the password and the role they had."""
    with changing(request, user, "enable", f"#{number}") as session:
        other = _other(session, user, number)
        other.active, name = True, other.rep.name
    said = words_of(request).translations.gettext("{name} can sign in again.")
    return redirect(request, _AT, Message(said.format(name=name)))
