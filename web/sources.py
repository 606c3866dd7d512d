"""The sources: looking at an address for what can be read there, reading it, and what there is to tell of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from crawlers.addresses import canonical, typed
from crawlers.probe import Found
from digests.summary import said
from store import sources
from store.base import utcnow
from store.errors import Conflict, NotFound, VigieError
from store.health import problems
from store.sources import SourceEntry
from store.tables import Source
from web.access import Checked, SignedIn, changing, needs
from web.pages import paged, show, words_of
from web.site import site_of

_A_PAGE = 50
_KINDS = "feed|newsroom|sitemap|register"

sources_router = APIRouter(prefix="/admin/sources", dependencies=[Depends(needs("admin"))])


def _page(
    request: Request, page: int = 1, *, error: str = "", asked: str = "", found: Sequence[Found] = ()
) -> HTMLResponse:
    """The page: what was found at an address that was asked for, and the sources there are."""
    with site_of(request).database.reading() as session:
        read = [one for one in sources.all_of(session) if one.active]
    now = utcnow()
    told = {one.id: problems(one, now) for one in read}
    read.sort(key=lambda one: (not told[one.id], one.name))
    words = words_of(request)
    title = words.translations.gettext("Sources")
    pages = paged(request, page, len(read), _A_PAGE)
    facts: dict[str, Any] = {"total": len(read), "sources": read[pages.start : pages.end], "pages": pages}
    facts |= {"problems": told, "troubled": sum(map(bool, told.values())), "said": said}
    facts |= {"day_of": lambda published: words.day(date.fromisoformat(published[:10]))}
    facts |= {"asked": asked, "found": found, "host": (urlsplit(asked).hostname or "").removeprefix("www.")}
    return show(request, "sources", title, 422 if error else 200, error=error, **facts)


def _no_address(request: Request, asked: str) -> HTMLResponse:
    gettext = words_of(request).translations.gettext
    return _page(request, error=gettext("Write a web address, such as https://www.example.com/presse"), asked=asked)


@sources_router.get("")
def sources_page(request: Request, user: SignedIn, page: int = 1) -> HTMLResponse:
    """The sources, those of which there is something to tell first."""
    return _page(request, page)


@sources_router.post("/find", dependencies=[Checked])
def find(request: Request, user: SignedIn, url: Annotated[str, Form(max_length=2000)]) -> HTMLResponse:
    """Look at an address, and show what could be read there."""
    gettext = words_of(request).translations.gettext
    address = typed(url.strip())
    if address is None:
        return _no_address(request, url.strip())
    try:
        found = site_of(request).jobs.find(address)
    except VigieError as failed:
        return _page(request, error=str(failed), asked=address)
    good = [one for one in found if one.count and not one.error]
    if not good:
        why = next((one.error for one in found if one.error), "")
        nothing = gettext("Nothing that can be read is found there.")
        return _page(request, error=f"{nothing} ({why})" if why else nothing, asked=address)
    return _page(request, asked=address, found=good)


@sources_router.post("", dependencies=[Checked])
def add(
    request: Request,
    user: SignedIn,
    chosen: Annotated[str, Form(max_length=2000, pattern=rf"^({_KINDS}) \S+$")],
    name: Annotated[str, Form(min_length=1, max_length=200)],
    language: Annotated[str, Form(pattern="^(fr|en)?$")] = "",
) -> Response:
    """Read what was found at an address from now on: `chosen` is its kind and where it is."""
    gettext = words_of(request).translations.gettext
    kind, _, url = chosen.partition(" ")
    address = canonical(url)
    if address is None:
        return _no_address(request, url)
    try:
        with changing(request, user, "source", address) as session:
            sources.add(session, SourceEntry(address, name.strip(), language or None, kind))
    except Conflict:
        return _page(request, error=gettext("This address is read already."), asked=url)
    return RedirectResponse("/admin/sources", 303)


def _source(request: Request, user: SignedIn, number: Annotated[int, Form()]) -> Source:
    with site_of(request).database.reading() as session:
        source = session.get(Source, number)
    if source is None:
        raise NotFound
    return source


Chosen = Annotated[Source, Depends(_source)]


@sources_router.post("/read", dependencies=[Checked])
def read_now(request: Request, user: SignedIn, source: Chosen, later: BackgroundTasks) -> RedirectResponse:
    """Read a source at once, whenever it is due."""
    with changing(request, user, "read", source.url) as session:
        sources.hurry(session.merge(source), utcnow())
    later.add_task(site_of(request).jobs.collect)
    return RedirectResponse("/admin/sources", 303)


@sources_router.post("/drop", dependencies=[Checked])
def drop(request: Request, user: SignedIn, source: Chosen) -> RedirectResponse:
    """Read a source no more; what it told stays."""
    with changing(request, user, "source drop", source.url) as session:
        sources.drop(session.merge(source))
    return RedirectResponse("/admin/sources", 303)
