"""The reason to call, in one sentence made of the evidence: what happened, when, and whom to ask for."""

from __future__ import annotations

from collections.abc import Sequence

from leads.whom import Person, whom
from leads.wording import Words
from signals.entries import standing
from store.tables import Signal


def _function(person: Person, words: Words) -> str:
    """A person's function as it was published, or what it is about where that is in another language."""
    document = person.said.document
    if document is None or person.field is None or document.language in (None, words.language):
        return person.function
    _ = words.translations.gettext
    return {
        "general": _("general management"),
        "people": _("human resources"),
        "finance": _("finance"),
        "operations": _("operations"),
        "technical": _("technology"),
        "it": _("information systems"),
        "sales": _("sales"),
        "export": _("export"),
        "marketing": _("marketing"),
        "purchasing": _("purchasing"),
        "legal": _("legal affairs"),
        "site": _("site management"),
    }[person.field]


def contact(signal: Signal, person: Person | None, words: Words) -> str:
    """Whom to ask for: the `person` whom such news concerns, else the function."""
    _ = words.translations.gettext
    if person is not None:
        function = _function(person, words)
        return f"{person.name} ({function})" if function else person.name
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


def reason_to_call(signal: Signal, known: Sequence[Person], words: Words, pitch: str = "") -> str:
    """One sentence for the rep; and what to propose, as their offer says it."""
    _ = words.translations.gettext
    event = words.label(signal.type) + words.status(standing([signal]))
    detail, person = words.details(signal), whom(signal, known, words.taxonomy)
    if detail and not (person and person.name in detail):  # who is asked for is named anyway
        event = f"{event}, {detail}"
    day = signal.published_at
    said = _("Why call: {event}, {when}; ask for {contact}.") if day else _("Why call: {event}; ask for {contact}.")
    sentence = said.format(event=event, when=words.age(day) if day else "", contact=contact(signal, person, words))
    return f"{sentence} {pitch}" if pitch else sentence
