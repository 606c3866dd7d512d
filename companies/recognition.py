"""What the columns of a list of companies hold, told by their headings, French or English, and their cells. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

import yaml

from companies.folding import fold_text, name_key
from companies.identifiers import SIREN_DIGITS, siren_in, siret
from companies.values import between, day, domain, figure
from store.figures import YEARLY

HEAD_WITHIN = 40
"""Rows among which the headings are looked for."""
_SAMPLE = 300  # rows whose cells are looked at
_MOST = 0.7  # of the cells that are filled, for a column to be what they show
_FEW = 0.3
_REMEMBERED = 50_000  # cells: towns and activities come again and again

NOT_KEPT = ("contact", "email", "phone", "address", "activity")
"""What is recognised so that it is taken for nothing else; a register of companies does not hold it."""

_NAF = re.compile(r"\d{1,2}\.?\d{1,2} ?[A-Za-z]")
_POSTCODE = re.compile(r"(?:\d{5}|\d{4})")
_POSTAL_TOWN = re.compile(r"(?:F-)?\d{5}\s+[^\W\d].*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+|00|0)[\d\s.()-]{8,18}")
_LEI = re.compile(r"[A-Z0-9]{18}\d\d")
_LATEST = date(9000, 1, 1)
_DEPARTMENT = re.compile(r"(?:\d{1,2}|2[AB]|97\d|98\d)", re.IGNORECASE)


def _reads(read: Callable[[str], object]) -> Callable[[str], bool]:
    """Whether a cell can be read so, and holds something."""

    def can(text: str) -> bool:
        try:
            return read(text) is not None
        except ValueError:
            return False

    return can


def _siret(text: str) -> str | None:
    return siret(text) if len(re.sub(r"\D", "", text)) > SIREN_DIGITS else None


_is_siret, _is_siren = _reads(_siret), _reads(siren_in)  # the second also a SIRET or a VAT number
_is_figure = _reads(lambda text: between(text) or figure(text))


_FITS: dict[str, Callable[[str], bool]] = {
    "siret": _is_siret,
    "vat": lambda text: text[:2].upper() == "FR" and _is_siren(text),
    "siren": _is_siren,
    "lei": lambda text: bool(_LEI.fullmatch(text)),
    "naf": lambda text: bool(_NAF.fullmatch(text)),
    "email": lambda text: bool(_EMAIL.fullmatch(text)),
    "phone": lambda text: bool(_PHONE.fullmatch(text)),
    "postal_town": lambda text: bool(_POSTAL_TOWN.fullmatch(text)),
    "postcode": lambda text: bool(_POSTCODE.fullmatch(text)),
    "department": lambda text: bool(_DEPARTMENT.fullmatch(text)) or not any(map(str.isdigit, text)),
    "site": lambda text: "@" not in text and bool(domain(text.lower())),
    "headcount": _is_figure,
    "turnover": _is_figure,
    "profit": _is_figure,
    "share_capital": _is_figure,
    "created_on": _reads(lambda text: day(text, _LATEST)),
    "year": lambda text: text.isdigit() and len(text) == len("2026"),
    "name": lambda text: any(map(str.isalpha, text)) and not _EMAIL.fullmatch(text) and not _is_siret(text),
    "city": lambda text: any(map(str.isalpha, text)) and not _POSTAL_TOWN.fullmatch(text),
}
"""What the cells of a column must be like, by what it holds; of the others anything may stand in them."""
_PROVEN = ("siret", "vat", "siren", "lei", "email")
"""What cells prove by check digits, or by a sign that stands in nothing else."""
_PLAIN = ("nom", "name", "etablissement", "organisme")  # headings that also stand over other things
_UNITS = (
    (re.compile(r"\bk ?(?:€|eur)|\bmilliers\b|\bthousands?\b"), 1e3),
    (re.compile(r"\bm ?(?:€|eur)|\bmillions?\b"), 1e6),
)
_EXAMPLES = 3
_SHOWS = ("siret", "vat", "siren", "lei", "naf", "email", "phone", "postal_town", "site")
"""What cells show without a heading."""


@dataclass(frozen=True)
class Column:
    """A column of a list: its place and heading, what it holds (None: nothing that is known), and some of its cells.

    `is_sure` when heading and cells agree; `unit` is what its figures are multiplied by.
    """

    place: int
    heading: str
    holds: str | None
    is_sure: bool
    examples: tuple[str, ...]
    unit: float = 1.0


@dataclass(frozen=True)
class Recognised:
    """The columns of a list, and in which of the rows looked at its headings stand; -1 when it has none."""

    head: int
    columns: tuple[Column, ...]

    def corrected(self, holds: Mapping[int, str]) -> Recognised:
        """The same with what a person says that columns hold, by their places; empty: nothing that is kept."""
        told = (replace(one, holds=holds.get(one.place, one.holds) or None) for one in self.columns)
        return replace(self, columns=tuple(replace(one, is_sure=True) if one.place in holds else one for one in told))


@cache
def _meanings() -> dict[str, str]:
    """What a column holds, by its heading as names are compared."""
    text = files("companies").joinpath("headings.yaml").read_text("utf-8")
    return {heading: what for what, headings in yaml.safe_load(text).items() for heading in headings}


@lru_cache(maxsize=_REMEMBERED)
def fits(what: str, cell: str) -> bool:
    """Whether a cell can be what its column holds; an empty one can."""
    fit = _FITS.get(what)
    return fit is None or not cell.strip() or fit(cell.strip())


def column_letters(place: int) -> str:
    """A column as spreadsheets name it: A is the first, AA comes after Z."""
    letters, left = "", place + 1
    while left:
        left, digit = divmod(left - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def meant_by(heading: str) -> str | None:
    """What a column with this heading holds, by its heading alone."""
    return _meanings().get(name_key(heading))


def head_of(rows: Sequence[Sequence[str]]) -> int:
    """The row that holds the headings, of the first of a table: the one with the most that are known; -1 for none.

    What stands above it is a title: it fills half of its cells at most.
    """
    best, most, widest = -1, 0, 0
    for place, row in enumerate(rows[:HEAD_WITHIN]):
        filled = sum(map(bool, map(str.strip, row)))
        known = len({meant for cell in row if (meant := meant_by(cell))})
        if known > most and 2 * widest <= filled:
            best, most = place, known
        widest = max(widest, filled)
    return best


def _share(cells: Sequence[str], what: str) -> float:
    fit = _FITS.get(what)
    return 1.0 if fit is None or not cells else sum(map(fit, cells)) / len(cells)


def _shown_by(cells: Sequence[str]) -> str | None:
    return next((what for what in _SHOWS if cells and _share(cells, what) >= _MOST), None)


def _by_heading(heading: str) -> tuple[str | None, bool]:
    """What a heading says that a column holds, by all its words, or by its first ones alone, and which of the two."""
    key = name_key(heading)
    meanings = _meanings()
    if key in meanings:
        return meanings[key], True
    known = max((one for one in meanings if key.startswith(f"{one} ")), key=len, default="")
    return meanings.get(known), False


def unit_of(heading: str) -> float:
    """What the figures under a heading are multiplied by: thousands or millions, where it says so."""
    said = fold_text(heading)
    return next((unit for pattern, unit in _UNITS if pattern.search(said)), 1.0)


def _column(place: int, heading: str, cells: Sequence[str], own: Collection[str]) -> Column:
    """What one column holds, for itself. A heading that is one of the product's `own` names is always believed."""
    examples = tuple(dict.fromkeys(cells))[:_EXAMPLES]
    (said, is_whole), shown = _by_heading(heading), _shown_by(cells)
    if said == "siren" and shown == "siret":
        said = "siret"
    is_own = heading.casefold() in own
    share = _share(cells, said) if said else 0.0
    unit = unit_of(heading) if said in YEARLY else 1.0
    if is_own or (said and share >= _MOST and (is_whole or (said in _FITS and bool(cells)))):
        return Column(
            place, heading, heading.casefold() if is_own else said, is_sure=True, examples=examples, unit=unit
        )
    if shown:
        return Column(place, heading, shown, is_sure=shown in _PROVEN, examples=examples)
    holds = said if share >= _FEW else None
    return Column(place, heading, holds, is_sure=holds is None, examples=examples, unit=unit)


def _likeliest(columns: Sequence[Column], filled: Mapping[int, int]) -> Column:
    """Of columns that hold the same, the one that is taken: a sure one, of a telling heading, that is filled most."""
    return max(
        columns, key=lambda one: (one.is_sure, fold_text(one.heading) not in _PLAIN, filled[one.place], -one.place)
    )


def _once(columns: Sequence[Column], filled: Mapping[int, int]) -> list[Column]:
    """The columns, each thing that is kept held by one of them; a further `Nom` is that of a person."""
    kept = {
        what: _likeliest([one for one in columns if one.holds == what], filled)
        for what in {one.holds for one in columns if one.holds}
    }
    found = []
    for one in columns:
        if one.holds and one.holds not in NOT_KEPT and kept[one.holds] is not one:
            is_person = one.holds == "name" and fold_text(one.heading) in _PLAIN
            one = replace(one, holds="contact" if is_person else None)
        found.append(one)
    return found


def _named(columns: Sequence[Column], cells: Mapping[int, Sequence[str]]) -> list[Column]:
    """The columns, where none holds the name with the one that most likely does: unsure."""
    if any(one.holds == "name" for one in columns):
        return list(columns)
    if len(columns) == 1 and columns[0].holds is None:  # names and numbers, one a line
        return [replace(columns[0], holds="name")]
    texts = [one for one in columns if one.holds in (None, "sign") and _share(cells[one.place], "name") >= _MOST]
    texts = [one for one in texts if cells[one.place]]
    if not texts:
        return list(columns)
    best = max(texts, key=lambda one: (one.holds == "sign", len(set(cells[one.place])), -one.place))
    return [replace(one, holds="name", is_sure=False) if one is best else one for one in columns]


def recognise(rows: Sequence[Sequence[str]], own: Collection[str] = ()) -> Recognised:
    """What the columns of a list hold, by its first rows; `own` are names that always mean themselves.

    Where headings and cells disagree the cells count: a number proves itself by its check digits.
    """
    head = head_of(rows)
    width = max(map(len, rows), default=0)
    headings = [*(rows[head] if head >= 0 else ()), *[""] * width][:width]
    sample = rows[head + 1 : head + 1 + _SAMPLE]
    cells = {place: [row[place].strip() for row in sample if len(row) > place] for place in range(width)}
    cells = {place: [cell for cell in column if cell] for place, column in cells.items()}
    filled = {place: len(column) for place, column in cells.items()}
    columns = [_column(place, heading.strip(), cells[place], own) for place, heading in enumerate(headings)]
    return Recognised(head, tuple(_named(_once(columns, filled), cells)))
