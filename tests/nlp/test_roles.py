"""Who an event happens to, and who is only named."""

from __future__ import annotations

import pytest

from companies.linker import Mention
from nlp.events import Event
from nlp.roles import parties
from signals.rules import default_rules

NAMES = ("Velmora", "Texim", "Kerbel", "Moody's")


def told(text: str, kind: str) -> set[tuple[str, str, str]]:
    """Name, role and type of each side of an event of a type."""
    language = "en" if any(word in text for word in (" the ", " at ", " for ", " from ", " to ")) else "fr"
    events = [event for event in default_rules().extract(text, language) if event.type == kind]
    assert events, f"no {kind} in {text!r}"
    return {(p.mention.text, p.role, p.event.type) for p in parties(events[0], mentions(text))}


def mentions(text: str) -> list[Mention]:
    found = [(text.find(name), name, number) for number, name in enumerate(NAMES) if name in text]
    return [Mention(start, start + len(name), name, (number,)) for start, name, number in sorted(found)]


@pytest.mark.parametrize(
    "text",
    [
        "Velmora rachète Texim",
        "Texim est racheté par Velmora",
        "Texim, racheté par le groupe espagnol Velmora, garde son nom",
        "Le rachat de Texim par Velmora est bouclé",
        "Velmora annonce le rachat de son rival Texim",
        "Velmora a acquis Texim, affirme Kerbel",
        "Selon Kerbel, Velmora rachète Texim",
        "Velmora, client de Kerbel, rachète Texim",
        "Velmora has acquired Texim from the family, advised by Kerbel",
    ],
)
def test_who_buys_and_who_is_bought(text: str) -> None:
    assert told(text, "acquisition") == {("Velmora", "acquirer", "acquisition"), ("Texim", "target", "acquired")}


def test_a_sale_has_three_sides() -> None:
    assert told("Velmora cède sa filiale Texim à Kerbel", "divestment") == {
        ("Velmora", "seller", "divestment"),
        ("Texim", "target", "acquired"),
        ("Kerbel", "acquirer", "acquisition"),
    }


@pytest.mark.parametrize(
    ("text", "kind", "sides"),
    [
        ("Velmora lève 12 millions d'euros auprès de Kerbel", "funding", {"subject": "Velmora", "investor": "Kerbel"}),
        ("Kerbel entre au capital de Velmora", "funding", {"subject": "Velmora", "investor": "Kerbel"}),
        ("Velmora remporte un contrat auprès de Texim", "contract_won", {"subject": "Velmora", "customer": "Texim"}),
        ("Texim choisit Velmora pour un contrat", "contract_won", {"supplier": "Velmora", "customer": "Texim"}),
        ("L'ancien patron de Texim nommé directeur général de Velmora", "appointment", {"subject": "Velmora"}),
        ("Claire Vidal, ex-directrice de Texim, nommée présidente de Velmora", "appointment", {"subject": "Velmora"}),
        ("Texim attaque Velmora en justice pour contrefaçon", "litigation", {"subject": "Velmora"}),
        ("Selon Texim, Velmora va supprimer 120 postes", "layoffs", {"subject": "Velmora"}),
        ("Velmora, fournisseur de Texim, supprime 120 postes", "layoffs", {"subject": "Velmora"}),
        ("La filiale allemande de Velmora supprime 120 postes", "layoffs", {"subject": "Velmora"}),
        ("Moody's dégrade la note de Velmora", "rating", {"subject": "Velmora"}),
        ("Reprise de six magasins : Texim passe chez Velmora", "site_takeover", {"subject": "Velmora"}),
    ],
)  # fmt: skip
def test_the_sides_of_other_events(text: str, kind: str, sides: dict[str, str]) -> None:
    assert {role: name for name, role, _ in told(text, kind)} == sides


def test_both_partners_carry_the_partnership() -> None:
    assert told("Velmora et Texim signent un partenariat", "partnership") == {
        ("Velmora", "partner", "partnership"),
        ("Texim", "partner", "partnership"),
    }


def test_a_company_named_only_as_a_source_is_no_subject() -> None:
    text = "Selon Texim, une PME de Dole supprime 120 postes"
    events: list[Event] = [event for event in default_rules().extract(text, "fr") if event.type == "layoffs"]
    assert [parties(event, mentions(text)) for event in events] == [[]]
