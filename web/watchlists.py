"""The lists of a user: what each follows, what it lets through, and when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from companies.lookup import first_column, named_companies
from leads.wording import Words
from store import kept, stories, watchlists
from store.base import utcnow
from store.errors import Invalid, NotFound
from store.tables import User, Watchlist
from watch.watchlists import content_of
from web.access import Checked, SignedIn, changing
from web.companies import company_of
from web.messages import Message, redirect
from web.pages import form_of, paged, show, words_of
from web.site import site_of

_A_PAGE = 50
_SURE = {0.0, 0.5, 0.7, 0.9}
_LARGE = {0.0, 1.0, 1.5}
"""What is offered as the least confidence and impact."""

watchlists_router = APIRouter()
Fields = Annotated[FormData, Depends(form_of)]


@watchlists_router.get("/watchlists")
def lists_page(request: Request, user: SignedIn) -> HTMLResponse:
    """All lists of the user's."""
    words = words_of(request)
    with site_of(request).database.reading() as session:
        lists = watchlists.of_rep(session, user.rep)
        sizes = watchlists.sizes(session, lists)
    title = words.translations.gettext("Watchlists")
    shown = [(one, sizes.get(one.id, 0), asks(one, words), state(one, words)) for one in lists]
    return show(request, "watchlists", title, lists=shown)


def asks(one: Watchlist, words: Words) -> list[str]:
    """What a list asks for beside its companies and lets through, in words."""
    _, content = words.translations.gettext, content_of(one)
    said = []
    if content.families or content.types:
        kinds = [*map(words.family, content.families), *map(words.label, content.types)]
        said.append(_("only: {kinds}").format(kinds=", ".join(kinds)))
    if content.search:
        said.append(_("what its search finds"))
    if content.people:
        said.append(_("who is named: {people}").format(people=", ".join(content.people)))
    if content.keywords:
        said.append(_("articles with: {keywords}").format(keywords=", ".join(content.keywords)))
    if content.delivery == "immediate":
        said.append(_("mailed at once"))
    return said


def state(one: Watchlist, words: Words) -> str:
    """Whether a list is muted or snoozed; nothing when it tells."""
    _ = words.translations.gettext
    if one.muted:
        return _("muted")
    if one.snoozed_until and one.snoozed_until > utcnow():
        return _("quiet until {day}").format(day=words.day(one.snoozed_until.date()))
    return ""


def _page(request: Request, user: User, number: int, page: int = 1, **said: Any) -> HTMLResponse:
    words = words_of(request)
    with site_of(request).database.reading() as session:
        one = watchlists.of_id(session, user.rep, number)
        size = watchlists.sizes(session, [one]).get(one.id, 0)
        pages = paged(request, page, size, _A_PAGE)
        shown = watchlists.on_list(session, one, limit=_A_PAGE, offset=pages.start)
        last = stories.last_of(session, [company.id for company in shown])
    content = content_of(one)
    facts: dict[str, Any] = {
        "list": one,
        "rss": site_of(request).sender.links.feed(user.rep_id, user.password, one.id),
        "size": size,
        "content": content,
        "asks": asks(one, words),
        "state": state(one, words),
        "companies": shown,
        "last": last,
        "families": words.taxonomy.families,
        "sure": sorted(_SURE | {content.confidence}),
        "large": sorted(_LARGE | {content.impact}),
        "wrong": [],
        "error": "",
    }
    title = one.name or words.translations.gettext("My companies")
    return show(request, "watchlist", title, 422 if said else 200, pages=pages, **facts | said)


@watchlists_router.get("/watchlists/{number}")
def list_page(request: Request, user: SignedIn, number: int, page: int = 1) -> HTMLResponse:
    """A list: its companies, what it asks for, and how it tells."""
    return _page(request, user, number, page)


def _to(number: int) -> RedirectResponse:
    return RedirectResponse(f"/watchlists/{number}", 303)


@watchlists_router.post("/watchlists", dependencies=[Checked])
def make_list(
    request: Request, user: SignedIn, name: Annotated[str, Form(min_length=1, max_length=100)]
) -> RedirectResponse:
    """Make a list, or go to the one that has the name."""
    with changing(request, user, "list", name.strip()) as session:
        one = watchlists.save(session, user.rep, name.strip())
    return _to(one.id)


@watchlists_router.post("/watchlists/{number}/add", dependencies=[Checked])
def add_companies(request: Request, user: SignedIn, number: int, names: Annotated[str, Form()] = "") -> Response:
    """Put companies of the register on a list by names or numbers, one a line; lines that are not clear are said."""
    rows = first_column(names)
    with changing(request, user, "list add", f"list {number}: {len(rows)} lines") as session:
        one = watchlists.of_id(session, user.rep, number)
        found, wrong = named_companies(session, rows)
        watchlists.add(session, one, found)
    return _page(request, user, number, wrong=wrong, names=names) if wrong else _to(number)


@watchlists_router.post("/watchlists/{number}/drop", dependencies=[Checked])
def drop_company(request: Request, user: SignedIn, number: int, company: Annotated[int, Form()]) -> RedirectResponse:
    """Take a company off a list."""
    gettext = words_of(request).translations.gettext
    with changing(request, user, "list drop", f"list {number}: #{company}") as session:
        watchlists.take_off(session, watchlists.of_id(session, user.rep, number), [company])
        name = company_of(session, company).name
    message = Message(
        gettext("{company} is off the list.").format(company=name),
        undo=f"/watchlists/{number}/restore",
        fields={"company": company},
    )
    return redirect(request, f"/watchlists/{number}", message)


@watchlists_router.post("/watchlists/{number}/restore", dependencies=[Checked])
def restore_company(request: Request, user: SignedIn, number: int, company: Annotated[int, Form()]) -> RedirectResponse:
    """Put a company that was taken off a list on it again."""
    with changing(request, user, "list add", f"list {number}: #{company}") as session:
        one = watchlists.of_id(session, user.rep, number)
        watchlists.add(session, one, [company_of(session, company).id])
    return _to(number)


def _lines(text: str) -> list[str]:
    return [one.strip() for one in re.split(r"[,;\n]", text) if one.strip()]


def _changes(fields: FormData) -> Mapping[str, object]:
    """What the form of a list's settings says, by key of its content."""
    kinds = {
        "families": [str(one) for one in fields.getlist("family")],
        "types": [str(one) for one in fields.getlist("type")],
    }
    plain = {name: str(fields.get(name) or "0") for name in ("confidence", "impact")}
    quiet = {"quiet": str(fields.get("quiet", "")).strip(), "delivery": str(fields.get("delivery") or "digest")}
    asked = {name: _lines(str(fields.get(name, ""))) for name in ("people", "keywords")}
    return {**kinds, **plain, **quiet, **asked, "grows": bool(fields.get("grows"))}


@watchlists_router.post("/watchlists/{number}/settings", dependencies=[Checked])
def change_list(request: Request, user: SignedIn, number: int, fields: Fields) -> Response:
    """Change what a list asks for and lets through."""
    words = words_of(request)
    try:
        with changing(request, user, "list", f"list {number}") as session:
            one = watchlists.of_id(session, user.rep, number)
            site_of(request).jobs.save_list(session, user.rep, one.name, words.today, _changes(fields))
    except Invalid as error:
        said = words.translations.gettext("This cannot be kept: {error}")
        return _page(request, user, number, error=said.format(error=error))
    return _to(number)


@watchlists_router.post("/watchlists/{number}/quiet", dependencies=[Checked])
def quiet_list(
    request: Request, user: SignedIn, number: int, days: Annotated[int, Form(ge=-1, le=365)]
) -> RedirectResponse:
    """Let a list tell nothing for some days; -1 until it is asked again, 0 lets it tell."""
    with changing(request, user, "list quiet", f"list {number}: {days} days") as session:
        one = watchlists.of_id(session, user.rep, number)
        one.muted, one.snoozed_until = days < 0, utcnow() + timedelta(days=days) if days > 0 else None
    return _to(number)


@watchlists_router.post("/watchlists/{number}/remove", dependencies=[Checked])
def remove_list(request: Request, user: SignedIn, number: int) -> RedirectResponse:
    """Take a list out with what is on it; for an hour it can be put back."""
    _ = words_of(request).translations.gettext
    with changing(request, user, "list remove", f"list {number}") as session:
        one = watchlists.of_id(session, user.rep, number)
        name = one.name or _("My companies")
        token = kept.keep(session, user.rep_id, watchlists.remove(session, one), utcnow())
    said = _("The list {name} is removed.").format(name=name)
    return redirect(request, "/watchlists", Message(said, undo="/watchlists/undo", fields={"token": token}))


@watchlists_router.post("/watchlists/undo", dependencies=[Checked])
def put_list_back(request: Request, user: SignedIn, token: Annotated[str, Form()]) -> RedirectResponse:
    """Put a list back that was removed within the hour."""
    with changing(request, user, "list", "put back") as session:
        removed = kept.found(session, token, user.rep_id, utcnow())
        if "companies" not in removed:
            raise NotFound
        one = watchlists.put_back(session, user.rep, removed)
        site_of(request).jobs.save_list(session, user.rep, one.name, words_of(request).today, {})  # what came since
        watchlists.match_again(session, one, removed)
    return _to(one.id)
