"""What is sold: offers with their versions, tried on the last days before they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf
from types import MappingProxyType
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import ValidationError
from starlette.datastructures import FormData

from companies.criteria import FIGURES, Fact
from leads import offers
from leads.offers import Offer
from leads.replay import Move
from leads.wording import Words
from store import companies, reps
from store import offers as versions
from store.errors import Invalid
from web.access import Checked, SignedIn, changing, needs
from web.filters import listed
from web.messages import Message, redirect
from web.pages import form_of, show, words_of
from web.site import site_of

_COLUMNS = ("criterion", "values", "min", "max", "points")  # of a row
ELSEWHERE = ("contract", "routing", "channel_costs", "scoring")
NOTHING: Mapping[str, Any] = MappingProxyType({})
_SPARE = 4  # empty rows for further criteria
_SHOWN = 15  # companies of each move

offers_router = APIRouter()
ByManagers = [Checked, Depends(needs("manager"))]
Fields = Annotated[FormData, Depends(form_of)]


class Unreadable(Invalid):
    """A field cannot be read."""


@offers_router.get("/offers")
def offers_page(request: Request, user: SignedIn) -> HTMLResponse:
    """The offers that hold, with who saved each and who sells it."""
    with site_of(request).database.reading() as session:
        shown, given = versions.current(session), versions.given(session)
    return show(request, "offers", words_of(request).translations.gettext("Offers"), offers=shown, given=given)


def _row(content: dict[str, Any], words: Words) -> dict[str, str]:
    """A criterion of an offer as the fields of its row."""
    plain: dict[str, str] = {key: words.plain(content[key]) for key in ("min", "max", "points") if key in content}
    values = "?" if content.get("unknown") else ", ".join(content.get("in", ()))
    return {"criterion": content["criterion"], "values": values, **plain}


def _pairs(factors: dict[str, float], words: Words) -> str:
    return "\n".join(f"{name} = {words.plain(value)}" for name, value in factors.items())


def fields_of(offer: Offer | None, words: Words) -> dict[str, Any]:
    """An offer as the fields of its form; an empty form for none."""
    content = offer.content if offer else {}
    rows = [_row(one, words) for one in content.get("fit", ())]
    keywords, thresholds = content.get("keywords", {}), content.get("thresholds", {})
    return {
        "name": content.get("name", ""),
        "rows": rows + [{}] * _SPARE,
        "families": {name: words.plain(factor) for name, factor in content.get("families", {}).items()},
        "types": _pairs(content.get("types", {}), words),
        "half_lives": _pairs(content.get("half_lives", {}), words),
        "pitches": "\n".join(f"{name} = {pitch}" for name, pitch in content.get("pitches", {}).items()),
        "include": ", ".join(keywords.get("include", ())),
        "exclude": ", ".join(keywords.get("exclude", ())),
        "territory": ", ".join(content.get("territory", ())),
        "fit": thresholds.get("fit", 40),
        "timing": thresholds.get("timing", 5),
        "opens_leads": content.get("opens_leads", False),
    }


def _by_name(text: object) -> dict[str, str]:
    """What stands behind each name, a line each."""
    parts = (one.partition("=") for one in str(text or "").splitlines() if one.strip())
    return {name.strip(): said.strip() for name, _, said in parts}


def _factors(text: object) -> dict[str, str]:
    return {name: factor.replace(",", ".") for name, factor in _by_name(text).items()}


def _criteria(fields: FormData) -> Iterator[dict[str, Any]]:
    """The criteria of the rows that are filled in."""
    for row in zip(*map(fields.getlist, _COLUMNS), strict=False):
        criterion, values, low, high, points = (str(one).strip() for one in row)
        if not criterion:
            continue
        asked: dict[str, Any] = {"criterion": criterion, "points": points}
        asked |= {key: value.replace(",", ".") for key, value in (("min", low), ("max", high)) if value}
        if values == "?":
            asked["unknown"] = True
        elif values and criterion not in FIGURES:
            asked["in"] = listed(values)
        yield asked


def offer_of(fields: FormData, words: Words, kept: Mapping[str, Any] = NOTHING) -> Offer:
    """The offer that a form describes, with what was `kept` of it and stands in another form.

    Raises `Unreadable` that names the field in the reader's language.
    """
    families = {name: str(fields.get(f"family_{name}", "")).strip() for name in words.taxonomy.families}
    content = {
        "name": str(fields.get("name", "")).strip(),
        "fit": list(_criteria(fields)),
        "families": {name: factor.replace(",", ".") for name, factor in families.items() if factor},
        "types": _factors(fields.get("types")),
        "half_lives": _factors(fields.get("half_lives")),
        "pitches": _by_name(fields.get("pitches")),
        "keywords": {name: listed(fields.get(name)) for name in ("include", "exclude")},
        "territory": [one.upper() for one in listed(fields.get("territory"))],
        "thresholds": {name: str(fields[name]) for name in ("fit", "timing") if fields.get(name)},
        "opens_leads": bool(fields.get("opens_leads")),
        **kept,
    }
    try:
        offer = Offer.model_validate(content)
    except ValidationError as error:
        raise Unreadable(_where(error.errors()[0]["loc"], words)) from None
    both = {*words.taxonomy.types, *words.taxonomy.families}
    known = {"types": {*words.taxonomy.types}, "half_lives": both, "pitches": both}
    for key, names in known.items():
        if strange := getattr(offer, key).keys() - names:
            raise Unreadable(f"{_where((key,), words)} ({min(strange)})")
    return offer


def _kept(request: Request, fields: FormData) -> dict[str, Any]:
    """What the offer of a form has that stands in the form of its leads."""
    name = str(fields.get("name", "")).strip()
    with site_of(request).database.reading() as session:
        found = offers.find(session, name)
    content = found.content if found else {}
    return {key: content[key] for key in ELSEWHERE if key in content}


def _where(loc: tuple[int | str, ...], words: Words) -> str:
    """Which field of the form an error is in."""
    _ = words.translations.gettext
    if loc[0] == "fit" and len(loc) > 1:
        return _("line {number} of what the companies are").format(number=int(loc[1]) + 1)
    names = {
        "name": _("the name"),
        "families": _("the weight of a family"),
        "types": _("the weight of a type"),
        "half_lives": _("how long a type counts"),
        "pitches": _("what to propose"),
        "keywords": _("the words of the articles"),
        "territory": _("the territory"),
        "thresholds": _("the thresholds"),
    }
    return names.get(str(loc[0]), str(loc[0]))


def _form(request: Request, fields: dict[str, Any], status: int = 200, **facts: Any) -> HTMLResponse:
    words = words_of(request)
    shared: dict[str, Any] = {
        "fields": fields,
        "facts": get_args(Fact),
        "families": words.taxonomy.families,
        "history": [],
        "reps": [],
        "error": "",
        "found": None,
        "moves": {},
    }
    title = fields["name"] or words.translations.gettext("A new offer")
    return show(request, "offer", title, status, **shared | facts)


@offers_router.get("/offers/edit")
def offer_page(request: Request, user: SignedIn, name: str = "") -> HTMLResponse:
    """An offer in its form, or an empty form for a new one."""
    with site_of(request).database.reading() as session:
        offer = offers.named(session, name) if name else None
        history = versions.history(session, name) if name else []
        everyone, given = reps.everyone(session), versions.given(session).get(name, [])
    sellers: dict[str, Any] = {"reps": everyone, "given": {rep.id for rep in given}}
    return _form(request, fields_of(offer, words_of(request)), history=history[::-1], **sellers)


@offers_router.post("/offers/try", dependencies=ByManagers)
def try_offer(request: Request, user: SignedIn, fields: Fields) -> HTMLResponse:
    """Show what the offer would have told over the last days; nothing is saved."""
    site, words = site_of(request), words_of(request)
    try:
        offer = offer_of(fields, words, _kept(request, fields))
    except Unreadable as error:
        return _form(request, _typed(fields, words), 422, error=str(error))
    with site.database.reading() as session:
        before = offers.find(session, offer.name)
        history = versions.history(session, offer.name)
    replay = replayed(request, before, offer)
    return _form(request, fields_of(offer, words), history=history[::-1], **replay)


def replayed(request: Request, before: Offer | None, after: Offer) -> dict[str, Any]:
    """What an offer would have told over the last days, as the macro `replay` shows it."""
    site = site_of(request)
    found = site.jobs.replay(before, after, words_of(request).today)
    moves = {move: found.of(move) for move in get_args(Move)}
    with site.database.reading() as session:
        known = companies.by_ids(session, [one.company_id for moved in moves.values() for one in moved[:_SHOWN]])
    return {"found": found, "moves": moves, "known": known, "shown": _SHOWN, "elsewhere": -inf}


def _typed(fields: FormData, words: Words) -> dict[str, Any]:
    """What was typed, for the form to be shown again."""
    columns = zip(*map(fields.getlist, _COLUMNS), strict=False)
    rows = [dict(zip(_COLUMNS, map(str, row), strict=True)) for row in columns]
    plain = (
        "name",
        "types",
        "half_lives",
        "pitches",
        "include",
        "exclude",
        "territory",
        "fit",
        "timing",
        "opens_leads",
    )
    families = {name: str(fields.get(f"family_{name}", "")) for name in words.taxonomy.families}
    return {"rows": rows, "families": families} | {name: str(fields.get(name, "")) for name in plain}


@offers_router.post("/offers/save", dependencies=ByManagers)
def save_offer(request: Request, user: SignedIn, fields: Fields, later: BackgroundTasks) -> Response:
    """Let the offer hold from now on; the companies are ranked by it at once."""
    site, words = site_of(request), words_of(request)
    try:
        offer = offer_of(fields, words, _kept(request, fields))
    except Unreadable as error:
        return _form(request, _typed(fields, words), 422, error=str(error))
    with changing(request, user, "offer", offer.name) as session:
        offers.save(session, offer, user.rep.email, str(fields.get("note", "")).strip()[:500])
        is_given = offer.name in versions.given(session)
    later.add_task(site.jobs.rank, offer.name, words.today)
    if is_given:
        return RedirectResponse("/offers", 303)
    wanting = words.translations.gettext("The offer is saved. Nobody sells it yet: tick whom its leads are for.")
    return redirect(request, f"/offers/edit?{urlencode({'name': offer.name})}#given", Message(wanting))


@offers_router.post("/offers/give", dependencies=ByManagers)
def give_offer(
    request: Request, user: SignedIn, name: Annotated[str, Form()], rep: Annotated[list[int] | None, Form()] = None
) -> RedirectResponse:
    """Let the reps that are ticked sell the offer, and no others."""
    ticked = set(rep or ())
    with changing(request, user, "offer", f"{name}: given to {len(ticked)}") as session:
        offers.named(session, name)
        everyone = reps.everyone(session)
        versions.give(session, name, [one for one in everyone if one.id in ticked])
        versions.take(session, name, [one for one in everyone if one.id not in ticked])
    return redirect(request, "/offers", Message(words_of(request).translations.gettext("It is saved.")))


@offers_router.post("/offers/restore", dependencies=ByManagers)
def restore_offer(
    request: Request,
    user: SignedIn,
    later: BackgroundTasks,
    name: Annotated[str, Form()],
    number: Annotated[int, Form()],
) -> RedirectResponse:
    """Let an earlier version hold again."""
    with changing(request, user, "offer", f"{name}: version {number} again") as session:
        offers.restore(session, name, number, user.rep.email)
    later.add_task(site_of(request).jobs.rank, name, words_of(request).today)
    return RedirectResponse("/offers", 303)


@offers_router.post("/offers/retire", dependencies=ByManagers)
def retire_offer(request: Request, user: SignedIn, name: Annotated[str, Form()]) -> RedirectResponse:
    """Take an offer out; its versions stay."""
    with changing(request, user, "offer", f"{name}: taken out") as session:
        offers.retire(session, name, user.rep.email)
    return RedirectResponse("/offers", 303)
