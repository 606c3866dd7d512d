"""The reason to call, in one sentence made of the evidence: what happened, when, and whom to ask for."""

from __future__ import annotations

from collections.abc import Sequence

from leads.whom import Person, whom
from leads.wording import Words
from store.tables import Signal


def contact(signal: Signal, known: Sequence[Person], words: Words) -> str:
    """Whom to ask for: the person whom such news concerns, as far as one is known, else the function."""
    _ = words.translations.gettext
    person = whom(signal, known, words.taxonomy)
    if person is not None:
        return f"{person.name} ({person.function})" if person.function else person.name
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


def reason_to_call(signal: Signal, known: Sequence[Person], words: Words) -> str:
    """One sentence for the rep."""
    _ = words.translations.gettext
    status = signal.story.status if signal.story else signal.status
    event = words.taxonomy.label(signal.type, words.language) + words.status(status)
    day = signal.published_at
    said = _("Why call: {event}, {when}; ask for {contact}.") if day else _("Why call: {event}; ask for {contact}.")
    return said.format(event=event, when=words.age(day) if day else "", contact=contact(signal, known, words))
