"""The handbook of leads: what each word means here, what must hold to move on; managers change it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from leads import lead_wording
from leads.contract import RETURNS
from leads.stages import MOVES, STAGES, TEMPERATURES
from leads.wording import Words
from store import definitions
from store.errors import NotFound
from web.access import Checked, SignedIn, changing, needs
from web.messages import Message, redirect
from web.pages import show, words_of
from web.site import site_of

_LONGEST = 2000  # characters
AT = "/leads/definitions"
KINDS = ("tip", "project")

definitions_router = APIRouter(prefix=AT)


def _terms(words: Words) -> list[tuple[str, list[tuple[str, str]]]]:
    """The terms with their names, under their headings."""
    _ = words.translations.gettext
    return [
        (_("What a lead is"), [(one, lead_wording.kind(one, words)) for one in KINDS]),
        (_("Stages"), [(one, lead_wording.stage(one, words)) for one in STAGES]),
        (_("Temperature"), [(one, lead_wording.temperature(one, words)) for one in TEMPERATURES]),
        (_("Why leads are returned"), [(one, lead_wording.returned(one, words)) for one in RETURNS]),
    ]


def _ways(stage: str, words: Words) -> list[str]:
    """Where a lead moves from a stage, with what must hold for it."""
    found = []
    for (start, to), conditions in MOVES.items():
        if start == stage:
            asked = ", ".join(lead_wording.condition(one, words) for one in conditions)
            found.append(lead_wording.stage(to, words) + (f" ({asked})" if asked else ""))
    return found


@definitions_router.get("")
def definitions_page(request: Request, user: SignedIn) -> HTMLResponse:
    """What each word of leads means here."""
    words = words_of(request)
    parts = _terms(words)
    with site_of(request).database.reading() as session:
        facts: dict[str, Any] = {
            "parts": parts,
            "written": definitions.current(session),
            "usual": {term: lead_wording.definition(term, words) for _, part in parts for term, _ in part},
            "ways": {stage: _ways(stage, words) for stage in STAGES},
        }
        return show(request, "definitions", words.translations.gettext("Definitions"), **facts)


@definitions_router.post("", dependencies=[Checked, Depends(needs("manager"))])
def define(
    request: Request,
    user: SignedIn,
    term: Annotated[str, Form()],
    text: Annotated[str, Form(max_length=_LONGEST)] = "",
) -> RedirectResponse:
    """Say what a term means from now on; nothing: what it means everywhere."""
    words = words_of(request)
    if term not in {known for _, part in _terms(words) for known, _ in part}:
        raise NotFound
    with changing(request, user, "definition", term) as session:
        definitions.write(session, term, text.strip(), user.rep.email)
    return redirect(request, f"{AT}#{term}", Message(words.translations.gettext("It is saved.")))
