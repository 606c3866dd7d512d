"""Settling whom a name in a text stands for, where that is not sure: one click, and later texts are told by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form, Request
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from companies.evidence import SETTLED
from companies.folding import name_key
from store import companies, corrections, signals
from store.base import utcnow
from store.errors import NotFound
from store.tables import Company, Signal
from web.access import Checked, SignedIn, changing
from web.messages import Message, redirect
from web.pages import words_of
from web.site import site_of

HELD = "/digest/held"
_NOBODY = 0
_LATELY = timedelta(days=30)  # of names in older texts nobody waits to be told
_RELINKED = 500  # documents that are read anew at once

settling_router = APIRouter()


def candidates_of(session: Session, shown: Sequence[Signal]) -> dict[int, list[tuple[Company, float]]]:
    """By signal, which companies may be meant, each with its probability; none where it is sure."""
    doubtful = [one for one in shown if one.company_id is None]
    known = companies.by_ids(session, {number for one in doubtful for number, _ in one.candidates})
    return {one.id: [(known[number], sure) for number, sure in one.candidates if number in known] for one in doubtful}


def is_settled(signal: Signal) -> bool:
    """Whether a person said whom the name stands for in this text."""
    return any(what == SETTLED for what, _ in signal.link_reasons)


@settling_router.post("/signals/{number}/settle", dependencies=[Checked])
def settle(
    request: Request, user: SignedIn, later: BackgroundTasks, number: int, company: Annotated[int, Form()]
) -> RedirectResponse:
    """Say which of the companies that may be meant is; none of them is `company` 0.

    The text is read anew at once, and then what else of late names somebody so, for whom it was not sure either.
    """
    site, gettext = site_of(request), words_of(request).translations.gettext
    with site.database.reading() as session:
        found = signals.by_ids(session, [number])
        meant = candidates_of(session, found).get(number, [])
        chosen = next((one for one, _ in meant if one.id == company), None)
        if not meant or (chosen is None and company != _NOBODY):
            raise NotFound
        document, name = found[0].document_id, found[0].subject
        key, alike = name_key(name), signals.doubtful(session, utcnow() - _LATELY)
        others = {one for one, subject in alike if name_key(subject) == key} - {document}
    with changing(request, user, "whom a name stands for", f"{name} in signal {number} is #{company}") as session:
        corrections.settle(session, document, key, company or None)
    site.jobs.relink([document])
    if chosen is None:
        said = gettext("Noted: {name} is none of these companies in this text.").format(name=name)
    else:
        later.add_task(site.jobs.relink, sorted(others, reverse=True)[:_RELINKED])
        who = f"{chosen.name} ({chosen.city})" if chosen.city else chosen.name
        said = gettext("Noted: {name} is {company} in this text.").format(name=name, company=who)
    return redirect(request, HELD, Message(said, undo="/settled/undo", fields={"document": document, "name": key}))


@settling_router.post("/settled/undo", dependencies=[Checked])
def unsettle(
    request: Request, user: SignedIn, document: Annotated[int, Form()], name: Annotated[str, Form(max_length=200)]
) -> RedirectResponse:
    """Take back what was said of a name in a text, which is read anew."""
    with changing(request, user, "whom a name stands for", f"taken back: {name} in document {document}") as session:
        if not corrections.unsettle(session, document, name):
            raise NotFound
    site_of(request).jobs.relink([document])
    return redirect(request, HELD, Message(words_of(request).translations.gettext("It is taken back.")))
