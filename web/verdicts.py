"""What reps say of signals, and what managers let follow from it: names refused, types told later."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from companies.folding import name_key
from leads.quality import Share
from signals import thresholds
from signals.doubts import doubts
from store import signals, verdicts
from store.base import utcnow
from store.errors import Invalid, NotFound
from web.access import Checked, SignedIn, changing, needs
from web.messages import Message, redirect
from web.pages import show, words_of
from web.site import site_of

_DAYS = 365
_SHOWN = 50  # names
_FEWEST = 3  # verdicts on a type that is listed
AT = "/leads/verdicts"

verdicts_router = APIRouter(prefix=AT, dependencies=[Depends(needs("manager"))])


@verdicts_router.get("")
def verdicts_page(request: Request, user: SignedIn) -> HTMLResponse:
    """Which names reps doubt, how often each type is right, and from which confidence on it would be right more often.

    What they say of a signal they were told last year counts.
    """
    words = words_of(request)
    with site_of(request).database.reading() as session:
        given = verdicts.given(session, utcnow() - timedelta(days=_DAYS))
        by_type = thresholds.judged((one.type, one.confidence, one.verdict) for one in given)
        set_ones = verdicts.thresholds(session)
        known = [one for one in by_type if one.type in words.taxonomy.types]
        listed = [one for one in known if one.told >= _FEWEST or one.type in set_ones]
        facts: dict[str, Any] = {
            "doubts": doubts(session, limit=_SHOWN),
            "judged": [(one, Share(one.right, one.told)) for one in listed],
            "rare": len(known) - len(listed),
            "set": set_ones,
            "least": thresholds.LEAST,
            "aim": thresholds.AIM,
        }
        return show(request, "verdicts", words.translations.gettext("What reps say"), **facts)


@verdicts_router.post("/keep", dependencies=[Checked])
def keep_name(request: Request, user: SignedIn, signal: Annotated[int, Form()]) -> RedirectResponse:
    """Let a name go on to stand for a company that reps doubted; what they say later asks again."""
    with site_of(request).database.reading() as session:
        found = signals.by_id(session, signal)
        if found.company is None:
            raise NotFound
        company, name = found.company, found.subject
    with changing(request, user, "not this company", f"{name} may be #{company.id}") as session:
        verdicts.keep(session, company, name_key(name), user.rep.email, utcnow())
    return redirect(request, AT, Message(words_of(request).translations.gettext("It is saved.")))


@verdicts_router.post("/threshold", dependencies=[Checked])
def set_threshold(
    request: Request, user: SignedIn, kind: Annotated[str, Form()], least: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Let a type be told from a confidence on; an empty one: as the models were tuned."""
    words = words_of(request)
    if kind not in words.taxonomy.types:
        raise NotFound
    try:
        number = float(least.strip().replace(",", ".")) if least.strip() else None
    except ValueError:
        number = -1.0
    if number is not None and not 0 <= number <= 1:
        raise Invalid(words.translations.gettext("Write a confidence from 0 to 1, as 0.8."))
    with changing(request, user, "threshold", f"{kind}: {least.strip() or '–'}") as session:
        verdicts.set_threshold(session, kind, number, user.rep.email, utcnow())
    return redirect(request, AT, Message(words.translations.gettext("It holds for what is found from now on.")))
