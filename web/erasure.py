"""Erasing a person everywhere, as who is named in a text may ask for (GDPR, article 17)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from signals.erasure import erase
from store import erased
from web.access import Checked, SignedIn, changing, needs
from web.messages import Message, redirect
from web.pages import show, words_of
from web.site import site_of

erasure_router = APIRouter(prefix="/admin/people", dependencies=[Depends(needs("admin"))])


@erasure_router.get("")
def erasure_page(request: Request, user: SignedIn) -> HTMLResponse:
    """A person can be erased; how many were, and when."""
    with site_of(request).database.reading() as session:
        done = erased.all_of(session)
    return show(request, "erasure", words_of(request).translations.gettext("Erase a person"), erased=done)


@erasure_router.post("", dependencies=[Checked])
def erase_person(request: Request, user: SignedIn, name: Annotated[str, Form(max_length=200)]) -> RedirectResponse:
    """Erase a person everywhere; the audit says that it was done, and not of whom."""
    words = words_of(request)
    with changing(request, user, "erase") as session:
        done = erase(session, name, user.rep.email)
    count = words.translations.ngettext
    found = ", ".join(
        (
            count("{number} article", "{number} articles", done.documents).format(number=words.number(done.documents)),
            count("{number} contact", "{number} contacts", done.contacts).format(number=words.number(done.contacts)),
            count("{number} lead", "{number} leads", done.leads).format(number=words.number(done.leads)),
        )
    )
    said = words.translations.gettext("The person is erased ({found}), and stays so in what is read from now on.")
    return redirect(request, "/admin/people", Message(said.format(found=found)))
