"""What the links in mails lead to: ending them, and saying what one thinks. A GET changes nothing."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, cast

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from digests.items import item_of
from digests.links import VERDICTS, Verdict
from leads import lifecycle
from signals.localization import Language, translations
from store import leads, offers, signals, users
from store.base import utcnow
from store.errors import Conflict, NotFound
from store.tables import Rep, Signal
from watch.entries import entry_of, judge, verdict_on
from web.meant import CompanyField, asked_again, note, question
from web.pages import page
from web.site import site_of

mails_router = APIRouter()
VerdictField = Annotated[Verdict, Form()]


def _rep(request: Request, token: str, subscribed: bool | None = None) -> Rep:
    """The rep of an address, after a change when one is given."""
    number = site_of(request).sender.links.rep_of(token)
    database = site_of(request).database
    with database.reading() if subscribed is None else database.session() as session:
        rep = session.get(Rep, number)
        if rep is None:
            raise NotFound("there is no such rep any more")
        if subscribed is not None:
            rep.subscribed = subscribed
        return rep


def _unsubscribe(token: str, rep: Rep) -> HTMLResponse:
    language = cast(Language, rep.language)
    gettext = translations(language).gettext
    title = gettext("End these mails") if rep.subscribed else gettext("The mails have ended")
    return page("unsubscribe", language, title=title, rep=rep, path=f"/unsubscribe/{token}")


@mails_router.api_route("/unsubscribe/{token}", methods=["GET", "HEAD"])
def ask_to_unsubscribe(request: Request, token: str) -> HTMLResponse:
    """A page with a button; mail scanners that open it change nothing."""
    return _unsubscribe(token, _rep(request, token))


@mails_router.post("/unsubscribe/{token}")
def unsubscribe(request: Request, token: str, button: Annotated[str, Form()] = "") -> Response:
    """End the mails: by the button, or by a mail program in one click, which follows no redirect (RFC 8058)."""
    rep = _rep(request, token, subscribed=False)
    return RedirectResponse(f"/unsubscribe/{token}", 303) if button else _unsubscribe(token, rep)


@mails_router.post("/unsubscribe/{token}/undo")
def subscribe_again(request: Request, token: str) -> RedirectResponse:
    """Let the mails come again."""
    _rep(request, token, subscribed=True)
    return RedirectResponse(f"/unsubscribe/{token}", 303)


def _told(session: Session, rep_id: int, signal_id: int) -> tuple[Rep, Signal]:
    """Whose link it is and on which signal."""
    rep, found = session.get(Rep, rep_id), signals.by_ids(session, [signal_id])
    if rep is None or not found:
        raise NotFound("there is no such signal any more")
    return rep, found[0]


@mails_router.api_route("/feedback/{token}", methods=["GET", "HEAD"])
def ask_for_feedback(request: Request, token: str, verdict: str = "", meant: str = "") -> HTMLResponse:
    """A page with the answers there are; the one that was clicked in the mail is chosen, and waits to be sent.

    `meant` is a company's name that was typed and is not clear.
    """
    site = site_of(request)
    with site.database.reading() as session:
        rep, signal = _told(session, *site.sender.links.signal_of(token))
        words = site.sender.words(rep, utcnow())
        entry = entry_of(session, signal, words.taxonomy)
        feedback = None if verdict else verdict_on(session, rep, entry)
        given = feedback.verdict if feedback else ""
        return page(
            "feedback",
            words.language,
            title=words.translations.gettext("What do you think of this news?"),
            company=signal.company.name if signal.company else signal.subject,
            label=", ".join(item_of(entry, words).labels),
            sentence=words.quoted(signal.sentence),
            verdicts={verdict: words.verdict(verdict) for verdict in VERDICTS},
            chosen=given or verdict,
            given=given,
            asked=question(session, signal, feedback, meant),
            path=f"/feedback/{token}",
        )


@mails_router.post("/feedback/{token}")
def give_feedback(request: Request, token: str, verdict: VerdictField) -> RedirectResponse:
    """Note what a rep thinks of a signal."""
    site = site_of(request)
    with site.database.session() as session:
        rep, signal = _told(session, *site.sender.links.signal_of(token))
        judge(session, rep, signal, verdict, site.sender.taxonomy, utcnow())
    return RedirectResponse(f"/feedback/{token}", 303)


@mails_router.post("/feedback/{token}/meant")
def say_who_is_meant(
    request: Request, token: str, name: CompanyField = "", company: CompanyField = ""
) -> RedirectResponse:
    """Note which company a signal is about that was told on the wrong one."""
    site = site_of(request)
    goal, typed = f"/feedback/{token}", company or name.strip()
    with site.database.session() as session:
        rep, signal = _told(session, *site.sender.links.signal_of(token))
        is_clear = not typed or note(session, rep, signal, typed)
    return RedirectResponse(goal if is_clear else asked_again(goal, typed), 303)


@mails_router.api_route("/take/{token}", methods=["GET", "HEAD"])
def ask_to_take(request: Request, token: str) -> HTMLResponse:
    """A page with a button for each offer that the rep sells and for which nobody took the company yet."""
    site = site_of(request)
    with site.database.reading() as session:
        rep, signal = _told(session, *site.sender.links.taken(token))
        if signal.company is None:
            raise NotFound("there is no such lead any more")
        words, there = site.sender.words(rep, utcnow()), leads.open_ones(session, [signal.company.id])
        return page(
            "take",
            words.language,
            title=words.translations.gettext("Take it as a lead"),
            rep=rep,
            company=signal.company,
            label=words.taxonomy.label(signal.type, words.language) + words.status(signal.status),
            sentence=words.quoted(signal.sentence),
            takes=[(one, there.get((signal.company.id, one))) for one in offers.of_rep(session, rep)],
            path=f"/take/{token}",
        )


@mails_router.post("/take/{token}")
def take(request: Request, token: str, offer: Annotated[str, Form(max_length=100)]) -> RedirectResponse:
    """Let the rep whose link it is take the company as a lead; where another was faster, the page says so."""
    site, now = site_of(request), utcnow()
    with site.database.session() as session:
        rep, signal = _told(session, *site.sender.links.taken(token))
        if rep.id in users.disabled(session):
            raise NotFound("there is no such rep any more")
        if signal.company is None or offer not in offers.of_rep(session, rep):
            raise NotFound("there is no such lead any more")
        lead, _ = lifecycle.open_lead(
            session, signal.company, offer, [signal], origin="mail", author=rep.email, now=now
        )
        with suppress(Conflict):
            lifecycle.take(session, lead, rep, now)
    return RedirectResponse(f"/take/{token}", 303)
