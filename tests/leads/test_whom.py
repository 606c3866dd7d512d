"""Whom to ask for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from companies.folding import name_key
from leads.whom import people, whom
from signals.types import default_taxonomy
from store.tables import Contact, Signal

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def said(name: str, function: str, days: int, **values: Any) -> Contact:
    facts = {"document_id": 1, "phone": "", "email": "", "has_left": False, "said_at": NOW - timedelta(days=days)}
    return Contact(name=name, folded=name_key(name), function=function, **facts | values)


KNOWN = [
    said("Paul Roux", "PDG", 1),
    said("Inès Chabrol", "directrice des ressources humaines", 2),
    said("Karim Haddad", "directeur du site", 30),
    said("Anne Vidal", "directrice financière", 40),
]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("opening", "Karim Haddad"),
        ("hiring", "Inès Chabrol"),
        ("funding", "Anne Vidal"),
        ("foreign_expansion", "Paul Roux"),
        ("campaign", "Paul Roux"),
        ("no_such_type", "Paul Roux"),
    ],
)
def test_the_function_that_an_event_concerns_is_asked_for(kind: str, expected: str) -> None:
    found = whom(Signal(type=kind, slots={}), people(KNOWN), default_taxonomy())
    assert found
    assert found.name == expected


def test_who_was_just_appointed_is_asked_for() -> None:
    signal = Signal(type="appointment", slots={"person": ["Anne Vidal"]})
    found = whom(signal, people(KNOWN), default_taxonomy())
    assert found
    assert found.name == "Anne Vidal"


def test_who_has_left_is_known_so_and_not_asked_for() -> None:
    left = said("Anne Vidal", "", 0, has_left=True)
    found = people([left, *KNOWN])
    assert (found[0].name, found[0].function, found[0].has_left) == ("Anne Vidal", "directrice financière", True)
    asked = whom(Signal(type="funding", slots={}), found, default_taxonomy())
    assert asked
    assert asked.name == "Paul Roux"
    assert whom(Signal(type="funding", slots={}), people([left]), default_taxonomy()) is None


def test_what_a_user_typed_of_somebody_stands_with_what_articles_say() -> None:
    typed = said("ANNE VIDAL", "DAF", 90, document_id=None, phone="01 02 03 04 05")
    other = said("Luc Petit", "directeur financier", 0)
    found = people([other, *KNOWN, typed])
    assert [one.phone for one in found if one.name == "Anne Vidal"] == ["01 02 03 04 05"]
    asked = whom(Signal(type="funding", slots={}), found, default_taxonomy())
    assert asked
    assert asked.name == "Anne Vidal"
