"""What is asked of who sells an offer: the contract, and to whom its leads go; tried before it holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from starlette.datastructures import FormData

from leads import offers
from leads.conditions import spelling, spelt
from leads.contract import RETURNS, Contract, Worked
from leads.lifecycle import RESULTS
from leads.offers import Offer
from leads.points import LeadScoring
from leads.routing import CHANNELS, CUSTOMERS, ORIGINS, Choice, Rule
from leads.routing_trial import Trial, try_routing
from leads.wording import Words
from store.base import utcnow
from store.errors import Invalid
from web.access import Checked, SignedIn, changing, needs
from web.filters import listed
from web.messages import Message, redirect
from web.pages import form_of, show, words_of
from web.site import site_of

_SHOWN = 20  # leads of a trial
_HOURS = ("accept_hours", "act_hours", "grace_hours")
_RULE = ("name", "territory", "company", "kind", "origin", "min_points", "customer")
_TO = ("channels", "team", "skills", "reps", "choose")
_COLUMNS = ("order", *_RULE, *_TO)

_SCORING = ("silence_days", "silence_points", "silence_times", "decay_after", "decay_week", "minimum", "comes_back")
_EMPTY = dict.fromkeys(_COLUMNS, "")

offer_leads_router = APIRouter(prefix="/offers/leads")
ByManagers = [Checked, Depends(needs("manager"))]
Fields = Annotated[FormData, Depends(form_of)]


def _rule_fields(number: int, rule: Rule, words: Words) -> dict[str, str]:
    """A rule as the fields of its form."""
    return {
        "order": str(number),
        "name": rule.name,
        "territory": ", ".join(rule.territory),
        "company": "; ".join(map(spelling, rule.company)),
        "kind": rule.kind or "",
        "origin": rule.origin or "",
        "min_points": "" if rule.min_points is None else words.plain(rule.min_points),
        "customer": rule.customer or "",
        "channels": ", ".join(rule.channels),
        "team": rule.team,
        "skills": ", ".join(rule.skills),
        "reps": ", ".join(rule.reps),
        "choose": rule.choose,
    }


def _scoring_fields(scoring: LeadScoring, words: Words) -> dict[str, str]:
    """The points for what happens to leads as fields: a rule a line, with how often it counts after an x."""
    rules = (
        f"{one.event} = {words.plain(one.points)}{f' x {one.times}' if one.times else ''}" for one in scoring.rules
    )
    silence, decay = scoring.silence, scoring.decay
    return {
        "points": "\n".join(rules),
        "silence_days": str(silence.days) if silence else "",
        "silence_points": words.plain(silence.points) if silence else "",
        "silence_times": str(silence.times) if silence else "",
        "decay_after": str(decay.after_days) if decay else "",
        "decay_week": words.plain(decay.a_week) if decay else "",
        "minimum": "" if scoring.minimum is None else words.plain(scoring.minimum),
        "comes_back": "" if scoring.comes_back is None else words.plain(scoring.comes_back),
    }


def _scoring(fields: FormData) -> dict[str, Any]:
    """What a form says of points, as the configuration has it."""
    given = {name: _number(str(fields.get(name, ""))) for name in _SCORING}
    rules = []
    for line in str(fields.get("points", "")).splitlines():
        if line.strip():
            name, _, rest = line.partition("=")
            points, _, times = rest.partition("x")
            rules.append(
                {"event": name.strip(), "points": _number(points)} | ({"times": times} if times.strip() else {})
            )
    found: dict[str, Any] = {"rules": rules, **{name: given[name] or None for name in ("minimum", "comes_back")}}
    if given["silence_days"] or given["silence_points"]:
        most = {"times": given["silence_times"]} if given["silence_times"] else {}
        found["silence"] = {"days": given["silence_days"], "points": given["silence_points"], **most}
    if given["decay_after"] or given["decay_week"]:
        found["decay"] = {"after_days": given["decay_after"], "a_week": given["decay_week"]}
    return found


def fields_of(offer: Offer, words: Words) -> dict[str, Any]:
    """The contract and the routing of an offer as the fields of their form."""
    contract = offer.contract
    return {
        "name": offer.name,
        "counts": contract.counts,
        "weekly": "" if contract.weekly is None else str(contract.weekly),
        **{name: words.plain(getattr(contract, name)) for name in _HOURS},
        "opens": f"{contract.opens:%H:%M}",
        "closes": f"{contract.closes:%H:%M}",
        "zone": contract.zone,
        "returns": list(contract.returns),
        "days": {name: str(contract.stage_days.get(name, "")) for name in get_args(Worked)},
        "costs": {name: words.plain(cost) for name, cost in offer.channel_costs.items()},
        **_scoring_fields(offer.scoring, words),
        "rules": [_rule_fields(number, one, words) for number, one in enumerate(offer.routing, 1)] + [_EMPTY],
    }


def _typed(fields: FormData) -> dict[str, Any]:
    """What was typed, for the form to be shown again."""
    rows = [dict(zip(_COLUMNS, map(str, row), strict=True)) for row in _rows(fields)]
    plain = ("name", "counts", "weekly", *_HOURS, "opens", "closes", "zone", "points", *_SCORING)
    return {
        **{name: str(fields.get(name, "")) for name in plain},
        "returns": [str(one) for one in fields.getlist("returns")],
        "days": {name: str(fields.get(f"days_{name}", "")) for name in get_args(Worked)},
        "costs": {name: str(fields.get(f"cost_{name}", "")) for name in CHANNELS},
        "rules": rows,
    }


def _rows(fields: FormData) -> Iterator[tuple[Any, ...]]:
    return zip(*(fields.getlist(f"rule_{name}") for name in _COLUMNS), strict=False)


def _number(text: str) -> str:
    return text.strip().replace(",", ".")


def _rules(fields: FormData) -> list[dict[str, Any]]:
    """The rules that have a place in the order, in it."""
    found = []
    for row in _typed(fields)["rules"]:
        if not row["order"].strip():
            continue
        given: dict[str, Any] = {name: row[name].strip() for name in ("name", "team", "choose")}
        given |= {name: row[name] for name in ("kind", "origin", "customer") if row[name]}
        given |= {name: listed(row[name]) for name in ("channels", "skills", "reps")}
        given["territory"] = [one.upper() for one in listed(row["territory"])]
        given["company"] = [spelt(one) for one in row["company"].split(";") if one.strip()]
        if row["min_points"].strip():
            given["min_points"] = _number(row["min_points"])
        found.append((row["order"].strip().zfill(6), given))
    return [given for _, given in sorted(found, key=lambda one: one[0])]


def changed(offer: Offer, fields: FormData) -> Offer:
    """The offer with the contract and the routing of a form. Raises `Invalid`, and pydantic's `ValidationError`."""
    typed = _typed(fields)
    contract = {
        "counts": typed["counts"].strip(),
        "weekly": typed["weekly"].strip() or None,
        **{name: _number(typed[name]) for name in _HOURS if typed[name].strip()},
        **{name: typed[name] for name in ("opens", "closes", "zone") if typed[name].strip()},
        "returns": [one for one in RETURNS if one in typed["returns"]],
        "stage_days": {name: days for name, days in typed["days"].items() if days.strip()},
    }
    costs = {name: _number(cost) for name, cost in typed["costs"].items() if cost.strip()}
    found = offer.model_copy(
        update={
            "contract": Contract.model_validate(contract),
            "routing": tuple(Rule.model_validate(one) for one in _rules(fields)),
            **({"scoring": LeadScoring.model_validate(_scoring(fields))} if "points" in fields else {}),
        }
    )
    return Offer.model_validate(found.content | {"channel_costs": costs})


def _page(
    request: Request, fields: dict[str, Any], status: int = 200, error: str = "", trial: Trial | None = None
) -> HTMLResponse:
    title = words_of(request).translations.gettext("Leads of {offer}").format(offer=fields["name"])
    facts: dict[str, Any] = {
        "fields": fields,
        "error": error,
        "trial": trial,
        "shown": _SHOWN,
        "returns": RETURNS,
        "channels": CHANNELS,
        "customers": CUSTOMERS,
        "choices": get_args(Choice),
        "worked": get_args(Worked),
        "origins": ORIGINS,
        "results": RESULTS,
    }
    return show(request, "offer_leads", title, status, **facts)


def _wrong(error: Exception, words: Words) -> str:
    """What is wrong with a form, naming its field."""
    _ = words.translations.gettext
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "–"
        return _("“{field}” cannot be read: {said}").format(field=where, said=first["msg"])
    return str(error)


@offer_leads_router.get("")
def contract_page(request: Request, user: SignedIn, name: str) -> HTMLResponse:
    """The contract of an offer and the rules by which its leads are given out."""
    with site_of(request).database.reading() as session:
        offer = offers.named(session, name)
    return _page(request, fields_of(offer, words_of(request)))


@offer_leads_router.post("/try", dependencies=ByManagers)
def try_rules(request: Request, user: SignedIn, fields: Fields) -> HTMLResponse:
    """Show whose the leads of the last 90 days would have been; nothing is saved."""
    words = words_of(request)
    with site_of(request).database.reading() as session:
        before = offers.named(session, str(fields.get("name", "")))
        try:
            offer = changed(before, fields)
        except (Invalid, ValidationError) as error:
            return _page(request, _typed(fields), 422, _wrong(error, words))
        return _page(request, fields_of(offer, words), trial=try_routing(session, offer, utcnow()))


@offer_leads_router.post("/save", dependencies=ByManagers)
def save_rules(
    request: Request, user: SignedIn, fields: Fields, note: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """Let the contract and the rules hold from now on, as a version of the offer."""
    name, words = str(fields.get("name", "")), words_of(request)
    try:
        with changing(request, user, "offer", f"{name}: leads") as session:
            offers.save(session, changed(offers.named(session, name), fields), user.rep.email, note.strip())
    except (Invalid, ValidationError) as error:
        return _page(request, _typed(fields), 422, _wrong(error, words))
    return redirect(
        request, f"/offers/leads?{urlencode({'name': name})}", Message(words.translations.gettext("It is saved."))
    )
