from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from companies.criteria import Fact
from leads.wording import Words
from signals.localization import Language
from signals.types import default_taxonomy
from store.tables import LedgerLine

TODAY = date(2026, 3, 10)


def words(language: Language) -> Words:
    return Words(language, default_taxonomy(), TODAY)


def test_a_ledger_line_is_said_in_both_languages() -> None:
    facts = {"type": "funding", "status": "rumoured", "articles": 3, "day": "2026-03-07"}
    line = LedgerLine(part="timing", points=4.25, kind="signal", facts=facts)
    assert words("fr").reason(line) == "Levée de fonds (rumeur), il y a 3 jours (+2 autres mentions)"
    assert words("en").reason(line) == "Fund-raising (rumoured), 3 days ago (+2 other mentions)"
    assert words("fr").points(4.25) == "+4,2"
    assert words("en").points(-3) == "-3"
    assert words("fr").points(0.01) == "0"


def test_unknown_is_said_and_is_not_zero() -> None:
    line = LedgerLine(part="fit", points=0, kind="headcount", facts={"value": None})
    assert words("fr").reason(line) == "effectif\u00a0: inconnu"
    line = LedgerLine(part="fit", points=20, kind="headcount", facts={"value": 1200})
    assert words("fr").reason(line) == "1\u202f200 salariés"
    assert words("en").reason(line) == "1,200 employees"


@pytest.mark.parametrize(
    ("kind", "facts", "fr", "en"),
    [
        ("headcount", {"value": 74, "band": [50, 99]}, "50 à 99 salariés", "50 to 99 employees"),
        (
            "headcount",
            {"value": 10_000, "band": [10_000, None]},
            "10\u202f000 salariés ou plus",
            "10,000 employees or more",
        ),
        ("turnover", {"value": 12_500_500.0}, "chiffre d'affaires\u00a0: 12,5\u00a0M\u00a0€", "turnover: €12.5M"),
        ("age", {"value": 1}, "1 an d'existence", "1 year old"),
        ("secondary_sites", {"value": 3}, "3 établissements secondaires", "3 secondary sites"),
        (
            "naf",
            {"value": "2550A"},
            "activité (NAF)\u00a0: Forge, estampage, matriçage ; métallurgie des poudres (2550A)",
            "activity (NAF): Manufacture of fabricated metal products (2550A)",
        ),
        ("legal_form", {"value": "SA"}, "forme juridique\u00a0: SA", "legal form: SA"),
        ("department", {"value": "69"}, "département 69", "department 69"),
    ],
)
def test_every_kind_of_criterion_is_said(kind: str, facts: dict[str, object], fr: str, en: str) -> None:
    line = LedgerLine(part="fit", points=1, kind=kind, facts=facts)
    assert (words("fr").reason(line), words("en").reason(line)) == (fr, en)


def test_every_criterion_has_a_name() -> None:
    for criterion in get_args(Fact):
        assert words("en").criterion(criterion) != criterion or criterion.isalpha()
        assert words("fr").criterion(criterion) not in (criterion, words("en").criterion(criterion)), criterion
