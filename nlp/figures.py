"""Figures that a sentence names: amounts of money, percentages with their direction, numbers of people."""

from __future__ import annotations

import re
from math import inf
from typing import Any

from companies.folding import fold_text
from nlp.numerals import SCALES, in_figures

_NUMBER = r"(?P<{0}>\d{{1,3}}(?:[ \u00a0\u202f.,]\d{{3}})+(?![\d])|\d+(?:[.,]\d+)?)"
_SCALE = r"(?P<{0}>milliards?|millions?|mille|billion|bn|mds?|m|k|b)?"
_UNITS = {"€": "EUR", "euro": "EUR", "euros": "EUR", "eur": "EUR", "$": "USD", "usd": "USD", "dollar": "USD"}
_UNITS |= {"dollars": "USD", "£": "GBP", "gbp": "GBP", "livres": "GBP", "pounds": "GBP", "us$": "USD", "chf": "CHF"}
_UNITS |= {"pound(s)": "GBP"}
_CURRENCY = r"(?P<{0}>€|us\$|\$|£|euros?|eur|usd|dollars?|gbp|livres|pound\(s\)|pounds|chf)"
_AFTER = re.compile(
    # "d'euros", "d euros", and "deuros" where the apostrophe was dropped
    rf"(?<![\w.,]){_NUMBER.format('n')}\s*{_SCALE.format('s')}\s*(?:d\W?)?\s*{_CURRENCY.format('c')}(?!\w)"
)
_BEFORE = re.compile(rf"(?<!\w){_CURRENCY.format('c')}\s*{_NUMBER.format('n')}\s*{_SCALE.format('s')}(?!\w)")
_FACTORS = SCALES | {"bn": 10**9, "md": 10**9, "b": 10**9, "m": 10**6, "mille": 10**3, "k": 10**3}
_PERCENT = re.compile(r"(?<![\w.,])([+-]?\d+(?:[.,]\d+)?)\s*(?:%|pour ?cent\b|per ?cent\b)")
_PEOPLE = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+|\d+)\s+(?:[a-z-]+\s+){0,2}?(?:postes?|emplois?|salaries?|"
    r"personnes|collaborateurs|recrutements|embauches|ingenieurs|techniciens|"
    r"jobs|employees|people|workers|staff|positions|roles)\b"
)
_UP = (
    r"hauss\w*|augment\w*|progress\w*|croi(?:t|ssent|ssance)|bondi\w*|grimp\w*|gonfl\w*|gagn\w*|relev\w*|accru\w*|"
    r"accelere\w*|s'envol\w*|envolee|double\w*|plus|superieur\w*|rise[sn]?|rising|rose|grow[ns]?|growing|growth|grew|"
    r"increase[sd]?|increasing|jump(?:s|ed)?|climb(?:s|ed)?|gain(?:s|ed)?|up|higher|more|advance[sd]?|surge[sd]?|"
    r"soar(?:s|ed)?|edged up|above|ahead|raise[sd]?"
)
_DOWN = (
    r"baiss\w*|recul\w*|chut\w*|diminu\w*|rechut\w*|repli\w*|fond|fondu|perd\w*|tomb\w*|ced(?:e|ent|ait|aient|e)|"
    r"plong\w*|degringol\w*|effondr\w*|contract\w*|decroi\w*|degrad\w*|moins|inferieur\w*|rabot\w*|allege\w*|"
    r"fall(?:s|en|ing)?|fell|drop(?:s|ped)?|decline[sd]?|declining|decrease[sd]?|down|lower|less|lost|loses?|shrank|"
    r"shrinks?|slip(?:s|ped)?|slid(?:es)?|sunk|sank|sinks?|plunge[sd]?|tumble[sd]?|cuts?|reduce[sd]?|below|hit"
)
_WAY = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b")
_AFTERWARDS = re.compile(rf"\s*(?:d'|de |of |en |in )?(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b")
_CLAUSE = re.compile(r"[;:()\n]|\b(?:tandis que|alors que|while|whereas|although)\b")
_SHARE = re.compile(r"\s*(?:stake|share|minority|majority|interest|du capital|des parts|d'interet)\b")
_LARGEST = 1e15  # of an amount or a percentage: more than all the money there is
_MOST_DIGITS, _PEOPLE_DIGITS = 30, 10
_REACH = 60  # characters between a word of direction and its figure


def _value(text: str) -> float:
    """A number as it is written; infinite where it has too many digits to be one."""
    digits = re.sub(r"[ \u00a0\u202f]", "", text)
    if len(digits) > _MOST_DIGITS:
        return inf
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits):
        return float(re.sub(r"[.,]", "", digits))
    return float(digits.replace(",", "."))


def amounts(text: str, language: str) -> list[dict[str, Any]]:
    """Amounts of money, `{"value": 12000000.0, "currency": "EUR"}`, in the order of the text.

    Currencies are ISO 4217 codes; a dollar without more is taken for the American one. Amounts in words are found
    where there are none in figures.
    """
    return _amounts(text) or _amounts(in_figures(text, language))


def _amounts(text: str) -> list[dict[str, Any]]:
    folded = fold_text(text)
    found: dict[int, dict[str, Any]] = {}
    for pattern in (_BEFORE, _AFTER):
        for match in pattern.finditer(folded):
            scale = (match["s"] or "").rstrip("s")
            value = _value(match["n"]) * _FACTORS.get(scale, 1)
            if value > _LARGEST:
                continue
            found.setdefault(match.start("n"), {"value": round(value, 2), "currency": _UNITS[match["c"]]})
    return [found[start] for start in sorted(found)]


def _direction(folded: str, match: re.Match[str]) -> str:
    """Which way a percentage goes: by its sign, the word right after it, or the last one before it in its clause."""
    if match[1][0] in "+-":
        return "up" if match[1][0] == "+" else "down"
    if _SHARE.match(folded, match.end()):
        return ""
    way = _AFTERWARDS.match(folded, match.end())
    if way is None:
        before = folded[max(0, match.start() - _REACH) : match.start()]
        clause = _CLAUSE.split(before)[-1]
        way = next(reversed(list(_WAY.finditer(clause))), None)
    return "" if way is None else "up" if way["up"] else "down"


def percentages(text: str) -> list[dict[str, Any]]:
    """Percentages, `{"value": 22.5, "direction": "down"}`; without direction where the text gives none."""
    folded = fold_text(text)
    found = []
    for match in _PERCENT.finditer(folded):
        value = _value(match[1].lstrip("+-"))
        if value > _LARGEST:
            continue
        one: dict[str, Any] = {"value": value}
        if way := _direction(folded, match):
            one["direction"] = way
        found.append(one)
    return found


def headcounts(text: str, language: str) -> list[int]:
    """Numbers of posts or people; those in words where there are none in figures."""
    return _headcounts(text) or _headcounts(in_figures(text, language))


def _headcounts(text: str) -> list[int]:
    found = (re.sub(r"\D", "", match[1]) for match in _PEOPLE.finditer(fold_text(text)))
    return [int(digits) for digits in found if len(digits) <= _PEOPLE_DIGITS]
