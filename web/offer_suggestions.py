"""What outcomes of leads suggest for an offer: tried on the last days, then accepted or refused by a manager."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from leads import acceptance, offers, suggestions
from leads.quality import Dimension
from leads.suggestions import Suggestion, with_weight
from leads.wording import Words
from store import suggestions as decided
from store.base import utcnow
from web.access import Checked, SignedIn, changing, needs
from web.lead_quality import key_name
from web.messages import Message, redirect
from web.offers import replayed
from web.pages import show, words_of
from web.site import site_of

offer_suggestions_router = APIRouter(prefix="/offers/suggestions", dependencies=[Depends(needs("manager"))])


def kind_name(kind: str, words: Words) -> str:
    """What a type or a family is called."""
    return words.family(kind) if kind in words.taxonomy.families else words.label(kind)


def said(one: Suggestion, words: Words) -> str:
    """A suggestion in words."""
    _ = words.translations.gettext
    return _("{kind}: meetings from {meetings} of {leads} leads; from {others} of {all} others").format(
        kind=kind_name(one.kind, words),
        meetings=words.number(one.found.part),
        leads=words.number(one.found.whole),
        others=words.number(one.others.part),
        all=words.number(one.others.whole),
    )


def _said_features(model: acceptance.Content, words: Words) -> list[tuple[str, float]]:
    """What says most for or against that a lead is accepted, in words."""
    _ = words.translations.gettext
    headings: dict[str, tuple[Dimension, str]] = {
        "type": ("type", _("Type")),
        "origin": ("origin", _("Origin")),
        "place": ("territory", _("Territory")),
        "size": ("size", _("Headcount")),
    }
    found = []
    for feature, weight in acceptance.strongest(model).items():
        part, _sep, value = feature.partition(":")
        dimension, heading = headings[part]
        found.append((f"{heading}: {key_name(dimension, value, words, {})}", weight))
    return found


@offer_suggestions_router.get("")
def suggestions_page(request: Request, user: SignedIn, name: str, tried: str = "") -> HTMLResponse:
    """What is suggested for an offer, and what was decided; what is `tried` is shown on the last days."""
    site, words = site_of(request), words_of(request)
    with site.database.reading() as session:
        offer = offers.named(session, name)
        found = suggestions.suggestions_for(session, offer, words.taxonomy, utcnow())
        history = decided.of_offer(session, name)
        learnt = acceptance.model_of(session, name)
    on_trial = next((one for one in found if one.kind == tried), None)
    trial = replayed(request, offer, with_weight(offer, on_trial, words.taxonomy)) if on_trial else {}
    facts: dict[str, Any] = {
        "offer": offer,
        "suggestions": [(one, said(one, words)) for one in found],
        "history": history,
        "model": learnt[0] if learnt else None,
        "learnt_at": learnt[1] if learnt else None,
        "strongest": _said_features(learnt[0], words) if learnt else [],
        "tried": tried if on_trial else "",
        "kind_name": lambda kind: kind_name(kind, words),
        "least": suggestions.LEAST,
        "ripe": suggestions.RIPE_DAYS,
    }
    title = words.translations.gettext("What leads suggest for {offer}").format(offer=name)
    return show(request, "offer_suggestions", title, **facts, **trial)


@offer_suggestions_router.post("", dependencies=[Checked])
def decide(
    request: Request,
    user: SignedIn,
    later: BackgroundTasks,
    name: Annotated[str, Form()],
    kind: Annotated[str, Form()],
    after: Annotated[float, Form()],
    accepted: Annotated[bool, Form()],
) -> RedirectResponse:
    """Accept a suggestion, which is a version of the offer then, or refuse it."""
    words, now = words_of(request), utcnow()
    what = "accepted" if accepted else "refused"
    with changing(request, user, "offer", f"{name}: {kind} = {after:g} {what}") as session:
        offer = offers.named(session, name)
        found = suggestions.suggestions_for(session, offer, words.taxonomy, now)
        one = suggestions.named(found, kind, after)
        changed = with_weight(offer, one, words.taxonomy)
        suggestions.decide(session, changed, one, user.rep.email, now, said(one, words), accepted=accepted)
    if accepted:
        later.add_task(site_of(request).jobs.rank, name, words.today)
    gettext = words.translations.gettext
    message = gettext("It holds from now on.") if accepted else gettext("It is refused, and stays as it is.")
    return redirect(request, f"/offers/suggestions?{urlencode({'name': name})}", Message(message))
