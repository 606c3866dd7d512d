"""Numbers by which companies are known: SIREN, SIRET and French VAT numbers, in the forms that people write. Pure.

SIREN and SIRET: articles R123-220 and R123-221 of the French code of commerce; VAT numbers: article 286 ter of the
general tax code, with the key of Council Directive 2006/112/EC as the tax authority computes it.
"""

from __future__ import annotations

import re

from companies.values import EMPTY

_LA_POSTE = "356000000"
SIREN_DIGITS, _SIRET = 9, 14
_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")
_BETWEEN = re.compile(r"[\s.\-\u2010-\u2015/_]+")
_DECIMALS = re.compile(r"^(\d{7,14})[.,]0+$")
_LABEL = re.compile(
    r"^\W*(?:n°|no|numéro|numero)?\s*(?:de\s+)?(?:siren|siret|rcs(?:\s+[^\W\d_][\w'’-]*)*|tva(?:\s+intra\w*)?|vat)\b"
    r"\s*(?:n°|no)?\s*[:=]?\s*(?=[\dF])",
    re.IGNORECASE,
)
_VAT = re.compile(r"FR([0-9A-HJ-NP-Z]{2})(\d{9})", re.IGNORECASE)
_FEWEST = 7  # digits of a SIREN number whose zeros a spreadsheet took; a name may have as many as are left


def luhn(digits: str) -> bool:
    """Whether a number satisfies the Luhn check that SIREN and SIRET numbers carry (ISO/IEC 7812-1)."""
    raw = digits.encode()
    return (sum(raw[-1::-2]) + sum(raw[-2::-2].translate(_DOUBLED)) - 48 * len(raw)) % 10 == 0


def _is_siret(digits: str) -> bool:
    """Those of La Poste need a digit sum that is a multiple of five (INSEE)."""
    return luhn(digits) or (digits.startswith(_LA_POSTE) and sum(map(int, digits)) % 5 == 0)


def _plain(text: str) -> str:
    """A number without what stands between its digits, nor the decimals that a spreadsheet gave it."""
    if text.isdigit():
        return text
    return _BETWEEN.sub("", _DECIMALS.sub(r"\1", text.strip()))


def _number(value: str, name: str, length: int) -> str:
    digits = _plain(value)
    if not digits.isascii() or not digits.isdigit() or len(digits) > length:
        raise ValueError(f"{name} '{value[:30]}' is not a number of {length} digits")
    return digits.zfill(length)


def siret(value: str) -> str:
    """A SIRET number of fourteen digits; zeros that a spreadsheet took are put back. Raises `ValueError`."""
    digits = _number(value, "siret", _SIRET)
    if not _is_siret(digits):
        raise ValueError(f"siret '{value.strip()}' has a wrong check digit")
    return digits


def siren(value: str) -> str | None:
    """The SIREN number in a cell that holds it, a SIRET or a VAT number. None when it is empty. Raises `ValueError`."""
    if value.strip().lower() in EMPTY:
        return None
    known = siren_in(value)
    if known is not None:
        return known
    digits = _number(value, "siren", SIREN_DIGITS)
    if not luhn(digits):
        raise ValueError(f"siren '{value.strip()}' has a wrong check digit")
    return digits


def siren_in(text: str) -> str | None:
    """The SIREN number of what a person typed, when that is a SIREN, SIRET or French VAT number; None for a name.

    Blanks and marks between the digits, zeros left out in front, and a word that says what it is do not count. Raises
    `ValueError` when it has the length of one and its check digit is wrong.
    """
    plain = _plain(_LABEL.sub("", text.strip()))
    if found := _VAT.fullmatch(plain):
        return _of_vat(found[1], found[2])
    if not (plain.isascii() and plain.isdigit()) or len(plain) > _SIRET:
        return None
    if len(plain) == _SIRET:
        return siret(plain)[:SIREN_DIGITS]
    if len(plain) == SIREN_DIGITS and not luhn(plain):
        raise ValueError(f"siren '{plain}' has a wrong check digit")
    if _FEWEST <= len(plain) <= SIREN_DIGITS:
        number = plain.zfill(SIREN_DIGITS)
        return number if luhn(number) else None
    number = plain.zfill(_SIRET)
    return (
        number[:SIREN_DIGITS]
        if len(plain) > SIREN_DIGITS and _is_siret(number) and luhn(number[:SIREN_DIGITS])
        else None
    )


def _of_vat(key: str, number: str) -> str:
    """The SIREN number of a VAT number, whose key of two digits is checked; one with letters has no known rule."""
    if not luhn(number):
        raise ValueError(f"VAT number 'FR{key}{number}': the SIREN number {number} in it has a wrong check digit")
    if key.isdigit() and int(key) != (12 + 3 * (int(number) % 97)) % 97:
        raise ValueError(f"VAT number 'FR{key}{number}' has a wrong key")
    return number
