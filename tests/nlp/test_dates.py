"""What the dates of a sentence mean on the day it was published."""

from __future__ import annotations

from datetime import date

import pytest

from nlp.dates import moments

DAY = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Le site ouvrira le 3 mars 2027.", "2027-03-03", "2027-03-03"),
        ("Le site ouvrira le 1er décembre.", "2026-12-01", "2026-12-01"),
        ("Jugement du 04/02/2026.", "2026-02-04", "2026-02-04"),
        ("L'usine a fermé mardi dernier.", "2026-11-24", "2026-11-24"),
        ("Le groupe a annoncé mercredi une perte.", "2026-11-25", "2026-11-25"),
        ("Le groupe a annoncé jeudi une perte.", "2026-11-19", "2026-11-19"),
        ("Elle prendra ses fonctions lundi prochain.", "2026-11-30", "2026-11-30"),
        ("Mille emplois d'ici 2027.", "2027-01-01", "2027-12-31"),
        ("Mille emplois d'ici deux ans.", "2028-01-01", "2028-12-31"),
        ("Ouverture en janvier.", "2027-01-01", "2027-01-31"),
        ("Ouverture d'ici à janvier.", "2027-01-01", "2027-01-31"),
        ("Une enquête publique jusqu'au mardi 12 janvier.", "2027-01-12", "2027-01-12"),
        ("Mille emplois d'ici à deux ans.", "2028-01-01", "2028-12-31"),
        ("Sa première usine ouvrira d'ici deux ans.", "2028-01-01", "2028-12-31"),
        ("4 000 embauches cette année", "2026-01-01", "2026-12-31"),
        ("Une perte ce trimestre", "2026-10-01", "2026-12-31"),
        ("Le bénéfice de 2015-2016 recule", "2015-01-01", "2016-12-31"),
        ("Une nouvelle pile pour 2028", "2028-01-01", "2028-12-31"),
        ("She starts on Monday, January 11", "2027-01-11", "2027-01-11"),
        ("He will lead it from December.", "2026-12-01", "2026-12-31"),
        ("Sales have fallen since mid-2008.", "2008-01-01", "2008-12-31"),
        ("Les ventes du troisième trimestre 2026 reculent.", "2026-07-01", "2026-09-30"),
        ("Les ventes du premier semestre reculent.", "2026-01-01", "2026-06-30"),
        ("Il l'avait fondée il y a dix ans.", "2016-01-01", "2016-12-31"),
        ("Rachetée l'an dernier.", "2025-01-01", "2025-12-31"),
        ("Annoncé hier soir.", "2026-11-24", "2026-11-24"),
        ("The plant closed last Tuesday.", "2026-11-24", "2026-11-24"),
        ("It will open on March 12, 2027.", "2027-03-12", "2027-03-12"),
        ("It opened in June 2019.", "2019-06-01", "2019-06-30"),
        ("Sales fell in the second quarter of 2026.", "2026-04-01", "2026-06-30"),
        ("It will be built within three years.", "2029-01-01", "2029-12-31"),
        ("It plans to move next month.", "2026-12-01", "2026-12-31"),
    ],
)
def test_a_moment_is_resolved(text: str, first: str, last: str) -> None:
    assert [(m.first.isoformat(), m.last.isoformat()) for m in moments(text, DAY)] == [(first, last)]


@pytest.mark.parametrize(
    "text",
    [
        "Elle emploie 2027 personnes.",
        "Le 31 février 2026 n'existe pas.",
        "Il y a du monde.",
        "Its first loss in 20 years.",
        "Le site H2-mobile.",
        "Le lot 2026-11 est rappelé.",
        "Marie Mars dirige le site.",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert not moments(text, DAY)


def test_without_a_day_of_publication_only_what_says_its_year_is_known() -> None:
    found = moments("Fondée en 1998, fermée mardi, en mars, le 3 mai 2024.", None)
    assert [moment.first.year for moment in found] == [1998, 2024]


def test_offsets_are_those_of_the_text() -> None:
    text = "Fermée l’été passé, rouverte le 12 août 2026 à Sète."
    assert [text[m.start : m.end] for m in moments(text, DAY)] == ["12 août 2026"]
