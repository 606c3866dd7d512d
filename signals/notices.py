"""From an official notice to events: its fields say what happened, so nothing is guessed from prose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from companies.folding import fold_text
from nlp.places import resolve

VERSION = "bodacc-2"
CONFIDENCE = 0.99
"""A notice is an official statement; what is left is a slip in the bulletin or in its reading."""

_PROCEDURES = (
    ("liquidation judiciaire", r"\bliquidation\b|insuffisance d'actif"),
    ("redressement judiciaire", r"\bredressement\b|plan de continuation"),
    ("sauvegarde", r"\bsauvegarde\b"),
    ("plan de cession", r"plan de cession"),
    ("conciliation", r"\bconciliation\b"),
)
# What a modification or a registration changes, by the words of its text.
_CHANGES = (
    ("capital_operation", r"\bcapital\b"),
    ("relocation", r"\b(?:adresse|transfert|siege)\b"),
    ("rebranding", r"\b(?:denomination|nom commercial|sigle|enseigne)\b"),
    ("appointment", r"\b(?:administration|dirigeants?|gerant|president|directeur general|nomination)\b"),
    ("acquired", r"\b(?:fusion|absorption)\b"),
)


@dataclass(frozen=True)
class NoticeEvent:
    """An event of a notice: its type, the company by SIREN number and name as written, and its role."""

    type: str
    name: str
    siren: str
    role: str = "subject"
    slots: dict[str, Any] = field(default_factory=dict)


def _slots(notice: Mapping[str, Any]) -> dict[str, Any]:
    filled: dict[str, Any] = {}
    if city := notice.get("city"):
        known = resolve([city], f"{city} ({notice.get('department', '')})")
        filled["place"] = [known[0].as_slot() if known else {"text": city}]
    if court := notice.get("court"):
        filled["court"] = [court]
    if day := notice.get("date"):
        filled["date"] = [{"text": day, "first": day, "last": day}]
    return filled


def _insolvency(notice: Mapping[str, Any], subject: tuple[str, str]) -> list[NoticeEvent]:
    """Every judgment of a collective procedure; the procedure is the first that its nature or its text names."""
    words = fold_text(f"{notice.get('nature', '')} {notice.get('family', '')} {notice.get('text', '')}")
    named = [name for name, pattern in _PROCEDURES if re.search(pattern, words)]
    stage = {"procedure": named[:1]} if named else {}
    return [NoticeEvent("insolvency", *subject, slots=_slots(notice) | stage)]


def _changes(notice: Mapping[str, Any], subject: tuple[str, str]) -> list[NoticeEvent]:
    words = fold_text(notice.get("text", ""))
    return [
        NoticeEvent(kind, *subject, slots=_slots(notice)) for kind, pattern in _CHANGES if re.search(pattern, words)
    ]


def _sale(notice: Mapping[str, Any], subject: tuple[str, str]) -> list[NoticeEvent]:
    """A business sold: who runs it now has bought it from who ran it before."""
    former = [one for one in notice.get("former", ()) if one.get("name") or one.get("siren")]
    slots = _slots(notice)
    sellers = [{"name": one["name"], "role": "seller"} for one in former if one.get("name")]
    bought = NoticeEvent(
        "acquisition", *subject, role="acquirer", slots=slots | ({"counterpart": sellers} if sellers else {})
    )
    across = {"counterpart": [{"name": subject[0], "role": "acquirer"}]}
    sold = [
        NoticeEvent("divestment", one.get("name", ""), one.get("siren", ""), "seller", slots | across) for one in former
    ]
    return [bought, *sold]


def read_notice(notice: Mapping[str, Any]) -> list[NoticeEvent]:
    """The events of a notice of the BODACC.

    Kinds are the bulletin's own: `collective` and `conciliation` (judgments), `dpc` (accounts filed), `modification`,
    `vente`, `creation`, `immatriculation`. What strikes off a company or settles a private person's debts tells none.
    """
    kind = notice.get("kind")
    subject = (str(notice.get("name", "")), str(notice.get("siren", "")))
    if kind in ("collective", "conciliation"):
        return _insolvency(notice, subject)
    if kind == "dpc":
        return [NoticeEvent("accounts_filed", *subject, slots=_slots(notice))]
    if kind == "vente":
        return _sale(notice, subject)
    if kind in ("creation", "immatriculation"):
        moved = "transfert" in fold_text(notice.get("text", ""))
        return [NoticeEvent("relocation" if moved else "creation", *subject, slots=_slots(notice))]
    return _changes(notice, subject) if kind == "modification" else []
