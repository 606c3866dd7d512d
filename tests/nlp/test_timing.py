"""When an event took place, and whether it is only told again."""

from __future__ import annotations

from datetime import date

import pytest

from nlp.extract import Passage
from signals.rules import default_extractor

DAY = date(2026, 11, 25)


def told(text: str, published: date | None = DAY, language: str = "fr") -> list[tuple[str, date | None]]:
    (events,) = default_extractor().extract_all([Passage(text, language, published)])
    return [(event.type, event.moment.first if event.moment else None) for event in events]


@pytest.mark.parametrize(
    ("text", "kind", "day"),
    [
        ("Le 12 novembre, Velmora a racheté Texim.", "acquisition", date(2026, 11, 12)),
        ("Velmora a inauguré lundi dernier sa nouvelle usine de Dole.", "opening", date(2026, 11, 23)),
        ("Velmora ouvrira un magasin à Dole en mars 2027.", "opening", date(2027, 3, 1)),
        ("Velmora, fondé en 1998, rachète Texim.", "acquisition", None),
        ("Velmora supprime 120 postes, dix ans après son arrivée à Dole.", "layoffs", None),
    ],
)
def test_an_event_has_its_own_date(text: str, kind: str, day: date | None) -> None:
    assert (kind, day) in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "En 2015, Velmora a racheté la société Texim pour 40 millions d'euros.",
        "Velmora a ouvert son usine de Dole en mars 2019.",
        "Le groupe avait racheté Texim pour 40 millions d'euros.",
        "Le 3 juin dernier, l'usine avait été détruite par un incendie.",
        "Velmora a levé 12 millions d'euros il y a trois ans.",
    ],
)
def test_an_old_event_told_again_is_no_news(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Depuis 2019, Velmora n'avait pas recruté : 80 postes sont ouverts, annonce l'entreprise.", "hiring"),
        ("Velmora rachète Texim, qui avait levé 3 millions d'euros en 2019.", "acquisition"),
        ("Le chiffre d'affaires de Velmora progresse de 12 % par rapport à 2019.", "revenue_up"),
    ],
)
def test_news_that_names_an_old_date_stays_news(text: str, kind: str) -> None:
    assert kind in {event for event, _ in told(text)}


def test_without_a_day_of_publication_the_latest_year_of_the_text_stands_for_it() -> None:
    text = (
        "En 2015, Velmora a racheté Texim pour 40 millions d'euros. En octobre 2026, Velmora a ouvert une usine à Dole."
    )
    assert {kind for kind, _ in told(text, published=None)} == {"opening"}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Castelor ouvre une usine à Metz le 3 mars 2027", "planned"),
        ("Castelor a ouvert une usine à Metz le 3 novembre 2026", "done"),
        ("Deux magasins Castelor ouvrent en décembre", "planned"),
        ("Castelor demande l'autorisation de construire un entrepôt à Metz", "planned"),
        ("Trois candidats au rachat de l'usine Castelor de Metz", "planned"),
    ],
)
def test_what_lies_ahead_is_planned(text: str, status: str) -> None:
    (events,) = default_extractor().extract_all([Passage(text, "fr", DAY)])
    assert {event.status for event in events} == {status}
