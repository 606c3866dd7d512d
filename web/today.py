"""What is new for who is signed in: hot leads first, then what they follow."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from digests.coverage import background_of
from digests.digest import sections_of, with_unread
from digests.items import Item
from digests.links import VERDICTS
from digests.morning import LINES, part_names
from store import leads, offers, reps, watchlists
from store.base import utcnow
from watch.selection import Leads, choose_recent
from web.access import Checked, SignedIn
from web.messages import Message, redirect
from web.pages import show, words_of
from web.site import site_of

_MOST = 60  # things on the page
_TASKS = 20  # leads on which something is to be done

today_router = APIRouter()


@today_router.get("/")
def today(request: Request, user: SignedIn, all: bool = False) -> HTMLResponse:
    """The first page: what is unread, or all that is as fresh as what mails tell."""
    site, words, now = site_of(request), words_of(request), utcnow()
    since = now - site.sender.fresh
    with site.database.reading() as session:
        chosen = choose_recent(session, user.rep, Leads(site.database, since), since, now)
        unread = reps.unread(session, user.rep, (one.signal.id for one in chosen))
        news, number = with_unread(chosen, unread, words)
        shown = chosen if all else news
        sections = sections_of(shown, lambda ids: background_of(session, ids, now), words, _MOST)
        sold = offers.of_rep(session, user.rep)
        open_ones = leads.open_ones(session, [one.company.id for one in sections.sections]) if sold else {}
        due = (leads.owned_by(user.rep_id), leads.is_due(now, words.today))
        tasks = leads.listed(session, *leads.wanted(*due), limit=_TASKS)
        follows = any(watchlists.sizes(session, watchlists.of_rep(session, user.rep)).values())
    title = words.translations.gettext("Today")

    def is_unread(item: Item) -> bool:
        return not unread.isdisjoint(item.signal_ids)

    facts: dict[str, Any] = {
        "shown": sections,
        "lines": LINES,
        "names": part_names(words),
        "is_unread": is_unread,
        "unread": number,
        "all": all,
        "follows": follows,
        "sold": sold,
        "open": open_ones,
        "tasks": tasks,
        "verdicts": {verdict: words.verdict(verdict) for verdict in VERDICTS},
        "now": now,
    }
    ids = [one.signal.id for one in shown if one.signal.id not in sections.left]  # also what stands beside its cause
    return show(request, "today", title, days=site.sender.fresh.days, ids=ids, **facts)


@today_router.post("/read", dependencies=[Checked])
def mark_read(request: Request, user: SignedIn, signal: Annotated[list[int] | None, Form()] = None) -> RedirectResponse:
    """Mark signals as read."""
    with site_of(request).database.session() as session:
        new = sorted(reps.unread(session, user.rep, signal or ()))
        reps.has_read(session, user.rep, new, utcnow())
    message = Message(words_of(request).translations.gettext("Marked as read."), undo="/unread", fields={"signal": new})
    return redirect(request, "/", message if new else None)


@today_router.post("/unread", dependencies=[Checked])
def mark_unread(
    request: Request, user: SignedIn, signal: Annotated[list[int] | None, Form()] = None
) -> RedirectResponse:
    """Take it back that signals are read."""
    with site_of(request).database.session() as session:
        reps.has_not_read(session, user.rep, signal or ())
    return redirect(request, "/")
