"""Whom to ask for at a company: its people as they were named last, and who of them an event concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from nlp.functions import Field, field_of
from signals.types import Taxonomy
from store import contacts
from store.tables import Contact, Signal

_OF_FAMILY: dict[str, tuple[Field, ...]] = {
    "buzz": ("marketing", "general"),
    "hr_moves": ("people", "general"),
    "new_sites": ("site", "operations", "technical", "general"),
    "financial_publications": ("finance", "general"),
    "growing": ("general", "sales", "finance"),
    "financial_growth": ("general", "finance"),
    "difficulty": ("finance", "general", "legal"),
    "innovation": ("technical", "it", "operations", "general"),
    "international": ("export", "sales", "general"),
}
_OF_TYPE: dict[str, tuple[Field, ...]] = {
    "funding": ("finance", "general"),
    "capital_operation": ("finance", "general"),
    "contract_won": ("sales", "operations", "general"),
    "investment": ("operations", "site", "technical", "finance", "general"),
    "partnership": ("sales", "technical", "general"),
    "incident": ("operations", "it", "general"),
    "digital": ("it", "technical", "general"),
    "labour_relations": ("people", "general"),
    "layoffs": ("people", "general"),
    "recall": ("operations", "technical", "marketing", "general"),
}
"""Who decides what an event is a reason to sell, the likeliest first, where the family's order is not right."""


@dataclass(frozen=True)
class Person:
    """Somebody at a company: the function that was said last, by `said`; how to reach them, as a user typed it.

    `typed` is what a user wrote of them; None where only documents name them.
    """

    name: str
    function: str
    field: Field | None
    said: Contact
    has_left: bool
    phone: str = ""
    email: str = ""
    typed: Contact | None = None

    @property
    def said_at(self) -> datetime | None:
        """When their function was said last."""
        return self.said.said_at


def people(said: Iterable[Contact]) -> list[Person]:
    """The people of a company, of what is said of them (newest first): each once, those who were named last first."""
    of_person: dict[str, list[Contact]] = {}
    for one in said:
        of_person.setdefault(one.folded, []).append(one)
    found = []
    for statements in of_person.values():
        newest = statements[0]
        function = next((one.function for one in statements if one.function), "")
        typed = next((one for one in statements if one.document_id is None), None)
        found.append(
            Person(
                name=newest.name,
                function=function,
                field=field_of(function) if function else None,
                said=newest,
                has_left=newest.has_left,
                phone=typed.phone if typed else "",
                email=typed.email if typed else "",
                typed=typed,
            )
        )
    return found


def people_of(session: Session, company_ids: Iterable[int]) -> dict[int, list[Person]]:
    """The people of each company, as `people` gives them."""
    return {number: people(said) for number, said in contacts.of_companies(session, company_ids).items()}


def whom(signal: Signal, known: Sequence[Person], taxonomy: Taxonomy) -> Person | None:
    """Who of a company's people an event concerns most: whom it names, else who has the likeliest function for it.

    Of several, whom a user typed, then who was named last. None where nobody fits, or all have left.
    """
    there = [one for one in known if not one.has_left]
    if signal.type == "appointment":
        named = [one for one in there if one.name in signal.slots.get("person", [])]
        if named:
            return named[0]
    family = taxonomy.family_of(signal.type).family if signal.type in taxonomy.types else ""
    for field in _OF_TYPE.get(signal.type) or _OF_FAMILY.get(family, ("general",)):
        fitting = [one for one in there if one.field == field]
        if fitting:
            return next((one for one in fitting if one.typed), fitting[0])
    return None
