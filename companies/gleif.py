"""Rows of the Global LEI Foundation's register: the concatenated file of level 1 (LEI-CDF 3.1) as CSV, or a short form.

Columns: https://www.gleif.org/en/lei-data/access-and-use-lei-data/level-1-data-lei-cdf-3-1-format
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from companies.folding import by_kind, name_key
from companies.identifiers import luhn
from companies.names import in_brackets
from companies.tables import place_of
from companies.values import day, department
from store.companies import CompanyRow, known_only

SOURCE = "gleif"
_LEI = re.compile(r"[A-Z0-9]{18}\d{2}")
_SIRENE = "RA000189"  # the registration authority's code of the French company register
_OTHERS = [f"Entity.OtherEntityNames.OtherEntityName.{count}" for count in range(1, 6)]
_SHORT = {
    "legal_name": "Entity.LegalName",
    "country": "Entity.LegalAddress.Country",
    "category": "Entity.EntityCategory",
}
_COLUMNS = (
    *("LEI", "Entity.LegalName", "Entity.LegalAddress.Country", "Entity.LegalAddress.City", "Entity.EntityCategory"),
    *("Entity.LegalAddress.PostalCode", "Entity.RegistrationAuthority.RegistrationAuthorityID", "Entity.EntityStatus"),
    *("Entity.RegistrationAuthority.RegistrationAuthorityEntityID", "Entity.EntityCreationDate"),
    *_OTHERS,
    *(f"{column}.type" for column in _OTHERS),
)
_KINDS = {"PREVIOUS_LEGAL_NAME": "former", "TRADING_OR_OPERATING_NAME": "trade"}


def is_lei(value: str) -> bool:
    """Whether a code is a LEI: twenty characters with two check digits (ISO 17442, ISO/IEC 7064 MOD 97-10)."""
    return bool(_LEI.fullmatch(value)) and int("".join(str(int(sign, 36)) for sign in value)) % 97 == 1


class Entities:
    """Reads rows with these columns; a row has one more value, empty, for columns left out."""

    def __init__(self, columns: Sequence[str], today: date) -> None:
        named = [_SHORT.get(name, name) for name in columns]
        self._today = today
        self._at = {name: place_of(named, name) for name in _COLUMNS}

    @staticmethod
    def fits(columns: Sequence[str]) -> bool:
        """Whether a table with these columns is of this register."""
        return "LEI" in columns and bool({"legal_name", "Entity.LegalName"} & set(columns))

    def row(self, values: Sequence[str]) -> CompanyRow | None:
        """A company, or None for what does not trade: funds, branches of others, persons, governments."""

        def cell(name: str) -> str:
            return " ".join(values[self._at[name]].split())

        code, name = cell("LEI"), cell("Entity.LegalName")
        if not is_lei(code):
            raise ValueError(f"LEI '{code[:30]}' is not twenty characters with two right check digits")
        if not name_key(name):
            raise ValueError("the legal name is empty")
        if cell("Entity.EntityCategory") not in ("", "GENERAL"):
            return None
        country = cell("Entity.LegalAddress.Country")
        others = ((cell(column), _KINDS.get(cell(f"{column}.type"), "alias")) for column in _OTHERS)
        names, kinds = by_kind([(name, "legal"), *others, *in_brackets(name)])
        number = cell("Entity.RegistrationAuthority.RegistrationAuthorityEntityID").replace(" ", "")
        is_french = cell("Entity.RegistrationAuthority.RegistrationAuthorityID") == _SIRENE
        known = is_french and number.isdigit() and len(number) == len("552100554") and luhn(number)
        facts = {
            "country": country or None,
            "city": cell("Entity.LegalAddress.City") or None,
            "department": department(cell("Entity.LegalAddress.PostalCode")) if country == "FR" else None,
            "created_on": day(cell("Entity.EntityCreationDate"), self._today),
            "closed": True if cell("Entity.EntityStatus") == "INACTIVE" else None,
        }
        return CompanyRow(name, names, number if known else None, code, known_only(facts), kinds)
