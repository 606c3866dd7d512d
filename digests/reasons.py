"""The reason to call, in one sentence made of the evidence: what happened, when, and whom to ask for."""

from __future__ import annotations

from leads.wording import Words
from store.tables import Signal


def contact(signal: Signal, words: Words) -> str:
    """Whom to ask for: the person who was just named, else the role that such news concerns."""
    _ = words.translations.gettext
    people, roles = signal.slots.get("person", []), signal.slots.get("role", [])
    if signal.type == "appointment" and len(people) == 1:
        return f"{people[0]} ({roles[0]})" if len(roles) == 1 else str(people[0])
    family = words.taxonomy.family_of(signal.type).family
    return {
        "buzz": _("the marketing director"),
        "hr_moves": _("the human resources director"),
        "new_sites": _("the operations director"),
        "financial_publications": _("the finance director"),
        "growing": _("the general manager"),
        "financial_growth": _("the general manager"),
        "difficulty": _("the finance director"),
        "innovation": _("the technical director"),
        "international": _("the export director"),
    }.get(family, _("the general manager"))


def reason_to_call(signal: Signal, words: Words) -> str:
    """One sentence for the rep."""
    _ = words.translations.gettext
    status = signal.story.status if signal.story else signal.status
    event = words.taxonomy.label(signal.type, words.language) + words.status(status)
    day = signal.published_at
    said = _("Why call: {event}, {when}; ask for {contact}.") if day else _("Why call: {event}; ask for {contact}.")
    return said.format(event=event, when=words.age(day) if day else "", contact=contact(signal, words))
