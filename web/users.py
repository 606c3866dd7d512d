"""Who may sign in: invited, changed and let go by the administrator."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse

from digests.headers import address
from store import users
from store.errors import Invalid, NotFound
from store.tables import User
from web.access import Checked, SignedIn, changing, needs
from web.pages import show, words_of
from web.site import site_of

users_router = APIRouter(prefix="/admin/users", dependencies=[Depends(needs("admin"))])
RoleField = Annotated[Literal["rep", "manager", "admin"], Form()]


def _page(request: Request, invitation: str = "", email: str = "", error: str = "") -> HTMLResponse:
    with site_of(request).database.session() as session:
        found = users.everyone(session)
    title = words_of(request).translations.gettext("Users")
    facts = {"users": found, "roles": users.ROLES, "invitation": invitation, "email": email}
    return show(request, "users", title, 422 if error else 200, error=error, **facts)


@users_router.get("")
def users_page(request: Request, user: SignedIn) -> HTMLResponse:
    """All users."""
    return _page(request)


@users_router.post("", dependencies=[Checked])
def invite(
    request: Request,
    user: SignedIn,
    email: Annotated[str, Form(max_length=200)],
    role: RoleField,
    language: Annotated[Literal["fr", "en"], Form()],
    name: Annotated[str, Form(max_length=100)] = "",
) -> HTMLResponse:
    """Let somebody sign in, or change what they may do; gives the address where they choose a password."""
    email, gettext = email.strip(), words_of(request).translations.gettext
    try:
        address(email, name)
    except Invalid:
        return _page(request, error=gettext("Write the mail address as name@company.com, without accents."))
    if email.lower() == user.rep.email.lower() and role != "admin":
        return _page(request, error=gettext("You cannot take the administration from yourself."))
    with changing(request, user, "user", f"{email}: {role}") as session:
        made = users.invite(session, email, name.strip(), role, otherwise=language)
        invitation = site_of(request).sender.links.invitation(made.rep_id, made.password)
    return _page(request, invitation, email)


@users_router.post("/disable", dependencies=[Checked])
def disable(request: Request, user: SignedIn, number: Annotated[int, Form()]) -> HTMLResponse:
    """Let a user sign in no more; what they follow and their mails stay."""
    gettext = words_of(request).translations.gettext
    if number == user.rep_id:
        return _page(request, error=gettext("You cannot take the administration from yourself."))
    with changing(request, user, "user", f"#{number}: disabled") as session:
        other = session.get(User, number)
        if other is None:
            raise NotFound
        other.active = False
        users.sign_out_everywhere(session, other)
    return _page(request)
