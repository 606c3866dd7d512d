"""What the administrator looks after: sources, mails, jobs, and who changed what."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from digests.mail import trial
from store import documents, failures, mails, outbox, scores, sources, users
from store.base import utcnow
from store.errors import VigieError
from web.access import Checked, SignedIn, changing, needs
from web.audited import did
from web.messages import Message, redirect
from web.pages import show, words_of
from web.site import site_of

_STATES = ("announced", "collected", "analysed")
_A_PAGE, _SOURCES = 100, 50
_WEEK = timedelta(days=7)

administration_router = APIRouter(prefix="/admin", dependencies=[Depends(needs("admin"))])


@administration_router.get("")
def overview(request: Request, user: SignedIn) -> HTMLResponse:
    """What the service has done, and what waits."""
    site, now = site_of(request), utcnow()
    with site.database.reading() as session:
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
            "failed": failures.everything(session),
        }
    _ = words_of(request).translations.gettext
    facts["failed_kinds"] = {"document": _("Article"), "rep": _("Mail"), "stage": _("Stage of a round")}
    facts["failed_kinds"] |= {"reminder": _("Reminder of leads")}
    return show(request, "admin", _("Administration"), **facts)


@administration_router.post("/retry", dependencies=[Checked])
def retry(
    request: Request, user: SignedIn, kind: Annotated[failures.Kind, Form()], unit: Annotated[str, Form(max_length=200)]
) -> Response:
    """Try something that failed again with the next round, as if it had never been tried."""
    with changing(request, user, "retry", f"{kind} {unit}") as session:
        failures.forget(session, kind, [unit])
    said = words_of(request).translations.gettext("It is tried again with the next round.")
    return redirect(request, "/admin", Message(said))


def _mail(request: Request, error: str = "") -> HTMLResponse:
    site = site_of(request)
    title = words_of(request).translations.gettext("Mails")
    with site.database.reading() as session:
        last = mails.newest(session, limit=30)
    return show(request, "admin_mail", title, 502 if error else 200, about=site.jobs.about, error=error, mails=last)


@administration_router.get("/mail")
def mail_page(request: Request, user: SignedIn) -> HTMLResponse:
    """How mails leave, and what became of the last."""
    return _mail(request)


@administration_router.post("/mail", dependencies=[Checked])
def try_mail(request: Request, user: SignedIn) -> Response:
    """Send the administrator a mail, and say where it went or why it did not."""
    site, now = site_of(request), utcnow()
    content = trial(site.sender.address, user.rep.email, words_of(request), now)
    try:
        site.jobs.transport.send(content, now.date().isoformat(), user.rep.email)
    except VigieError as error:
        return _mail(request, error=str(error))
    with changing(request, user, "mail test", user.rep.email):
        pass
    _ = words_of(request).translations.gettext
    server = site.jobs.about["mail.host"]
    said = _("It is on its way by {server}.") if server else _("It is written into the folder outbox of the data.")
    return redirect(request, "/admin/mail", Message(said.format(server=server)))


@administration_router.get("/audit")
def audit_page(request: Request, user: SignedIn, before: int | None = None) -> HTMLResponse:
    """Who changed what, the newest first."""
    with site_of(request).database.reading() as session:
        found = users.audit(session, limit=_A_PAGE + 1, before=before)
    title = words_of(request).translations.gettext("Audit trail")
    more = found[_A_PAGE - 1].id if len(found) > _A_PAGE else None
    return show(request, "audit", title, audit=found[:_A_PAGE], more=more, did=did)
