"""Names of the codes that registers use: activities (NAF rev. 2) and legal forms, both by INSEE."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "nomenclature"
_DIVISION = 2  # figures


@cache
def _table(name: str) -> dict[str, dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def activity(code: str, language: str) -> str:
    """What an activity is called: a whole code by its own name, or in English by that of its division; else empty.

    >>> activity("2841Z", "fr"), activity("28.41Z", "en")
    ('Fabrication de machines-outils pour le travail des métaux', 'Manufacture of machinery and equipment')
    """
    plain = code.replace(".", "").upper()
    return _table("naf.csv").get(plain, {}).get(language) or division(plain, language)


def division(code: str, language: str) -> str:
    """What the division of an activity, the first two figures of its code, is called; empty where it is none."""
    return _table("naf.csv").get(code.replace(".", "")[:_DIVISION], {}).get(language, "")


def legal_form(code: str) -> str:
    """What a legal form is called, in French, as the law has it; empty where it is no code of INSEE's."""
    return _table("legal_forms.csv").get(code, {}).get("fr", "")
