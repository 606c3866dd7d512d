"""The families and types of signals, and what is read in a text that is pasted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse

from signals.link_wording import evidence
from web.access import Checked, SignedIn, needs
from web.pages import show, words_of
from web.site import site_of

_LONGEST = 20_000  # characters

taxonomy_router = APIRouter(prefix="/admin/taxonomy", dependencies=[Depends(needs("admin"))])


def _page(request: Request, text: str = "", found: Mapping[str, Any] | None = None) -> HTMLResponse:
    words = words_of(request)

    def said(what: str) -> str:
        return evidence(what, words)

    facts: dict[str, Any] = {"families": words.taxonomy.families, "text": text, "found": found, "said": said}
    return show(request, "taxonomy", words.translations.gettext("Taxonomy"), **facts)


@taxonomy_router.get("")
def taxonomy_page(request: Request, user: SignedIn) -> HTMLResponse:
    """What counts as a signal."""
    return _page(request)


@taxonomy_router.post("", dependencies=[Checked])
def try_text(request: Request, user: SignedIn, text: Annotated[str, Form(max_length=_LONGEST)] = "") -> HTMLResponse:
    """Show what is read in a text; nothing is kept. The first line is the title where more lines follow."""
    title, _, rest = text.strip().partition("\n")
    if not title:
        return _page(request)
    found = site_of(request).jobs.classify(title.strip() if rest else "", rest.strip() or title)
    return _page(request, text, found)
