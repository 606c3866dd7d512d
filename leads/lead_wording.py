"""Leads in the reader's language: their stages, what is missing, and what happened to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from leads.lifecycle import RESULTS
from leads.points import ACTIVITY
from leads.stages import STAGES
from leads.wording import Words
from store.leads import TOLD_OF_LOSS
from store.tables import LeadEvent


def stage(name: str, words: Words) -> str:
    """A stage."""
    _ = words.translations.gettext
    return {
        "marketing_qualified": _("to be taken (MQL)"),
        "sales_accepted": _("accepted (SAL)"),
        "sales_qualified": _("need confirmed (SQL)"),
        "opportunity": _("opportunity"),
        "won": _("won"),
        "lost": _("lost"),
        "nurturing": _("nurtured"),
    }.get(name, name)


def definition(term: str, words: Words) -> str:
    """What a stage, a kind, a temperature or a reason of return means where nobody wrote anything else."""
    _ = words.translations.gettext
    return {
        "tip": _("A company that may need the offer; who says so, and what of it is still to be checked."),
        "project": _("The decision maker, the need and the timeframe are known; the budget may be open."),
        "marketing_qualified": _("Its score reached the offer's threshold, or somebody thought it worth a call."),
        "sales_accepted": _("A rep took it, within the time of the contract."),
        "sales_qualified": _("A talk confirmed the need."),
        "opportunity": _("Somebody who decides wants an offer: decision maker, need and timeframe are known."),
        "won": _("The contract is signed, for an amount that is known."),
        "lost": _("Nothing will come of it; the reason is kept."),
        "nurturing": _("Not now: it comes back on its day, or when something new happens."),
        "follow": _("Nothing is urgent: it is looked at when something new comes."),
        "hot": _("A decision is near: it is called first."),
        "cold": _("Little is to be expected in the coming months."),
        "postponed": _("There is a project, and it was put off; give the day when to ask again."),
        "wrong_contact": _("Whom we were told to ask for does not decide, or is not there any more."),
        "no_budget": _("There is a need, and no money for it within 12 months."),
        "not_our_product": _("They need something that we do not sell."),
        "wrong_data": _("Address, number or figures are not right."),
        "wrong_company": _("What was told is about another company."),
        "duplicate": _("Somebody is on it already."),
        "other": _("Say in words what it was."),
    }[term]


def kind(name: str, words: Words) -> str:
    """Whether it is a tip or a project."""
    _ = words.translations.gettext
    return {"tip": _("tip"), "project": _("project")}.get(name, name)


def temperature(name: str, words: Words) -> str:
    """How warm a lead is."""
    _ = words.translations.gettext
    return {"follow": _("to follow"), "hot": _("hot"), "cold": _("cold")}.get(name, name)


def result(name: str, words: Words) -> str:
    """How a call ended."""
    _ = words.translations.gettext
    return {
        "not_reached": _("not reached"),
        "gatekeeper": _("gatekeeper"),
        "talked": _("talked"),
        "meeting": _("meeting agreed"),
        "call_back": _("to be called back"),
        "refused": _("refused"),
    }.get(name, name)


def returned(name: str, words: Words) -> str:
    """Why a lead is returned."""
    _ = words.translations.gettext
    return {
        "postponed": _("project postponed"),
        "wrong_contact": _("wrong contact"),
        "no_budget": _("no budget within 12 months"),
        "not_our_product": _("not our product"),
        "wrong_data": _("wrong data"),
        "wrong_company": _("wrong company"),
        "duplicate": _("duplicate"),
        "other": _("another reason"),
    }.get(name, name)


def origin(name: str, words: Words) -> str:
    """Where a lead was opened."""
    _ = words.translations.gettext
    return {
        "ranking": _("the ranking"),
        "page": _("a page"),
        "mail": _("the mail"),
        "import": _("a file"),
        "api": _("another program"),
    }.get(name, name)


def customer(name: str, words: Words) -> str:
    """What kind of customer it is."""
    _ = words.translations.gettext
    return {
        "simple": _("bought nothing yet"),
        "repeat": _("bought before"),
        "framework": _("framework contract"),
    }.get(name, name)


def purchase(name: str, words: Words) -> str:
    """What is sold."""
    _ = words.translations.gettext
    return {"simple": _("simple purchase"), "framework": _("framework contract")}.get(name, name)


def channel(name: str, words: Words) -> str:
    """Through which channel a rep sells."""
    _ = words.translations.gettext
    return {"field": _("field sales"), "inside": _("inside sales"), "partner": _("partner"), "web": _("web")}.get(
        name, name
    )


def choice(name: str, words: Words) -> str:
    """How one is chosen among equals."""
    _ = words.translations.gettext
    return {
        "load": _("who has the fewest open leads"),
        "turn": _("who had none for longest"),
        "cost": _("whose channel costs least"),
    }.get(name, name)


def condition(name: str, words: Words) -> str:
    """What must hold for a move."""
    _ = words.translations.gettext
    return {
        "owner": _("an owner"),
        "talk": _("a call in which you talked"),
        "decision_maker": _("the decision maker"),
        "need": _("the need"),
        "timeframe": _("the timeframe"),
        "amount": _("the amount of the contract"),
        "reason": _("a reason"),
    }.get(name, name)


def field(name: str, words: Words) -> str:
    """A column of a lead that is filled in."""
    _ = words.translations.gettext
    return {
        "decision_maker": _("decision maker"),
        "phone": _("phone"),
        "purchase": _("purchase"),
        "need": _("need"),
        "timeframe": _("timeframe"),
        "budget": _("budget"),
        "amount": _("amount of the contract"),
        "told_by": _("told by"),
        "temperature": _("temperature"),
        "kind": _("kind"),
        "next_action": _("next action"),
        "next_on": _("on"),
    }.get(name, name)


def value(name: str, given: object, words: Words) -> str:
    """What a column of a lead holds; a dash where it holds nothing."""
    if given in (None, ""):
        return "–"
    if name in ("budget", "amount"):
        return words.money(float(str(given)))
    if name in ("next_on", "returns_on"):
        return words.day(date.fromisoformat(str(given)))
    said = {"temperature": temperature, "kind": kind, "stage": stage, "purchase": purchase}.get(name)
    return said(str(given), words) if said else str(given)


def happened(event: LeadEvent, words: Words) -> str:
    """What happened to a lead, in a line."""
    _, details = words.translations.gettext, event.details
    after = details.get("after", {})
    if event.kind == "moved":
        return _("Stage: {stage}").format(stage=stage(after["stage"], words))
    if event.kind == "call":
        return _("Call: {result}").format(result=result(details["result"], words))
    if event.kind in ("changed", "planned"):
        return "; ".join(f"{field(name, words)}: {value(name, one, words)}" for name, one in after.items())
    if event.kind in ("joined", "retracted"):
        count, number = words.translations.ngettext, len(details["signals"])
        said = {
            "joined": count("{number} more signal", "{number} more signals", number),
            "retracted": count(
                "{number} signal speaks for it no more", "{number} signals speak for it no more", number
            ),
        }[event.kind]
        return said.format(number=words.number(number))
    if event.kind == "assigned":
        return _("Given to {name}").format(name=details["to"]) if details.get("to") else _("Given back")
    if event.kind == "reminded":
        return _("{name} was reminded").format(name=details["to"])
    if event.kind == TOLD_OF_LOSS:
        return _("{name} was told of it").format(name=details["to"])
    if event.kind == "merged":
        return _("Same as lead #{number}").format(number=details["into"])
    if event.kind == "took in":
        return _("Lead #{number} is the same, and joined it").format(number=details["other"])
    if event.kind == "company":
        return _("The company's record is another now")
    if event.kind == ACTIVITY:
        return _("Told by another system: {name}").format(name=event.code)
    others = {"opened": _("Opened"), "note": _("Note"), "escalated": _("Its owner is late: the managers were told")}
    return others.get(event.kind, event.kind)


def point(what: str, words: Words) -> str:
    """What a line of a lead's ledger of points is about."""
    _ = words.translations.gettext
    if what in RESULTS:
        return _("Call: {result}").format(result=result(what, words))
    if what in STAGES:
        return _("Stage: {stage}").format(stage=stage(what, words))
    others = {
        "silence": _("nobody answered"),
        "decay": _("nothing happened since"),
        "joined": _("something new joined it"),
        "retracted": _("a signal speaks for it no more"),
        "note": _("Note"),
    }
    return others.get(what, what)


def told(event: LeadEvent, words: Words) -> str:
    """What was written with it, a note or a reason, and by which rule it was given to somebody."""
    details = event.details
    parts = [
        words.translations.gettext("Its owner was late") if details.get("late") else "",
        returned(details.get("returned", ""), words),
        str(details.get("text") or details.get("why") or ""),
        routed(details["routed"], words) if "routed" in details else "",
        _counted(details["points"], words) if "points" in details else "",
    ]
    return ". ".join(one for one in parts if one)


def _counted(points: Mapping[str, float], words: Words) -> str:
    """Why Vigie moved a lead itself: its points are too few, or enough."""
    _, said = words.translations.gettext, {name: words.points(number) for name, number in points.items()}
    if "minimum" in points:
        return _("Its points ({total}) are below {minimum}").format(**said)
    return _("Its points ({total}) reach {comes_back}").format(**said)


def routed(facts: Mapping[str, Any], words: Words) -> str:
    """Why a lead was given to somebody, of what `leads.routing.Routed` keeps of it."""
    _, count = words.translations.gettext, words.translations.ngettext
    number = words.number(facts["number"])
    by = _("Rule {number} ({name})") if facts["rule"] else _("Rule {number}")
    parts = [by.format(number=number, name=facts["rule"])]
    among = facts["among"]
    if among == 1:
        parts.append(_("the only one it is for"))
    else:
        open_ones = count("{open} open lead", "{open} open leads", facts["open"]).format(open=facts["open"])
        chosen = {
            "load": _("has the least to do of {among} ({open})"),
            "turn": _("whose turn it is of {among}"),
            "cost": _("sells through the channel that costs least of {among}"),
        }[facts["choose"]]
        parts.append(chosen.format(among=words.number(among), open=open_ones))
    if facts["instead_of"]:
        parts.append(_("stands in for {name}, who is away").format(name=facts["instead_of"]))
    return ", ".join(parts)
