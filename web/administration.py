"""What the administrator looks after: sources, mails, jobs, and who changed what."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from crawlers.addresses import canonical
from digests.mail import trial
from digests.summary import said
from store import documents, mails, outbox, scores, sources, users
from store.base import utcnow
from store.errors import Conflict, NotFound, VigieError
from store.health import problems
from store.sources import SourceEntry
from store.tables import Source
from web.access import Checked, SignedIn, changing, needs
from web.audited import did
from web.pages import paged, show, words_of
from web.site import site_of

_STATES = ("announced", "collected", "analysed")
_A_PAGE, _SOURCES = 100, 50
_WEEK = timedelta(days=7)

administration_router = APIRouter(prefix="/admin", dependencies=[Depends(needs("admin"))])


@administration_router.get("")
def overview(request: Request, user: SignedIn) -> HTMLResponse:
    """What the service has done, and what waits."""
    site, now = site_of(request), utcnow()
    with site.database.session() as session:
        read = sources.active(session)
        facts: dict[str, Any] = {
            "sources": len(read),
            "failing": sum(one.error is not None for one in read),
            "last_read": max((one.fetched_at for one in read if one.fetched_at), default=None),
            "documents": {state: documents.count_in_state(session, state) for state in _STATES},
            "outbox": outbox.count(session),
            "ranked": scores.last_ranked(session),
            "mails": mails.counts(session, now - _WEEK),
            "about": site.jobs.about,
        }
    return show(request, "admin", words_of(request).translations.gettext("Administration"), **facts)


def _sources(request: Request, page: int = 1, error: str = "", typed: SourceEntry | None = None) -> HTMLResponse:
    with site_of(request).database.session() as session:
        found = [one for one in sources.all_of(session) if one.active]
    now = utcnow()
    told = {one.id: problems(one, now) for one in found}
    found.sort(key=lambda one: (not told[one.id], one.name))
    title = words_of(request).translations.gettext("Sources")
    pages = paged(request, page, len(found), _SOURCES)
    facts: dict[str, Any] = {"total": len(found), "sources": found[pages.start : pages.end], "pages": pages}
    facts |= {"problems": told, "troubled": sum(map(bool, told.values())), "said": said}
    return show(request, "sources", title, 422 if error else 200, error=error, typed=typed, **facts)


@administration_router.get("/sources")
def sources_page(request: Request, user: SignedIn, page: int = 1) -> HTMLResponse:
    """The sources, those of which there is something to tell first."""
    return _sources(request, page)


@administration_router.post("/sources", dependencies=[Checked])
def add_source(
    request: Request,
    user: SignedIn,
    url: Annotated[str, Form(max_length=2000)],
    name: Annotated[str, Form(min_length=1, max_length=200)],
    language: Annotated[str, Form(pattern="^(fr|en)?$")] = "",
) -> Response:
    """Read a feed from now on."""
    gettext = words_of(request).translations.gettext
    entry = SourceEntry(url.strip(), name.strip(), language or None)
    address = canonical(entry.url)
    if address is None:
        return _sources(request, error=gettext("Write the whole address of a feed: https://…"), typed=entry)
    try:
        with changing(request, user, "source", entry.url) as session:
            sources.add(session, SourceEntry(address, entry.name, entry.language))
    except Conflict:
        return _sources(request, error=gettext("This address is read already."), typed=entry)
    return RedirectResponse("/admin/sources", 303)


def _source(request: Request, user: SignedIn, number: Annotated[int, Form()]) -> Source:
    with site_of(request).database.session() as session:
        source = session.get(Source, number)
    if source is None:
        raise NotFound
    return source


Chosen = Annotated[Source, Depends(_source)]


@administration_router.post("/sources/read", dependencies=[Checked])
def read_now(request: Request, user: SignedIn, source: Chosen, later: BackgroundTasks) -> RedirectResponse:
    """Read a source at once, whenever it is due."""
    with changing(request, user, "read", source.url) as session:
        sources.hurry(session.merge(source), utcnow())
    later.add_task(site_of(request).jobs.collect)
    return RedirectResponse("/admin/sources", 303)


@administration_router.post("/sources/drop", dependencies=[Checked])
def drop_source(request: Request, user: SignedIn, source: Chosen) -> RedirectResponse:
    """Read a source no more; what it told stays."""
    with changing(request, user, "source drop", source.url) as session:
        sources.drop(session.merge(source))
    return RedirectResponse("/admin/sources", 303)


def _mail(request: Request, sent: str = "", error: str = "") -> HTMLResponse:
    site = site_of(request)
    title = words_of(request).translations.gettext("Mails")
    with site.database.session() as session:
        last = mails.newest(session, limit=30)
    return show(
        request, "admin_mail", title, 502 if error else 200, about=site.jobs.about, sent=sent, error=error, mails=last
    )


@administration_router.get("/mail")
def mail_page(request: Request, user: SignedIn) -> HTMLResponse:
    """How mails leave, and what became of the last."""
    return _mail(request)


@administration_router.post("/mail", dependencies=[Checked])
def try_mail(request: Request, user: SignedIn) -> HTMLResponse:
    """Send the administrator a mail, and say where it went or why it did not."""
    site, now = site_of(request), utcnow()
    content = trial(site.sender.address, user.rep.email, words_of(request), now)
    try:
        where = site.jobs.post.send(content, now.date().isoformat())
    except VigieError as error:
        return _mail(request, error=str(error))
    with changing(request, user, "mail test", user.rep.email):
        pass
    return _mail(request, sent=where)


@administration_router.get("/audit")
def audit_page(request: Request, user: SignedIn, before: int | None = None) -> HTMLResponse:
    """Who changed what, the newest first."""
    with site_of(request).database.session() as session:
        found = users.audit(session, limit=_A_PAGE + 1, before=before)
    title = words_of(request).translations.gettext("Audit trail")
    more = found[_A_PAGE - 1].id if len(found) > _A_PAGE else None
    zone = site_of(request).sender.schedule(user.rep).zone
    return show(request, "audit", title, audit=found[:_A_PAGE], more=more, zone=zone, did=did)
